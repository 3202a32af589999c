/** What ends the command without a stack trace: a sentence for the reader, and the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number

  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}

/** Whether it is one, also of another file of the command: each has a class of its own. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && error.name === 'Failure'
}
