import type { Trace } from './trace.ts'

/** The files of the machine, by their paths. */
export class Files {
  readonly #trace: Trace
  readonly #texts: Map<string, string>
  readonly #watching: ((path: string) => void)[] = []

  constructor(trace: Trace, texts: Readonly<Record<string, string>>) {
    this.#trace = trace
    this.#texts = new Map(Object.entries(texts))
  }

  read(path: string): string | undefined {
    return this.#texts.get(path)
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text)
    this.#trace.record({ type: 'file-written', path })
    for (const watcher of this.#watching) watcher(path)
  }

  remove(path: string): void {
    this.#texts.delete(path)
    this.#trace.record({ type: 'file-written', path })
  }

  list(): readonly string[] {
    return [...this.#texts.keys()].toSorted()
  }

  /** Calls back with the path of every file that is written. */
  watch(watcher: (path: string) => void): void {
    this.#watching.push(watcher)
  }
}
