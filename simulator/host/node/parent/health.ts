import { notify, notifyReloading, notifyStopping } from '../system/notify.ts'

let whenAllServe: (() => void) | undefined

/** Calls a function once, when all workers of this process's server are ready. */
export function whenAllWorkersReady(then: () => void): void {
  whenAllServe = then
}

/** Notifies the init system of the workers' state: ready when all of them are, and again after a reload. */
export class Health {
  readonly #wanted: () => number
  readonly #ready = new Set<number>()
  /** Those that were ready before the reload. */
  #old: ReadonlySet<number> = new Set()
  #isWaiting = true
  #isStopping = false

  /** `wanted`: the number of workers that there should be. */
  constructor(wanted: () => number) {
    this.#wanted = wanted
  }

  ready(pid: number): void {
    this.#ready.add(pid)
    this.#look()
  }

  gone(pid: number): void {
    if (this.#ready.delete(pid)) this.#look()
  }

  reloading(): void {
    this.#old = new Set(this.#ready)
    this.#isWaiting = true
    notifyReloading()
  }

  stopping(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    notifyStopping()
  }

  /** This process has replaced another master, of which the init system knew. */
  succeeded(): void {
    notify(`MAINPID=${process.pid}`)
    this.#look()
  }

  #look(): void {
    if (this.#isStopping) return
    const wanted = this.#wanted()
    const fresh = [...this.#ready].filter((pid) => !this.#old.has(pid)).length
    const status = `STATUS=${Math.min(fresh, wanted)} of ${wanted} workers serve` as const
    if (!this.#isWaiting) return notify(status)
    if (fresh < wanted) return
    this.#isWaiting = false
    this.#old = new Set()
    notify('READY=1', status)
    whenAllServe?.()
    whenAllServe = undefined
  }
}
