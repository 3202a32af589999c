import type { System } from '../../machine/system.ts'

/** Where a program's output goes. False when nobody reads there any more: the writer gets SIGPIPE. */
export interface Sink {
  readonly terminal: boolean
  write(text: string, pid: number): boolean
}

/** Who takes what comes out of a source. */
export interface Reader {
  readonly text: (text: string) => void
  readonly end: () => void
}

/** Where a program's input comes from. */
export interface Source {
  readonly terminal: boolean
  /** Begins to read; the answer ends that. */
  read(reader: Reader, pid?: number): () => void
}

/** The screen of a terminal. */
export function screen(system: System, terminal: string): Sink {
  return {
    terminal: true,
    write(text, pid) {
      if (text !== '') system.write(terminal, text, ...(pid === 0 ? [] : [pid]))
      return true
    },
  }
}

export const NOWHERE: Sink = { terminal: false, write: () => true }

export const NOTHING: Source = {
  terminal: false,
  read(reader) {
    reader.end()
    return () => undefined
  },
}

/** A file that is written to, from its beginning or behind what it holds. */
export function intoFile(system: System, path: string, append: boolean): Sink {
  if (!append || system.readFile(path) === undefined) system.writeFile(path, '')
  return {
    terminal: false,
    write(text) {
      if (text !== '') system.writeFile(path, (system.readFile(path) ?? '') + text)
      return true
    },
  }
}

/** Text that is there already: a file's, a here string's. */
export function given(text: string): Source {
  return {
    terminal: false,
    read(reader) {
      if (text !== '') reader.text(text)
      reader.end()
      return () => undefined
    },
  }
}

/** Text collected by the shell. */
export class Collector implements Sink {
  readonly terminal = false
  text = ''

  write(text: string): boolean {
    // What nobody can use any more ends the writer.
    if (this.text.length > 5_000_000) return false
    this.text += text
    return true
  }
}

/** A pipe: what is written on one side comes out on the other. */
export class Pipe implements Sink, Source {
  readonly terminal = false
  #kept = ''
  #reader: Reader | undefined
  #ended = false
  #left = false

  write(text: string): boolean {
    if (this.#left) return false
    if (this.#reader === undefined) this.#kept += text
    else if (text !== '') this.#reader.text(text)
    return true
  }

  /** The writer has ended. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#reader?.end()
  }

  /** The reader has ended. */
  leave(): void {
    this.#left = true
    this.#reader = undefined
    this.#kept = ''
  }

  read(reader: Reader): () => void {
    this.#reader = reader
    const kept = this.#kept
    this.#kept = ''
    if (kept !== '') reader.text(kept)
    if (this.#ended) reader.end()
    return () => {
      if (this.#reader === reader) this.#reader = undefined
    }
  }
}
