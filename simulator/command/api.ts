import type { Settings, Speaker } from '../manager/settings.ts'
import type { Stream } from '../manager/log.ts'
import type { Reason } from './reason.ts'

/** The result of reading a command line: settings, or text to print with an exit code (a usage error, `--help`, `--version`). */
export type Parsed =
  | { readonly kind: 'run'; readonly settings: Settings; readonly notices: readonly StartupNotice[] }
  | { readonly kind: 'print'; readonly stream: Stream; readonly text: string; readonly code: number }

/** A line that a program logs before it starts (uvicorn: that `--workers` is ignored when reloading). */
export interface StartupNotice {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** What a command line is read with: its environment and its terminal. */
export interface CommandContext {
  /** The version that the program's name stands for here, e.g. `{ program: 'uvicorn', version: '0.51.0' }`. */
  readonly speaks: Speaker
  readonly env: Readonly<Record<string, string | undefined>>
  /** Width of the terminal, for usage errors in boxes. */
  readonly columns: number
  /** Whether the error stream is a terminal with colours. */
  readonly colors: boolean
  /** More workers than this are refused: what a simulated machine has room for. */
  readonly mostWorkers?: number
  /** Whether real processes will run: some options need them, and some that a simulated machine has are refused. */
  readonly real?: boolean
  /** The working folder, for programs that print it. */
  readonly cwd?: string
  /** The files on the disk; without it, no file exists. */
  readonly files?: CommandFiles
  /** Messages that are ours alone (e.g. about an option that we do not have yet), in the reader's language. */
  readonly words: CommandWords
}

/** The files that command lines refer to. Paths are as typed. */
export interface CommandFiles {
  readonly exists: (path: string) => boolean
  /** The content of a file, or the system's error code when it cannot be read. */
  readonly read: (path: string) => { readonly text: string } | { readonly code: string }
}

/** Mistakes that the originals notice too late or never, and that we report at once. */
export type Mistake =
  /** `--ssl-cert-reqs` without `--ssl-ca-certs`: clients would be checked against authorities that nobody chose. */
  'noAuthorities' | 'headerName' | 'headerValue' | 'unreadable' | 'tooManyWorkers'

/** Messages of our own, kept in the language files. `{option}` and the like are filled in. */
export interface CommandWords {
  /** e.g. "server-workers does not have {option} yet; leave it out." */
  readonly notYet: string
  /**
   * For a version that we do not have, e.g. "server-workers does not have {program} {version}; it has {versions}.". Without this message,
   * `notYet` names them.
   */
  readonly unknownVersion?: string
  /** What is wrong with an option's value and what to do. Without a message, `notYet` names the option. */
  readonly mistakes?: Readonly<Partial<Record<Mistake, string>>>
  /** Why an option is not offered and what to do instead. Without a message, `notYet` says that we do not have it. */
  readonly refused?: Readonly<Record<Reason, string>>
}
