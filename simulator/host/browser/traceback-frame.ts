/** A file and line, as a traceback shows it. */
export interface SourceLocation {
  /** Absolute, e.g. `/home/user/code/awesomeapp/main.js`. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** The function; `undefined` for a syntax error, which is in none. */
  readonly name?: string
}

/** One frame of a traceback: file, line and function, and below them the source line. */
export function frame({ path, line, name }: SourceLocation, source: string): string {
  const text = source.split('\n')[line - 1]?.trim()
  const head = `File "${path}", line ${line}${name === undefined ? '' : `, in ${name}`}`
  return text ? `${head}\n  ${text}` : head
}
