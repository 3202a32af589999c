import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** How often a frozen process is looked at again while somebody waits for its answer. */
const LOOK_AGAIN_MS = 100

/**
 * Whether a process answers. In the original a thread of the worker answers a ping, also while the application is
 * busy; only a frozen process does not. The kernel says as much, and so no worker has to carry a thread for it.
 */
export class LivenessProbe {
  readonly #onPong: (pid: number) => void
  readonly #isRunning: (pid: number) => boolean
  readonly #hasThread: (pid: number) => boolean
  #asked: number | undefined

  /** `hasThread`: whether the thread that answers has been started; it is not before the worker has asked its terminal. */
  constructor(
    onPong: (pid: number) => void,
    isRunning: (pid: number) => boolean,
    hasThread: (pid: number) => boolean,
  ) {
    this.#onPong = onPong
    this.#isRunning = isRunning
    this.#hasThread = hasThread
  }

  /** Asks; the answer comes as soon as the process is not frozen. A new question replaces the last one. */
  ping(pid: number): void {
    this.#asked = pid
    this.#look(pid)
  }

  #look(pid: number): void {
    if (this.#asked !== pid || !this.#isRunning(pid)) return
    processState(pid, (state) => {
      if (this.#asked !== pid) return
      if (isFrozen(state) || !this.#hasThread(pid)) {
        setTimeout(() => this.#look(pid), LOOK_AGAIN_MS)
      } else {
        this.#asked = undefined
        this.#onPong(pid)
      }
    })
  }
}

/** Stopped by a signal, or by a debugger. One that has just died answers: its end is reported in a moment anyway. */
function isFrozen(state: string | undefined): boolean {
  return state === 'T' || state === 't'
}

/** The letter that `ps` shows for a process, or nothing when there is none. */
function processState(pid: number, done: (state: string | undefined) => void): void {
  if (process.platform === 'linux') return done(linuxState(pid))
  execFile('ps', ['-o', 'stat=', '-p', String(pid)], (_error, stdout) =>
    done(stdout.trim().charAt(0) || undefined),
  )
}

function linuxState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in parentheses and may hold anything.
    return stat.charAt(stat.lastIndexOf(')') + 2) || undefined
  } catch {
    return undefined
  }
}
