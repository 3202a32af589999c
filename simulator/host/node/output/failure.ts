/** An error that ends the command with a sentence for the reader and an exit code, without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number

  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}

/** Whether a value is a `Failure`, also of another bundle of the command: each bundle has its own class. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && error.name === 'Failure'
}
