/** A place in a file, as a traceback shows it. */
export interface Place {
  /** Absolute, e.g. `/home/user/code/awesomeapp/main.js`. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** Nothing for text that could not be parsed: it was in no function. */
  readonly name?: string
}

/** One frame of a traceback: the place, and below it the line that stands there. */
export function frame({ path, line, name }: Place, source: string): string {
  const text = source.split('\n')[line - 1]?.trim()
  const head = `File "${path}", line ${line}${name === undefined ? '' : `, in ${name}`}`
  return text ? `${head}\n  ${text}` : head
}
