import { compareVersions } from '../versions.ts'

/** The named rules in which uvicorn's supervisors differ by version. */
export interface SupervisorRules {
  /**
   * Reaction to SIGHUP. `replace`: a new worker is ready before the old one is stopped (0.51.0). `stop-first`: the old one is stopped first
   * (0.30).
   */
  readonly reload: 'replace' | 'stop-first'
  /** Whether a worker that ends with code 3 (it could not start) stops the supervisor (since 0.50.0). */
  readonly stopsOnBootFailure: boolean
  /** The exit code when the address cannot be bound: 1, since 0.35 at the latest 3. */
  readonly bindFailureCode: 1 | 3
}

/** The rules of uvicorn `version`. Source: its `supervisors/multiprocess.py` and recorded runs. */
export function supervisorRules(version: string): SupervisorRules {
  return {
    reload: compareVersions(version, '0.51.0') >= 0 ? 'replace' : 'stop-first',
    stopsOnBootFailure: compareVersions(version, '0.50.0') >= 0,
    bindFailureCode: compareVersions(version, '0.50.0') >= 0 ? 3 : 1,
  }
}

/** What starts uvicorn's workers: a supervisor that watches them, or before 0.30 a spawner that starts them once. */
export function starterOfWorkers(version: string): 'supervisor' | 'spawner' {
  return compareVersions(version, '0.30.0') >= 0 ? 'supervisor' : 'spawner'
}

/** The named rules in which uvicorn's reloader differs by version. */
export interface ReloaderRules {
  /** Whether it warns that `--workers` is ignored. */
  readonly warnsOfWorkers: boolean
  readonly name: (reloader: string) => string
  /** The line about changed files; `files` are the paths as printed. */
  readonly changed: (reloader: string, files: readonly string[]) => string
}

/** The rules of uvicorn `version`. Source: its `supervisors/basereload.py` and `statreload.py`, and recorded runs. */
export function reloaderRules(version: string): ReloaderRules {
  const modern = compareVersions(version, '0.18.0') >= 0
  return {
    warnsOfWorkers: modern,
    name: (reloader) => (modern ? reloader : reloader.toLowerCase()),
    changed: (reloader, files) => {
      const named = files.map((file) => `'${file}'`).join(', ')
      return `${reloader} detected ${modern ? 'changes' : 'file change'} in ${named}. Reloading...`
    },
  }
}

/** The supervisor checks signals and workers every 500 ms (`should_exit.wait(0.5)`). */
export const POLL_MS = 500

/** A worker that fails before it serves ends with this code (`STARTUP_FAILURE`). */
export const STARTUP_FAILURE = 3
