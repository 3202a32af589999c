/** Ctrl+C ended a command: the rest of the line is not run. */
export class Interrupted extends Error {}

/** An error in an expansion: the rest of the line is not run. */
export class Discarded extends Error {}

/** `exit`. */
export class ShellExit extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** `break` and `continue`; `levels`: how many loops they leave. */
export class LoopEnd extends Error {
  readonly again: boolean
  readonly levels: number

  constructor(again: boolean, levels: number) {
    super(again ? 'continue' : 'break')
    this.again = again
    this.levels = levels
  }
}

/** `return`: ends a function, or a file that `source` runs. */
export class Return extends Error {
  readonly code: number

  constructor(code: number) {
    super(`return ${code}`)
    this.code = code
  }
}
