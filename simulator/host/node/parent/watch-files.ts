import { lookUp } from '../../../manager/look-up.ts'
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Reload } from '../../../manager/settings.ts'
import { now } from '../system/now.ts'

/** File patterns of applications; in uvicorn `*.py`. */
const SOURCES = ['*.js', '*.mjs', '*.cjs', '*.ts', '*.mts', '*.cts']
/** uvicorn's `FileFilter` excludes these by default. */
const EXCLUDED = ['.*', '~*']

/** A large tree is checked less often: checks may take this part of the time. */
const PART = 0.1

/**
 * Polls whether watched files have changed, as uvicorn's StatReload does, which reports the first one. With patterns it acts as WatchFiles,
 * which reports all, also new and removed files.
 */
export class FileWatcher {
  readonly #reload: Reload
  readonly #onChange: (files: readonly string[]) => void
  #times: ReadonlyMap<string, number>

  /** `onChange` gets paths as they are printed: relative when they are below the working folder. */
  constructor(reload: Reload, onChange: (files: readonly string[]) => void) {
    this.#reload = reload
    this.#onChange = onChange
    this.#times = this.#look()
    this.#wait(0)
  }

  #wait(tookMs: number): void {
    setTimeout(
      () => {
        const since = now()
        this.#compare()
        this.#wait(now() - since)
      },
      Math.max(this.#reload.delay * 1000, tookMs / PART),
    )
  }

  #compare(): void {
    const before = this.#times
    const times = this.#look()
    // StatReload remembers removed files: a file that appears again, and is newer, has changed.
    this.#times = this.#reload.reloader === 'StatReload' ? new Map([...before, ...times]) : times
    const changed = [...times].filter(([file, time]) => {
      const last = before.get(file)
      return last === undefined ? this.#reload.reloader === 'WatchFiles' : time > last
    })
    const files = changed.map(([file]) => file)
    if (this.#reload.reloader === 'WatchFiles')
      files.push(...[...before.keys()].filter((file) => !times.has(file)))
    if (files.length === 0) return
    this.#onChange((this.#reload.reloader === 'WatchFiles' ? files.sort() : files.slice(0, 1)).map(shown))
  }

  /** The modification time of each watched file. */
  #look(): ReadonlyMap<string, number> {
    const times = new Map<string, number>()
    const { includes, excludes } = this.#reload
    const wanted = [...SOURCES.filter((pattern) => !excludes.includes(pattern)), ...includes]
    const unwanted = [...EXCLUDED.filter((pattern) => !includes.includes(pattern)), ...excludes]
    const visit = (folder: string): void => {
      for (const entry of entries(folder)) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) {
          if (entry.name !== 'node_modules' && !entry.name.startsWith('.') && !isIn(path, excludes))
            visit(path)
        } else if (wanted.some((pattern) => matches(path, pattern))) {
          if (unwanted.some((pattern) => matches(path, pattern))) continue
          const time = changedAt(path)
          if (time !== undefined) times.set(path, time)
        }
      }
    }
    for (const dir of this.#reload.dirs) visit(dir)
    return times
  }
}

/** The modification time of a file; `undefined` when it is gone, or is a link that leads nowhere or in a circle. */
function changedAt(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}

/** The entries of a folder; none when it is gone or not readable. */
function entries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

/** Whether a folder is excluded: by its name, or by its path from the working folder. */
function isIn(folder: string, excludes: readonly string[]): boolean {
  return excludes.some((pattern) => {
    const plain = pattern.replace(/\/+$/, '')
    return folder.endsWith(`${sep}${plain}`) || folder === plain
  })
}

/** Python's `PurePath.match`: a pattern without a slash is matched against the name, one with slashes against the end of the path. */
function matches(path: string, pattern: string): boolean {
  const parts = pattern.split('/').filter(Boolean)
  const ends = path.split(sep).slice(-parts.length)
  return ends.length === parts.length && parts.every((part, i) => globPattern(part).test(ends[i] ?? ''))
}

function globPattern(part: string): RegExp {
  const known = patterns.get(part)
  if (known !== undefined) return known
  const source = part.replace(
    /[.*+?^${}()|\\]/g,
    (sign) => lookUp({ '*': '[^/]*', '?': '[^/]' }, sign) ?? `\\${sign}`,
  )
  const made = new RegExp(`^${source}$`, 's')
  patterns.set(part, made)
  return made
}

const patterns = new Map<string, RegExp>()

function shown(file: string): string {
  const below = relative(process.cwd(), file)
  return below.startsWith('..') ? file : below
}
