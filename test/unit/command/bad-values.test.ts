import { describe, expect, it } from 'vitest'
import type { CommandContext, Parsed } from '../../../simulator/command/index.ts'
import { parseCommand } from '../../../simulator/command/index.ts'
import { isMissing, optionsIn } from '../../../simulator/command/option.ts'
import en from '../../../simulator/host/node/output/words/en.json' with { type: 'json' }
import type { Kind } from './bad-rows.ts'
import { BAD, LINES, main, rows, UNREADABLE } from './bad-rows.ts'
import { VERSIONS } from './support.ts'

/** By what an option takes: the kinds of value that cannot be right, whatever the option means. */
const REFUSED: Readonly<Record<'int' | 'float' | 'path' | 'choices', readonly Kind[]>> = {
  int: ['of another type', 'empty', 'not ASCII', 'a missing file', 'an unreadable file'],
  float: ['of another type', 'empty', 'not ASCII', 'a missing file', 'an unreadable file'],
  path: ['of another type', 'empty', 'huge', 'not ASCII', 'a missing file'],
  choices: ['of another type', 'empty', 'huge', 'not ASCII', 'a missing file', 'an unreadable file'],
}

function parse({ program, before, after, option, typed }: (typeof rows)[number]): Parsed {
  const words = option.takes === 'nothing' ? [typed] : [main(option), typed]
  const context: CommandContext = {
    speaks: { program, version: VERSIONS[program] },
    env: {},
    columns: 400,
    colors: false,
    real: true,
    cwd: '/work',
    files: {
      exists: (path) => path === UNREADABLE,
      read: (path) => ({ code: path === UNREADABLE ? 'EACCES' : 'ENOENT' }),
    },
    words: en,
  }
  return parseCommand([program, ...before, ...words, ...after], context)
}

/** Whether the value must be refused where the command line is read; what else is wrong, the server finds. */
function mustBeRefused({ option, kind, typed }: (typeof rows)[number]): boolean {
  const { takes } = option
  if (main(option) === '--workers' && kind === 'huge') return true
  if (takes === 'nothing') return true
  if (takes === 'text' || takes === 'perhaps') return isMissing(option, typed, true)
  return REFUSED[typeof takes === 'object' ? 'choices' : takes].includes(kind)
}

describe('a bad value for any option of any program', () => {
  it('is tried for each option that there is', () => {
    for (const { options, program } of LINES)
      expect(optionsIn(options, VERSIONS[program]).length).toBeGreaterThan(5)
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(Object.keys(BAD).length)
  })

  it.each(
    rows.map((row) => [[row.program, ...row.before, main(row.option)].join(' '), row.kind, row] as const),
  )('%s: %s', (_, _kind, row) => {
    const parsed = parse(row)
    if (parsed.kind === 'run') {
      expect(mustBeRefused(row), 'taken, though it cannot be right').toBe(false)
      return
    }
    expect({ stream: parsed.stream, code: parsed.code > 0 }).toEqual({ stream: 'stderr', code: true })
    expect(parsed.text).toMatch(/\S.*\n$/s)
    expect(parsed.text).not.toMatch(/^\s+at |undefined|\[object|NaN/m)
    const named = [...row.option.names, ...(row.option.negations ?? [])].some((name) =>
      parsed.text.includes(name),
    )
    expect(named || isOriginals(parsed.text), parsed.text).toBe(true)
  })
})

/** Where the original does not name the option, its own wording is kept. */
function isOriginals(text: string): boolean {
  return [
    /^\nError: can't chdir to /,
    /^\nError: '.*' doesn't exist\n/s,
    /^\nError: Value must be positive: /,
    // gunicorn's words for --env.
    /^\nError: environment setting '.*' invalid\n/s,
    /^Traceback \(most recent call last\):\nValueError: not enough values to unpack/,
  ].some((pattern) => pattern.test(text))
}
