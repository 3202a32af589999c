import type { Settings, Speaker } from '../manager/settings.ts'
import type { Stream } from '../manager/log.ts'
import type { Reason } from './reason.ts'

/** What a command line comes to: settings, or text to print and an exit code (a usage error, `--help`, `--version`). */
export type Parsed =
  | { readonly kind: 'run'; readonly settings: Settings; readonly notices: readonly StartupNotice[] }
  | { readonly kind: 'print'; readonly stream: Stream; readonly text: string; readonly code: number }

/** Something a program says before it starts (uvicorn: that `--workers` is ignored when reloading). */
export interface StartupNotice {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** What a command line is read with. */
export interface CommandContext {
  /** The version that the program's name stands for here, e.g. `{ program: 'uvicorn', version: '0.51.0' }`. */
  readonly speaks: Speaker
  readonly env: Readonly<Record<string, string | undefined>>
  /** Width of the terminal, for usage errors in boxes. */
  readonly columns: number
  /** Whether the error stream is a terminal with colours. */
  readonly colors: boolean
  /** Whether real processes will run: some options need them, and some that a simulated machine has are refused. */
  readonly real?: boolean
  /** The working folder, for programs that name it. */
  readonly cwd?: string
  /** What is on the disk; without it there is no file. */
  readonly files?: CommandFiles
  /** The words that only we say (an option that we do not have yet), in the reader's language. */
  readonly words: CommandWords
}

/** The disk, as far as command lines look at it. Paths are as typed. */
export interface CommandFiles {
  readonly exists: (path: string) => boolean
  /** What a file holds, or the system's code for why it cannot be read. */
  readonly read: (path: string) => { readonly text: string } | { readonly code: string }
}

/** What the originals find out too late, or never, and what is said here at once. */
export type Mistake =
  /** `--ssl-cert-reqs` without `--ssl-ca-certs`: clients would be checked by authorities that nobody chose. */
  'noAuthorities' | 'headerName' | 'headerValue' | 'unreadable' | 'tooManyWorkers'

/** Sentences of our own, kept in the language files. `{option}` and the like are filled in. */
export interface CommandWords {
  /** e.g. "server-workers does not have {option} yet; leave it out." */
  readonly notYet: string
  /**
   * For a version that we do not have, e.g. "server-workers does not have {program} {version}; it has {versions}.". Without it,
   * `notYet` names them.
   */
  readonly unknownVersion?: string
  /** What is wrong with the value of an option and what to do. Without a sentence, `notYet` names the option. */
  readonly mistakes?: Readonly<Record<Mistake, string>>
  /** Why an option is not offered and what to do instead. Without a sentence, `notYet` says that it is not there. */
  readonly refused?: Readonly<Record<Reason, string>>
}
