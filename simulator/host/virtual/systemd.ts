import {
  UNIT_FOLDER,
  type InitSystem,
  type UnitJobResult,
  type JournalEntry,
  type UnitStatus,
} from '../../machine/init/api.ts'
import { pathOfUnit } from '../../machine/init/unit-path.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import { nameOf, type Process } from './process.ts'
import type { UnitParts } from './unit-command.ts'
import type { Unit } from './unit.ts'
import type * as unitCode from './unit-code.ts'

/** How many lines of the journal are kept. */
const KEPT = 5000

/** The code that reads and runs units, once it is loaded: most sessions have none. */
let code: typeof unitCode | undefined

/** Loads the code of units, for every machine. It takes no virtual time. */
export async function loadUnits(): Promise<void> {
  code ??= await import('./unit-code.ts')
}

function loaded(): typeof unitCode {
  if (code === undefined) throw new Error('the code of units is not loaded: await `init.load()` first')
  return code
}

/** PID 1: the init system. It reads a unit's file when the unit is first used, and at `daemon-reload`. */
export class Systemd implements InitSystem {
  readonly #parts: UnitParts
  readonly #units = new Map<string, Unit>()
  /** The text of each file as it was loaded. */
  readonly #loaded = new Map<string, string>()
  readonly #enabled = new Set<string>()
  readonly #journal: JournalEntry[] = []
  /** The last, unfinished line of each process. */
  readonly #partial = new Map<number, string>()

  constructor(parts: UnitParts) {
    this.#parts = parts
  }

  load(): Promise<void> {
    return loadUnits()
  }

  units(): readonly UnitStatus[] {
    return code === undefined ? [] : this.names().flatMap((name) => this.status(name) ?? [])
  }

  names(): readonly string[] {
    const files = this.#parts.files
      .list()
      .filter((path) => path.startsWith(`${UNIT_FOLDER}/`) && path.endsWith('.service'))
      .map((path) => path.slice(UNIT_FOLDER.length + 1))
    const names = new Set([...files, ...[...this.#units.values()].filter(isThere).map(({ name }) => name)])
    return [...names].toSorted()
  }

  status(name: string): UnitStatus | undefined {
    const unit = this.#find(name)
    if (unit === undefined) return undefined
    const path = this.#path(unit.name)
    const text = this.#parts.files.read(path)
    const { service, problems } = unit.read
    return {
      name: unit.name,
      description: service?.description ?? unit.name,
      path,
      loaded: text === undefined ? 'not-found' : service === undefined ? 'bad-setting' : 'loaded',
      problems,
      needsReload: text !== this.#loaded.get(unit.name),
      enabled: this.#enabled.has(unit.name)
        ? 'enabled'
        : (service?.wantedBy.length ?? 0) > 0
          ? 'disabled'
          : 'static',
      ...unit.state(),
    }
  }

  #path(name: string): string {
    return pathOfUnit(name, (path) => this.#parts.files.read(path) !== undefined)
  }

  #find(typed: string): Unit | undefined {
    const name = typed.includes('.') ? typed : `${typed}.service`
    const known = this.#units.get(name)
    if (known !== undefined) return known
    const path = this.#path(name)
    const text = this.#parts.files.read(path)
    if (text === undefined) return undefined
    this.#loaded.set(name, text)
    const say = (line: string, priority: JournalEntry['priority'] = 6, pid = 1): void =>
      this.#write({ unit: name, identifier: 'systemd', pid, text: line, priority })
    const { Unit, readUnit } = loaded()
    const unit = new Unit(this.#parts, name, readUnit(name, text, path), say)
    for (const problem of unit.read.problems) say(problem, 4)
    this.#units.set(name, unit)
    return unit
  }

  start(name: string, done: (result: UnitJobResult) => void = ignore): void {
    const unit = this.#find(name)
    if (unit === undefined) return done('not-found')
    unit.start(done)
  }

  stop(name: string, done: (result: UnitJobResult) => void = ignore): void {
    const unit = this.#find(name)
    if (unit === undefined) return done('not-found')
    unit.stop(done)
  }

  restart(name: string, done: (result: UnitJobResult) => void = ignore): void {
    const unit = this.#find(name)
    if (unit === undefined) return done('not-found')
    unit.stop(ignore)
    unit.start(done)
  }

  reload(name: string, done: (result: UnitJobResult) => void = ignore): void {
    const unit = this.#find(name)
    if (unit === undefined) return done('not-found')
    unit.reload(done)
  }

  enable(name: string): 'done' | 'not-found' | 'static' {
    const unit = this.#find(name)
    if (unit === undefined) return 'not-found'
    if ((unit.read.service?.wantedBy.length ?? 0) === 0) return 'static'
    this.#enabled.add(unit.name)
    return 'done'
  }

  disable(name: string): 'done' | 'not-found' | 'static' {
    const unit = this.#find(name)
    if (unit === undefined) return 'not-found'
    if ((unit.read.service?.wantedBy.length ?? 0) === 0) return 'static'
    this.#enabled.delete(unit.name)
    return 'done'
  }

  notify(pid: number, message: string): void {
    const unit = this.#parts.processes.get(pid)?.unit
    if (unit !== undefined) this.#units.get(unit)?.notified(pid, message)
  }

  resetFailed(name?: string): void {
    if (name !== undefined) this.#find(name)?.resetFailed()
    else for (const unit of this.#units.values()) unit.resetFailed()
  }

  daemonReload(): void {
    for (const [name, unit] of [...this.#units]) {
      const path = this.#path(name)
      const text = this.#parts.files.read(path)
      if (text === undefined && unit.active === 'inactive') this.#units.delete(name)
      if (text === undefined || text === this.#loaded.get(name)) continue
      this.#loaded.set(name, text)
      unit.read = loaded().readUnit(name, text, path)
      for (const problem of unit.read.problems) {
        this.#write({ unit: name, identifier: 'systemd', pid: 1, text: problem, priority: 4 })
      }
    }
  }

  journal(filter: { readonly unit?: string; readonly since?: number } = {}): readonly JournalEntry[] {
    const { unit, since = 0 } = filter
    const name = unit === undefined || unit.includes('.') ? unit : `${unit}.service`
    return this.#journal.filter((each) => each.at >= since && (name === undefined || each.unit === name))
  }

  /** A line of the kernel's log is in the journal as well. */
  kernelSaid(text: string): void {
    this.#write({ unit: undefined, identifier: 'kernel', pid: 0, text, priority: 4 })
  }

  /** A process of a unit wrote something: whole lines go into the journal. */
  written(process: Process, text: string): void {
    const { pid, unit } = process
    if (unit === undefined) return
    const lines = ((this.#partial.get(pid) ?? '') + text).split('\n')
    const rest = lines.pop() ?? ''
    if (rest === '') this.#partial.delete(pid)
    else this.#partial.set(pid, rest)
    const identifier = this.#startedAs(process)
    for (const line of lines) this.#write({ unit, identifier, pid, text: line, priority: 6 })
  }

  /** The program that the unit named: its stream leads to the journal, whoever writes to it later. */
  #startedAs(process: Process): string {
    const parent = this.#parts.processes.get(process.ppid)
    return parent?.unit === process.unit && parent !== undefined ? this.#startedAs(parent) : nameOf(process)
  }

  /** A process ended that belonged to a unit. */
  processEnded(process: Process, status: ExitStatus): void {
    if (process.unit === undefined) return
    const rest = this.#partial.get(process.pid)
    if (rest !== undefined) this.written(process, '\n')
    this.#units.get(process.unit)?.processEnded(process, status)
  }

  /** The machine goes down: every unit stops. */
  stopAll(): void {
    for (const unit of this.#units.values()) unit.stop(ignore)
  }

  /** The power is gone. */
  forget(): void {
    for (const unit of this.#units.values()) unit.forget()
  }

  /** The machine boots: it starts what is enabled. */
  boot(): void {
    for (const unit of this.#units.values()) unit.forget()
    this.#units.clear()
    this.#loaded.clear()
    for (const name of [...this.#enabled].toSorted()) {
      if (this.#parts.files.read(this.#path(name)) !== undefined) this.start(name)
    }
  }

  #write(entry: Omit<JournalEntry, 'at'>): void {
    this.#journal.push({ at: this.#parts.clock.now, ...entry })
    if (this.#journal.length > 2 * KEPT) this.#journal.splice(0, KEPT)
    const { unit, identifier, pid, text } = entry
    this.#parts.trace.record({ type: 'journal', unit, identifier, pid, text })
  }
}

function isThere({ active }: Unit): boolean {
  return active !== 'inactive'
}

function ignore(): void {
  // No caller waits for the result.
}
