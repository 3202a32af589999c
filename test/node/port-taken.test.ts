import { describe, expect, it } from 'vitest'
import { Command } from './real/command.ts'
import { programs, serving, folder } from './real/app.ts'
import { freePort } from './real/ports.ts'
import { until } from './real/processes.ts'
import { textOf } from './real/client.ts'
import { onTestFinished } from 'vitest'

const IN_USE = {
  uvicorn: { text: 'ERROR:    [Errno 98] Address already in use\n', code: 3 },
  gunicorn: { text: "[ERROR] Can't connect to ('127.0.0.1', {port})\n", code: 1 },
  fastapi: { text: '[Errno 98] Address already in use\n', code: 3 },
} as const

describe('a taken port', () => {
  it.each(Object.entries(programs(2)))('%s: by one of our own', async (program, line) => {
    const { port, cwd } = await serving(programs(2).uvicorn)
    const second = new Command(line.replace('{port}', String(port)).split(' '), { cwd })
    onTestFinished(() => second.stop())
    const { text, code } = IN_USE[program as keyof typeof IN_USE]
    expect(await second.end()).toEqual({ kind: 'code', code })
    expect(second.plain).toContain(text.replace('{port}', String(port)))
    expect(await textOf(port, '/')).toBe('hello\n')
  })

  it.each(['uvicorn', 'gunicorn'] as const)(
    '%s: of two that start at once, one serves and one says so',
    async (program) => {
      const line = programs(2)[program].replace('{port}', String(await freePort()))
      const cwd = folder()
      const both = [0, 1].map(() => new Command(line.split(' '), { cwd }))
      for (const command of both) onTestFinished(() => command.stop())
      await until(() => both.some(({ ended }) => ended !== undefined), 30, 'one of them gave up')
      const [winner, loser] = both[0]?.ended === undefined ? both : both.toReversed()
      const { text, code } = IN_USE[program]
      expect(loser?.ended).toEqual({ kind: 'code', code })
      expect(loser?.plain).toContain(text.slice(0, 20))
      await winner?.printed('Application startup complete.', 2)
    },
  )
})
