import type { CommandWords } from '../command/api.ts'

/** Sentences of our own that the shell says in the reader's language; what the programs say is always English. `{name}` and the like are filled in. */
export interface ShellWords extends CommandWords {
  /** After an unknown command: `{suggestion}` is the nearest one that exists. */
  readonly didYouMean: string
  readonly seeHelp: string
  /** Something that real shells can: `{what}`. */
  readonly notInThisShell: string
  /** Above the list of commands. */
  readonly help: string
  /** One line about each command, by its name. */
  readonly commands: Readonly<Record<string, string>>
  /** `help foo` for a command that is not there. */
  readonly noHelp: string
  readonly noBackgroundServer: string
  /** A signal that exists but that this machine does not model: `{signal}`. */
  readonly signalNotModelled: string
  /** An option that the real program has: `{program}`, `{option}`. */
  readonly optionNotHere: string
  /** A scheme that curl speaks and the machine does not: `{scheme}`. */
  readonly schemeNotHere: string
}

/** Fills in `{name}`. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder))
}
