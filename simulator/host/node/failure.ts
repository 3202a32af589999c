/** What ends the command without a stack trace: a sentence for the reader, and the exit code. */
export class Failure extends Error {
  readonly code: number

  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}
