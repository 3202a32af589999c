/** A command line that a program refuses, in that program's words. It is always caught in `parseCommand`. */
export class UsageError extends Error {
  /** Whether the usage line is printed above it: click leaves it out when an option lacks its value or has one too many. */
  readonly usage: boolean

  constructor(message: string, usage = true) {
    super(message)
    this.name = 'UsageError'
    this.usage = usage
  }
}
