import type { Kernel } from './kernel.ts'

/** After so many ms systemd kills what is still there (`DefaultTimeoutStopSec=`); units have their own. */
const LAST_CALL = 90_000
/** From the end of the last process until the machine takes its power, and from there until the first unit starts, in ms. */
const POWER_OFF = 900
const BOOT = 9_000

/** The machine goes down and comes up again. */
export class Power {
  readonly #kernel: Kernel
  /** Whether it runs; while it does not, nobody answers. */
  on = true
  bootedAt = 0
  #boots = 0
  #going = false

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** Whether one can connect to it. */
  get up(): boolean {
    return this.on && !this.#going
  }

  reboot(hard: boolean): void {
    if (this.#going && !hard) return
    const kernel = this.#kernel
    this.#going = true
    kernel.record({ type: 'shutting-down', hard })
    if (hard) return this.#off()
    kernel.init.stopAll()
    kernel.keepers.stopAll()
    for (const { pid, alive, unit, container } of [...kernel.table.values()]) {
      if (!alive || unit !== undefined || container !== undefined) continue
      kernel.signal(pid, 'TERM', 1)
      kernel.signal(pid, 'HUP', 1)
      kernel.signal(pid, 'CONT', 1)
    }
    const begun = kernel.now
    const look = (): void => {
      if (!this.#going) return
      const left = [...kernel.table.values()].some(({ alive }) => alive)
      if (!left || kernel.now - begun > LAST_CALL) this.#off()
      else kernel.after(100, look)
    }
    look()
  }

  #off(): void {
    const kernel = this.#kernel
    for (const unit of [kernel.init, kernel.keepers]) unit.forget()
    for (const process of [...kernel.table.values()]) kernel.terminate(process, { signal: 'KILL' })
    kernel.proxy.forget()
    this.on = false
    kernel.after(POWER_OFF + BOOT, () => this.#up())
  }

  #up(): void {
    const kernel = this.#kernel
    this.on = true
    this.#going = false
    this.bootedAt = kernel.now
    this.#boots += 1
    kernel.clearDmesg()
    kernel.record({ type: 'booted', count: this.#boots })
    kernel.init.boot()
    kernel.keepers.boot()
    kernel.proxy.boot()
  }
}
