/** Ctrl+C ended a command: the rest of the line is given up. */
export class Interrupted extends Error {}

/** `exit`. */
export class ShellExit extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** `break` and `continue`, of so many loops. */
export class LoopEnd extends Error {
  readonly again: boolean
  readonly levels: number

  constructor(again: boolean, levels: number) {
    super(again ? 'continue' : 'break')
    this.again = again
    this.levels = levels
  }
}
