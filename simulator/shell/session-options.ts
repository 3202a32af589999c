import type { ShellOptions } from './shell.ts'

/** Options of a session. */
export interface SessionOptions extends Omit<ShellOptions, 'onReady' | 'onLeave'> {
  /** Writes to the screen, escape sequences included: a terminal emulator's `write`. */
  readonly screen: (text: string) => void
  /** What Tab completes after each command: options, the application's name, addresses. */
  readonly completions?: Readonly<Record<string, readonly string[]>>
  /** Whether the line being typed is drawn on the screen; `false` when it is in an input element. */
  readonly drawsLine?: boolean
  /** Called after every change of the line or of the foreground job. */
  readonly onChange?: () => void
  /** Called when something cannot be done and a sentence outside the terminal should say why. */
  readonly onHint?: (hint: Hint) => void
  /** Called when the shell has ended (`exit`, Ctrl+D, a signal). Without it the terminal stays open, with a new shell. */
  readonly onExit?: () => void
}

/** Why a key did nothing: a program is in the foreground; there is none to suspend; the terminal stays open. */
export type Hint = 'busy' | 'suspend' | 'stay-open'
