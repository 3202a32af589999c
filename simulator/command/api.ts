import type { Settings, Speaker } from '../manager/settings.ts'
import type { Stream } from '../manager/log.ts'

/** What a command line comes to: settings, or text to print and an exit code (a usage error, `--help`, `--version`). */
export type Parsed =
  | { readonly kind: 'run'; readonly settings: Settings; readonly notices: readonly Notice[] }
  | { readonly kind: 'print'; readonly stream: Stream; readonly text: string; readonly code: number }

/** Something a program says before it starts (uvicorn: that `--workers` is ignored when reloading). */
export interface Notice {
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
  /** The words that only we say (an option that we do not have yet), in the reader's language. */
  readonly words: CommandWords
}

/** Sentences of our own, kept in the language files. `{option}` and the like are filled in. */
export interface CommandWords {
  /** e.g. "server-workers does not have {option} yet; leave it out." */
  readonly notYet: string
  /**
   * For a version that we do not have, e.g. "server-workers does not have {program} {version}; it has {versions}.". Without it,
   * `notYet` names them.
   */
  readonly unknownVersion?: string
  /** For `fastapi dev`, which reloads unless told not to, e.g. "server-workers cannot reload yet: type `{command}`." */
  readonly reloadByDefault?: string
}
