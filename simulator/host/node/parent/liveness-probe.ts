import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** How often a stopped process is checked again while a ping waits for its answer, in ms. */
const LOOK_AGAIN_MS = 100

/**
 * Pings of workers. In the original a thread of the worker answers, even while the application is busy; only a stopped process does not.
 * The process state in the kernel tells the same, so no worker needs such a thread.
 */
export class LivenessProbe {
  readonly #onPong: (pid: number) => void
  readonly #isRunning: (pid: number) => boolean
  readonly #hasThread: (pid: number) => boolean
  #asked: number | undefined

  /** `hasThread`: whether the worker's thread that answers has started; it starts after the worker has queried its terminal. */
  constructor(
    onPong: (pid: number) => void,
    isRunning: (pid: number) => boolean,
    hasThread: (pid: number) => boolean,
  ) {
    this.#onPong = onPong
    this.#isRunning = isRunning
    this.#hasThread = hasThread
  }

  /** Pings a process; the answer comes as soon as it is not stopped. A new ping replaces the last one. */
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

/** Stopped by a signal, or by a debugger. A process that has just died counts as answering: its end is reported in a moment anyway. */
function isFrozen(state: string | undefined): boolean {
  return state === 'T' || state === 't'
}

/** The state letter that `ps` shows for a process, or `undefined` when there is no such process. */
function processState(pid: number, done: (state: string | undefined) => void): void {
  if (process.platform === 'linux') return done(linuxState(pid))
  execFile('ps', ['-o', 'stat=', '-p', String(pid)], (_error, stdout) =>
    done(stdout.trim().charAt(0) || undefined),
  )
}

function linuxState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name is in parentheses and may contain anything.
    return stat.charAt(stat.lastIndexOf(')') + 2) || undefined
  } catch {
    return undefined
  }
}
