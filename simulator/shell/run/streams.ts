import type { Stream } from '../../manager/log.ts'
import type { System } from '../../machine/system.ts'
import { writeToDisk } from './disk.ts'
import { setMode } from './modes.ts'

/** Where a program's output goes. `write` returns `false` when the reader has closed it (the writer gets SIGPIPE), and
 * `full` when the disk has no room. */
export interface Sink {
  readonly terminal: boolean
  /** It is a stream of the shell's own process, which children inherit. */
  readonly inherited?: true
  write(text: string, pid: number): boolean | 'full'
}

/** The streams of a child that do not go to the terminal and are not inherited. */
export function redirectedStreams(
  stdout: Sink,
  stderr: Sink,
): Readonly<Partial<Record<Stream, (text: string) => void>>> {
  const isElsewhere = (sink: Sink): boolean => !sink.terminal && sink.inherited !== true
  return {
    ...(isElsewhere(stdout) ? { stdout: (text) => void stdout.write(text, 0) } : {}),
    ...(isElsewhere(stderr) ? { stderr: (text) => void stderr.write(text, 0) } : {}),
  }
}

/** Gets what is read from a source. */
export interface Reader {
  readonly text: (text: string) => void
  readonly end: () => void
}

/** Where a program's input comes from. */
export interface Source {
  readonly terminal: boolean
  /** Begins to read. The returned function stops it. */
  read(reader: Reader, pid?: number): () => void
  /** Puts back what was read too much: the next reader gets it. */
  putBack?(text: string): void
}

/** Writes to a terminal's screen. */
export function terminalSink(system: System, terminal: string): Sink {
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

/** Overwrites a file, or appends to it. */
export function fileSink(system: System, path: string, append: boolean): Sink {
  const isNew = system.readFile(path) === undefined
  if (isNew) setMode(system, path, 0o644)
  if (!append || isNew) system.writeFile(path, '')
  return {
    terminal: false,
    write(text) {
      return text === '' || writeToDisk(system, path, (system.readFile(path) ?? '') + text) || 'full'
    },
  }
}

/** A source with a fixed text: a file's, a here string's. */
export function textSource(text: string): Source {
  let left = text
  return {
    terminal: false,
    read(reader) {
      const now = left
      left = ''
      if (now !== '') reader.text(now)
      reader.end()
      return () => undefined
    },
    putBack(again) {
      left = again
    },
  }
}

/** Collects output in the shell, for a command substitution. */
export class Collector implements Sink {
  readonly terminal = false
  text = ''

  write(text: string): boolean {
    // A limit for a writer that never ends.
    if (this.text.length > 5_000_000) return false
    this.text += text
    return true
  }
}

/** A pipe: a sink on one side, a source on the other. */
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

  putBack(text: string): void {
    this.#reader = undefined
    this.#kept = text + this.#kept
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
