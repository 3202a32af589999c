import { absolutePath } from '../../command/python/path.ts'
import { matches as matchesGlob } from '../../machine/glob.ts'
import type { Reload } from '../../manager/settings.ts'
import type { Clock } from './clock.ts'

/** What uvicorn watches by default; the machine's applications may be in JavaScript. */
const SOURCES = ['*.py', '*.js']
/** What uvicorn's `FileFilter` excludes. */
const EXCLUDED = ['.*', '.py[cod]', '.sw.*', '~*']

/** A reloader's check of its files: every `delay` seconds, so that several writes in between are one change. */
export class ReloadWatch {
  readonly #reload: Reload
  readonly #clock: Clock
  readonly #onChange: (files: readonly string[]) => void
  /** Absolute paths that were written since the last check. */
  readonly #written = new Set<string>()
  /** Writes before this time are not noticed: StatReload starts over with every worker, and first notes the times of all files. */
  #blindUntil = 0

  constructor(reload: Reload, clock: Clock, onChange: (paths: readonly string[]) => void) {
    this.#reload = reload
    this.#clock = clock
    this.#onChange = onChange
  }

  /** A worker is started. */
  begin(): void {
    if (this.#reload.reloader === 'StatReload') this.#blindUntil = this.#clock.now + this.#reload.delay * 1000
  }

  /** A file was written; `path` is absolute. */
  written(path: string): void {
    if (this.#clock.now < this.#blindUntil || !this.#isWatched(path)) return
    this.#written.add(path)
    if (this.#written.size === 1) this.#clock.after(this.#reload.delay * 1000, () => this.#look())
  }

  #look(): void {
    const paths = [...this.#written].toSorted()
    this.#written.clear()
    const first = this.#reload.reloader === 'StatReload'
    // StatReload reports the first one, and checks no further files until there is a new worker.
    if (first) this.#blindUntil = Infinity
    this.#onChange(first ? paths.slice(0, 1) : paths)
  }

  #isWatched(path: string): boolean {
    const { dirs, includes, excludes, reloader } = this.#reload
    if (!dirs.some((dir) => path.startsWith(`${absolutePath(dir, '/')}/`.replace('//', '/')))) return false
    if (reloader === 'StatReload') return SOURCES.some((pattern) => matches(path, pattern))
    const wanted = [...SOURCES.filter((pattern) => !excludes.includes(pattern)), ...includes]
    const unwanted = [...EXCLUDED.filter((pattern) => !includes.includes(pattern)), ...excludes]
    const fits = (patterns: readonly string[]): boolean => patterns.some((each) => matches(path, each))
    return fits(wanted) && !fits(unwanted)
  }
}

/** Python's `PurePath.match`: a pattern without a slash is matched against the name, one with slashes against the end of the path. */
function matches(path: string, pattern: string): boolean {
  const parts = pattern.split('/').filter(Boolean)
  const ends = path.split('/').slice(-parts.length)
  return parts.every((part, index) =>
    matchesGlob(
      [...part].map((text) => ({ text, literal: false })),
      [...(ends[index] ?? '')],
    ),
  )
}
