import { lookUp } from '../manager/look-up.ts'
import type { ProcessInfo, System } from '../machine/system.ts'
import { PROGRAMS, traitsOf } from '../manager/traits.ts'
import { VERSIONS } from '../manager/versions.ts'
import { entries, PROJECT, resolve } from './run/paths.ts'
import { SIGNAL_NAMES } from './programs/signal-names.ts'

/** The result of Tab: the word from `start` to the cursor is replaced by `text`, or several candidates are listed. */
export interface Completion {
  readonly start: number
  readonly text: string
  readonly candidates: readonly string[]
}

/** What completion is computed from. */
export interface CompletionSource {
  readonly system: Pick<System, 'listFiles'> & {
    processes(): readonly Pick<ProcessInfo, 'pid' | 'kind'>[]
    readonly init?: Pick<System['init'], 'names'>
  }
  readonly commands: readonly string[]
  /** The absolute path of the working folder. */
  readonly cwd?: string
  /** The names of the shell's variables. */
  readonly variables?: readonly string[]
  /** How many jobs there are. */
  readonly jobs?: number
  /** Words for a command's arguments: its options, the application's name, addresses. */
  readonly words: Readonly<Record<string, readonly string[]>>
}

/** Completes the word before the cursor: a command, a file, a PID for `kill`, a command's own words. */
export function complete(line: string, cursor: number, source: CompletionSource): Completion {
  const before = line.slice(0, cursor)
  const start = before.search(/[^\s;&|()<>]*$/)
  const typed = before.slice(start)
  const command = commandBefore(before.slice(0, start))
  const candidates = possible(command, typed, source)
    .filter((candidate) => candidate.startsWith(typed))
    .toSorted(naturally)
  const [first] = candidates
  if (first === undefined) return { start, text: typed, candidates }
  if (candidates.length === 1)
    return { start, text: first.endsWith('/') && !first.includes('://') ? first : `${first} `, candidates }
  return { start, text: candidates.reduce(commonStart), candidates }
}

/** Words after which a command follows. */
const BEFORE_COMMANDS: ReadonlySet<string> = new Set([
  'do',
  'then',
  'else',
  'if',
  'while',
  'nohup',
  'sudo',
  'time',
  'watch',
  'xargs',
  'env',
  '!',
  '{',
])

/** The command that a word belongs to; nothing when the word is the command itself. */
function commandBefore(text: string): string {
  const words = (text.split(/[;&|()\n]/).at(-1) ?? '').trim().split(/\s+/)
  return words.find((word) => word !== '' && !BEFORE_COMMANDS.has(word) && !/^\w+=/.test(word)) ?? ''
}

function possible(
  command: string,
  typed: string,
  { system, commands, words, cwd = PROJECT, variables = [], jobs = 0 }: CompletionSource,
): readonly string[] {
  const units = system.init?.names() ?? []
  if (typed.startsWith('$')) return variables.map((name) => `$${name}`)
  if (typed.includes('/') && !typed.includes('://')) return files(system, cwd, typed)
  if (command === '') return commands
  if (typed.startsWith('%')) return Array.from({ length: jobs }, (_, index) => `%${index + 1}`)
  switch (command) {
    case 'systemctl':
      return unique([...SYSTEMCTL, ...units])
    case 'journalctl':
      return unique(['-u', '-n', '-f', ...units])
    case 'man':
    case 'help':
    case 'which':
    case 'type':
      return commands
    case 'pip':
    case 'pip3':
      return PIP
    case 'cd':
      return files(system, cwd, typed).filter((name) => name.endsWith('/'))
  }
  if (command === 'kill' && typed.startsWith('-')) return SIGNAL_NAMES.map((name) => `-${name}`)
  if (command === 'kill' || command === 'ps') return unique([...pids(system), ...(words[command] ?? [])])
  const own = lookUp(words, command) ?? []
  if (typed.startsWith('-') || command === 'curl') return own
  return unique([...own.filter((word) => !word.startsWith('-')), ...files(system, cwd, typed)])
}

const SYSTEMCTL =
  'start stop restart reload enable disable status daemon-reload list-units cat reset-failed'.split(' ')
const PIP = [
  'install',
  'list',
  ...PROGRAMS.flatMap((program) =>
    VERSIONS[program].map((version) => `${traitsOf({ program }).packageName}==${version}`),
  ),
]

/** The contents of the folder that the word names so far; folders end in a slash. */
function files(system: Pick<System, 'listFiles'>, cwd: string, typed: string): string[] {
  const slash = typed.lastIndexOf('/') + 1
  const folder = resolve(cwd, typed.slice(0, slash) || '.')
  return entries(system, folder).map(
    (entry) => typed.slice(0, slash) + entry.name + (entry.folder ? '/' : ''),
  )
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
