import type { CommandFiles } from '../../command/api.ts'
import { absolutePath } from '../../command/python/path.ts'
import type { DiskChange } from './guest.ts'
import type { Trace } from './trace.ts'

/** Folders that every machine has, with or without a file in them. */
const FOLDERS = [
  '/etc/systemd/system',
  '/home/user',
  '/opt',
  '/root',
  '/run',
  '/srv',
  '/tmp',
  '/usr/local/bin',
  '/var/log',
]

/** The files of the machine: one tree. Files of the project can also be named by their paths from its folder. */
export class Files {
  readonly #trace: Trace
  readonly #project: string
  readonly #texts: Map<string, string>
  readonly #watching: ((path: string) => void)[] = []
  /** How often the tree was changed. */
  version = 0
  /** The last change of each file since the beginning, and the process that knows of it because it made it. */
  readonly #changed = new Map<string, { readonly version: number; readonly by: number | undefined }>()

  constructor(trace: Trace, texts: Readonly<Record<string, string>>, project: string) {
    this.#trace = trace
    this.#project = project
    this.#texts = new Map(Object.entries(texts).map(([path, text]) => [this.name(path), text]))
  }

  /** The key of the file at a path: inside the project the path from its folder, elsewhere the absolute path. */
  name(path: string, from = this.#project): string {
    // Most paths are keys already.
    if (from === this.#project && !/^\/|^\.|\/\.|\/\//.test(path)) return path
    const full = absolutePath(path, from)
    return full.startsWith(`${this.#project}/`) ? full.slice(this.#project.length + 1) : full
  }

  read(path: string, from?: string): string | undefined {
    return this.#texts.get(this.name(path, from))
  }

  /** @param by the process that wrote it and has its text */
  write(path: string, text: string, by?: number): void {
    const name = this.name(path)
    this.#texts.set(name, text)
    this.#changed.set(name, { version: ++this.version, by })
    this.#trace.record({ type: 'file-written', path: name })
    for (const watcher of this.#watching) watcher(name)
  }

  remove(path: string, by?: number): void {
    const name = this.name(path)
    this.#texts.delete(name)
    this.#changed.set(name, { version: ++this.version, by })
    this.#trace.record({ type: 'file-written', path: name })
  }

  /** The last change of a file of which this process does not know; 0 when there is none. */
  lastChange(path: string, by: number): number {
    const last = this.#changed.get(this.name(path))
    return last === undefined || last.by === by ? 0 : last.version
  }

  /** The files that were changed after a version, except by this process itself; without a version all. */
  changes(since: number | undefined, by: number): readonly DiskChange[] {
    const names =
      since === undefined
        ? this.#texts.keys()
        : [...this.#changed]
            .filter(([, last]) => last.version > since && last.by !== by)
            .map(([name]) => name)
    return [...names].map((name) => ({
      path: absolutePath(name, this.#project),
      text: this.#texts.get(name),
    }))
  }

  list(): readonly string[] {
    return [...this.#texts.keys()].toSorted()
  }

  /** Whether there is a folder at a path. */
  isFolder(path: string, from = this.#project): boolean {
    const folder = absolutePath(path, from)
    if (folder === '/') return true
    const there = [this.#project, ...FOLDERS, ...this.#texts.keys()]
    return there.some((each) => `${absolutePath(each, this.#project)}/`.startsWith(`${folder}/`))
  }

  /** The files as a command line sees them that is typed in this folder. */
  from(folder: string): CommandFiles {
    return {
      exists: (path) => this.read(path, folder) !== undefined || this.isFolder(path, folder),
      read: (path) => {
        const text = this.read(path, folder)
        return text === undefined ? { code: this.isFolder(path, folder) ? 'EISDIR' : 'ENOENT' } : { text }
      },
    }
  }

  /** Registers a callback that gets the name of every file that is written. */
  watch(watcher: (name: string) => void): void {
    this.#watching.push(watcher)
  }
}
