import type { CommandContext, Parsed } from '../../../simulator/command/index.ts'
import { parseCommand } from '../../../simulator/command/index.ts'
import type { ProgramName, Settings } from '../../../simulator/manager/settings.ts'

/** The versions that tests mean by default. */
export const VERSIONS: Readonly<Record<ProgramName, string>> = {
  uvicorn: '0.51.0',
  gunicorn: '20.1.0',
  fastapi: '0.0.7',
}

/** What a test may change of the environment: by default no variables, 80 columns, no colours. */
export interface Around {
  readonly version?: string
  readonly env?: CommandContext['env']
  readonly columns?: number
  readonly colors?: boolean
  readonly words?: CommandContext['words']
  /** Processes are real: the disk has these files, and the working folder is /work. */
  readonly files?: Readonly<Record<string, string>>
}

/** The reasons for refusing an option, as tests read them. */
const REFUSED: NonNullable<CommandContext['words']['refused']> = {
  python: 'python: {option}',
  webSocket: 'websocket: {option}',
  otherClass: 'other class: {option}',
  protocol: 'protocol: {option}',
  logging: 'logging: {option}',
  daemon: 'daemon: {option}',
  preload: 'preload: {option}',
  config: 'config: {option}',
  privileges: 'privileges: {option}',
  reload: 'reload: {option}',
  part: 'part: {option}',
}

/** Reads a command line whose words are separated by single blanks. */
export function parse(line: string, around: Around = {}): Parsed {
  return parseWords(line.split(' '), around)
}

/** Reads a command line; its first word is the program. */
export function parseWords(argv: readonly string[], around: Around = {}): Parsed {
  const program = argv[0] as ProgramName
  const { files } = around
  const disk = {
    real: true,
    cwd: '/work',
    files: {
      exists: (path: string) => files?.[path] !== undefined,
      read: (path: string) => {
        const text = files?.[path]
        return text === undefined ? { code: 'ENOENT' } : { text }
      },
    },
  }
  return parseCommand(argv, {
    speaks: { program, version: around.version ?? VERSIONS[program] },
    env: around.env ?? {},
    columns: around.columns ?? 80,
    colors: around.colors ?? false,
    words: around.words ?? { notYet: 'not yet: {option}', refused: REFUSED },
    ...(files === undefined ? { cwd: '/work' } : disk),
  })
}

/** The settings of a command line that starts a server. */
export function settingsOf(line: string, around: Around = {}): Settings {
  const parsed = parse(line, around)
  if (parsed.kind !== 'run') throw new Error(`'${line}' does not start a server: ${parsed.text}`)
  return parsed.settings
}

/** A refused command line: its text on stderr, in which an escape reads `\e`, and its exit code. */
export function refusalOf(
  line: string,
  around: Around = {},
): { readonly text: string; readonly code: number } {
  const parsed = parse(line, around)
  if (parsed.kind !== 'print') throw new Error(`'${line}' starts a server`)
  if (parsed.stream !== 'stderr') throw new Error(`'${line}' prints on stdout: ${parsed.text}`)
  return { text: parsed.text.replaceAll('\u001b', '\\e'), code: parsed.code }
}

/** What a command line prints on stdout before it exits with 0. */
export function answerOf(line: string, around: Around = {}): string {
  const parsed = parse(line, around)
  if (parsed.kind !== 'print' || parsed.stream !== 'stdout' || parsed.code !== 0) {
    throw new Error(`'${line}' has no answer: ${JSON.stringify(parsed)}`)
  }
  return parsed.text.replaceAll('\u001b', '\\e')
}
