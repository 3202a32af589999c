import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { parseTerminal } from './header.ts'
import type { Ending, Medium, Recorded } from './scenario.ts'

/** One command line with wrong or unusual arguments, what it printed and how it ended. */
export interface ArgumentCase {
  readonly command: string
  /** stdout and stderr on one terminal, as in `Recorded.lines`. */
  readonly lines: readonly string[]
  /** `running`: it started, and was cut after 3 s. */
  readonly exit: Ending
}

/** The recording `bad-arguments` of a program. */
export interface BadArguments {
  readonly program: ProgramName
  readonly version: string
  readonly medium: Medium
  readonly cases: readonly ArgumentCase[]
}

/**
 * Reads a `bad-arguments` recording: a header of four lines, then blocks of `$ command`, output, `=> exit code: N`.
 *
 * @throws Error on a form that is not known, or when the header's count of commands is wrong.
 */
export function parseBadArguments(program: ProgramName, version: string, text: string): BadArguments {
  const where = `${program} ${version} bad-arguments`
  const [head, , , medium, ...body] = text.split('\n')
  const [, count] = /^# commands: (\d+) command lines /.exec(head ?? '') ?? []
  if (count === undefined) throw new Error(`${where}: unknown header '${String(head)}'`)
  const cases: ArgumentCase[] = []
  let open: { command: string; lines: string[] } | undefined
  for (const line of body) {
    const exit = /^=> exit code: (.*)$/.exec(line)?.[1]
    if (open === undefined) {
      if (line.startsWith('$ ')) open = { command: line.slice(2), lines: [] }
      else if (line !== '') throw new Error(`${where}: expected a command, got '${line}'`)
    } else if (exit === undefined) {
      open.lines.push(line)
    } else {
      // Where nothing was printed, one empty line stands.
      const lines = open.lines.join('') === '' ? [] : open.lines
      cases.push({ ...open, lines, exit: ending(exit, where) })
      open = undefined
    }
  }
  if (open !== undefined) throw new Error(`${where}: '${open.command}' has no exit code`)
  if (cases.length !== Number(count))
    throw new Error(`${where}: the header says ${count} commands, there are ${cases.length}`)
  return { program, version, medium: parseTerminal((medium ?? '').replace('# medium: ', ''), where), cases }
}

/** One of the commands as a recording, to judge a run of ours against it: no steps, and nothing known of spawn order. */
export function asRecorded({ program, version, medium }: BadArguments, one: ArgumentCase): Recorded {
  return {
    program,
    version,
    name: 'bad-arguments',
    command: one.command,
    env: {},
    about: 'wrong or unusual arguments',
    app: {},
    portTaken: false,
    steps: [],
    exit: one.exit,
    medium,
    spawnOrder: [],
    spawnOrderComplete: false,
    lines: one.lines,
  }
}

function ending(text: string, where: string): Ending {
  if (text === 'still running (cut)') return { kind: 'running' }
  if (/^\d+$/.test(text)) return { kind: 'code', code: Number(text) }
  throw new Error(`${where}: unknown exit code '${text}'`)
}
