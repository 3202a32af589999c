import type { Service } from '../../machine/init/service.ts'
import type { Process } from './process.ts'
import type { UnitParts } from './unit-command.ts'

/** The processes of a unit, and the processor time of those that ended. */
export class UnitProcesses {
  readonly #unit: string
  readonly #parts: UnitParts
  /** The main process, and the one that prepares its start, reloads or stops it. */
  main: number | undefined
  control: number | undefined
  #cpu = 0
  /** The processes whose time is in that. */
  readonly #counted = new WeakSet<Process>()

  constructor(unit: string, parts: UnitParts) {
    this.#unit = unit
    this.#parts = parts
  }

  all(): readonly Process[] {
    return this.#parts.processes.all().filter(({ alive, unit }) => alive && unit === this.#unit)
  }

  /** Those that a stop ends, by `KillMode=` (systemd.kill(5)). */
  targets(mode: Service['killMode']): readonly Process[] {
    if (mode === 'none') return []
    const all = this.all()
    return mode === 'process' ? all.filter(({ pid }) => pid === this.main || pid === this.control) : all
  }

  get memory(): number {
    return this.all().reduce((sum, process) => sum + this.#parts.memory.of(process).pss, 0)
  }

  get cpu(): number {
    return this.all().reduce((sum, process) => sum + this.#parts.cores.usedBy(process), this.#cpu)
  }

  /** Counts the processor time of a process that ended, once: its end is told before the unit hears that it has gone. */
  count(process: Process | undefined): void {
    if (process === undefined || this.#counted.has(process)) return
    this.#counted.add(process)
    this.#cpu += process.cpu
  }

  countAnew(): void {
    this.#cpu = 0
  }
}
