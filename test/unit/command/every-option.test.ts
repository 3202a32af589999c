import { describe, expect, it } from 'vitest'
import { OPTIONS as UVICORN } from '../../../simulator/command/uvicorn/options.ts'
import { COMMANDS, GROUP_OPTIONS } from '../../../simulator/command/fastapi/options.ts'
import { OPTIONS as GUNICORN } from '../../../simulator/command/gunicorn/options.ts'
import en from '../../../simulator/host/node/output/words/en.json' with { type: 'json' }

describe('no option is ignored where processes are real', () => {
  it.each(
    Object.entries({
      uvicorn: UVICORN,
      gunicorn: GUNICORN,
      fastapi: [...GROUP_OPTIONS, ...COMMANDS.flatMap(({ options }) => options)],
    }),
  )('%s: each has its effect, or is refused with a reason and what to do instead', (_, options) => {
    expect(options.length).toBeGreaterThan(5)
    const undecided = options.filter(
      ({ fills, does, refused }) => fills === undefined && does === undefined && refused === undefined,
    )
    expect(undecided.map(({ names }) => names[0])).toEqual([])
  })

  it.each(Object.entries(en.refused))('%s: names the option, and says what to do', (_, sentence) => {
    expect(sentence).toContain('{option}')
    expect(sentence).toMatch(/Leave|Put|Let|start the command|use `|collect it/)
  })
})
