import type { ProcessInfo, System } from '../machine/system.ts'
import { SIGNAL_NAMES } from './programs/signal-names.ts'

/** What Tab comes to: the word from `start` to the cursor replaced by `text`, or several possibilities to list. */
export interface Completion {
  readonly start: number
  readonly text: string
  readonly candidates: readonly string[]
}

/** What is known to complete with. */
export interface CompletionSource {
  readonly system: Pick<System, 'listFiles'> & {
    processes(): readonly Pick<ProcessInfo, 'pid' | 'kind'>[]
  }
  readonly commands: readonly string[]
  /** Words that belong to a command: its options, the application's name, addresses. */
  readonly words: Readonly<Record<string, readonly string[]>>
}

/** Completes the word before the cursor: a command, a file, a PID for `kill`, a command's own words. */
export function complete(line: string, cursor: number, source: CompletionSource): Completion {
  const before = line.slice(0, cursor)
  const start = before.search(/[^\s;&|]*$/)
  const typed = before.slice(start)
  const [, command = ''] = /(?:^|[;&|])\s*(?:\w+=\S*\s+)*(?!\w+=)([^\s;&|]+)\s[^;&|]*$/.exec(before) ?? []
  const candidates = possible(command, typed, source)
    .filter((candidate) => candidate.startsWith(typed))
    .toSorted(naturally)
  const [first] = candidates
  if (first === undefined) return { start, text: typed, candidates }
  if (candidates.length === 1) return { start, text: `${first} `, candidates }
  return { start, text: candidates.reduce(commonStart), candidates }
}

function possible(
  command: string,
  typed: string,
  { system, commands, words }: CompletionSource,
): readonly string[] {
  if (command === '') return commands
  if (command === 'kill' && typed.startsWith('-')) return SIGNAL_NAMES.map((name) => `-${name}`)
  if (command === 'kill' || command === 'ps') return unique([...pids(system), ...(words[command] ?? [])])
  const own = words[command] ?? []
  if (typed.startsWith('-') || command === 'curl') return own
  return unique([...own.filter((word) => !word.startsWith('-')), ...system.listFiles()])
}

/** Every process but the shell's own short-lived ones. */
function pids(system: Pick<CompletionSource['system'], 'processes'>): string[] {
  return system
    .processes()
    .filter(({ kind }) => kind !== 'command')
    .map(({ pid }) => String(pid))
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)]
}

function naturally(a: string, b: string): number {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : 1
}

function commonStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}
