/** A command line that a program refuses, in the words of that program. It never leaves `parseCommand`. */
export class UsageError extends Error {
  /** Whether the usage line is printed above it: click forgets it for options that lack a value or have one too many. */
  readonly usage: boolean

  constructor(message: string, usage = true) {
    super(message)
    this.name = 'UsageError'
    this.usage = usage
  }
}
