import type { Clock } from './clock.ts'
import type { Cores } from './cores.ts'
import type { Systemd } from './systemd.ts'
import type { KeptPrograms } from './keepers.ts'
import type { KernelLog } from './kernel-log.ts'
import type { Processes } from './processes.ts'
import type { ReverseProxy } from './proxy.ts'
import type { ScheduledEvent } from './queue.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'

/** When systemd kills what is still running, in ms (`DefaultTimeoutStopSec=`); units have timeouts of their own. */
const LAST_CALL = 90_000
/** From the end of the last process until the power is off, and from there until the first unit starts, in ms. */
const POWER_OFF = 900
const BOOT = 9_000

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly cores: Cores
  readonly kernelLog: KernelLog
  readonly processes: Processes
  readonly signals: Signals
  readonly init: Systemd
  readonly keepers: KeptPrograms
  readonly proxy: ReverseProxy
}

/** Whether the machine has power. */
export interface PowerSwitch {
  on: boolean
}

/** Shuts the machine down and boots it. */
export class Power {
  bootedAt = 0
  readonly #parts: Dependencies
  readonly #switch: PowerSwitch
  #boots = 0
  #going = false
  /** The next look at who is left, or the boot. */
  #next: ScheduledEvent | undefined

  constructor(parts: Dependencies, power: PowerSwitch) {
    this.#parts = parts
    this.#switch = power
  }

  /** Whether one can connect to it. */
  get up(): boolean {
    return this.#switch.on && !this.#going
  }

  reboot(hard: boolean): void {
    if (this.#going && !hard) return
    const { clock, init, keepers, processes, signals, trace } = this.#parts
    this.#going = true
    trace.record({ type: 'shutting-down', hard })
    if (hard) return this.#off()
    init.stopAll()
    keepers.stopAll()
    for (const { pid, alive, unit, container } of processes.all()) {
      if (!alive || unit !== undefined || container !== undefined) continue
      signals.send(pid, 'TERM', 1)
      signals.send(pid, 'HUP', 1)
      signals.send(pid, 'CONT', 1)
    }
    const begun = clock.now
    const look = (): void => {
      const left = processes.all().some(({ alive }) => alive)
      if (!left || clock.now - begun > LAST_CALL) this.#off()
      else this.#then(100, look)
    }
    look()
  }

  #off(): void {
    const { init, keepers, processes, proxy } = this.#parts
    for (const starter of [init, keepers]) starter.forget()
    for (const process of processes.all()) processes.terminate(process, { signal: 'KILL' })
    proxy.forget()
    this.#switch.on = false
    this.#then(POWER_OFF + BOOT, () => this.#up())
  }

  /** What comes next; power that goes meanwhile begins anew. */
  #then(ms: number, run: () => void): void {
    const { clock } = this.#parts
    clock.cancel(this.#next)
    this.#next = clock.after(ms, run)
  }

  #up(): void {
    const { clock, cores, init, keepers, kernelLog, proxy, trace } = this.#parts
    this.#switch.on = true
    this.#going = false
    this.bootedAt = clock.now
    this.#boots += 1
    cores.booted()
    kernelLog.clear()
    trace.record({ type: 'booted', count: this.#boots })
    init.boot()
    keepers.boot()
    proxy.boot()
  }
}
