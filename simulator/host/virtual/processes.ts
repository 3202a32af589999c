import type { ExitStatus } from '../../manager/machine.ts'
import type { CommandOptions } from '../../machine/system.ts'
import type { Clock } from './clock.ts'
import { commandMemory } from './command-memory.ts'
import { newProcess, type ProcessInit, type InheritedField, type Process } from './process.ts'
import type { Trace } from './trace.ts'

/** The first shell's PID is this much below that of the first process; the next ones follow in these steps. */
const SHELLS = { below: 64, step: 3 }
const SHELL_MEMORY = 5_200_000

/** What a part of the kernel does when a process starts and ends. */
export interface ProcessWatcher {
  readonly born?: (process: Process, copyOf: Process | undefined) => void
  /** Its code has stopped. */
  readonly stopped?: (process: Process) => void
  /** Its end is in the trace; its parent has not been told yet. */
  readonly ended?: (process: Process) => void
  /** Its parent and its children have been told. */
  readonly gone?: (process: Process, status: ExitStatus) => void
}

/** The process table: PIDs, starts and ends of processes, and the parts that are told of them. */
export class Processes {
  readonly #clock: Clock
  readonly #trace: Trace
  readonly #table = new Map<number, Process>()
  readonly #watchers: ProcessWatcher[] = []
  readonly #firstPid: number
  #nextPid: number
  #nextShell: number

  constructor({ clock, trace }: { clock: Clock; trace: Trace }, firstPid: number) {
    this.#clock = clock
    this.#trace = trace
    this.#firstPid = firstPid
    this.#nextPid = firstPid
    this.#nextShell = Math.max(2, firstPid - SHELLS.below)
  }

  get(pid: number): Process | undefined {
    return this.#table.get(pid)
  }

  /** How many rows the table has. */
  get count(): number {
    return this.#table.size
  }

  /** All processes by age, also those that ended and were not reaped. */
  all(): Process[] {
    return [...this.#table.values()]
  }

  /** Registers a part of the kernel for starts and ends; parts are called in the order of registration. */
  watch(watcher: ProcessWatcher): void {
    this.#watchers.push(watcher)
  }

  newPid(): number {
    return this.#nextPid++
  }

  birth(birth: ProcessInit): Process {
    const process = newProcess(birth)
    this.#table.set(process.pid, process)
    const { pid, ppid, kind, command, terminal, kept } = process
    this.#trace.record({
      type: 'forked',
      pid,
      ppid,
      kind,
      command,
      ...(terminal === undefined ? {} : { terminal }),
      ...(kept === undefined || kind !== 'manager' ? {} : { kept }),
    })
    for (const { born } of this.#watchers) born?.(process, birth.copyOf)
    return process
  }

  /** What a new process inherits from its parent unless it is given: its owner and its streams. */
  inheritedBy({
    ppid = 1,
    user,
    unit,
    cwd,
    container,
    network,
    capabilities,
    kept,
    streams,
  }: Partial<Pick<Process, InheritedField>> & { readonly ppid?: number }): Pick<Process, InheritedField> {
    const parent = this.#table.get(ppid)
    return {
      user: user ?? parent?.user ?? 'user',
      unit: unit ?? parent?.unit,
      cwd: cwd ?? parent?.cwd,
      container: container ?? parent?.container,
      network: network ?? parent?.network,
      capabilities: capabilities ?? parent?.capabilities,
      kept: kept ?? parent?.kept,
      streams: { ...parent?.streams, ...streams },
    }
  }

  /** Starts a short-lived program of the shell, or a shell: see `System.begin`. */
  begin(
    command: string,
    terminal?: string,
    onEnd?: (status: ExitStatus) => void,
    startOptions: CommandOptions = {},
  ): number {
    const { kind = 'command', ppid = 1, group } = startOptions
    const pid = kind === 'shell' ? this.#shellPid() : this.newPid()
    this.birth({
      pid,
      ppid,
      kind,
      command,
      terminal,
      group: group ?? pid,
      startOptions,
      ...this.inheritedBy({ ...startOptions, ppid }),
      env: {},
      startedAt: this.#clock.now,
      settings: undefined,
      print: undefined,
      onEnd,
      memory: kind === 'shell' ? SHELL_MEMORY : commandMemory(command),
    })
    return pid
  }

  /** Ends a process by its PID, if it is alive. */
  end(pid: number, code: number): void {
    const process = this.#table.get(pid)
    if (process !== undefined) this.terminate(process, { code })
  }

  /** A PID for a shell: lower than that of the first server, as long as there is one left. */
  #shellPid(): number {
    const pid = this.#nextShell
    if (pid >= this.#firstPid) return this.newPid()
    this.#nextShell += SHELLS.step
    return pid
  }

  /** Ends a process: its code stops at once, its connections are closed, its parent is told. */
  terminate(process: Process, status: ExitStatus): void {
    if (!process.alive) return
    process.alive = false
    for (const { stopped } of this.#watchers) stopped?.(process)
    this.#trace.record({ type: 'ended', pid: process.pid, status })
    for (const { ended } of this.#watchers) ended?.(process)
    this.#orphan(process.pid)
    this.#tellParent(process, status)
    process.onEnd?.(status)
    for (const { gone } of this.#watchers) gone?.(process, status)
    this.#endHelpers()
  }

  /** Gives the children of an ended process to init. A real worker polls its PPID; here it notices at once. */
  #orphan(parent: number): void {
    for (const child of this.all()) {
      if (child.ppid !== parent) continue
      child.ppid = 1
      if (child.alive) child.handlers?.orphaned()
      else this.#reap(child, 1)
    }
  }

  #tellParent(process: Process, status: ExitStatus): void {
    const parent = this.#table.get(process.ppid)
    const isAwaited = process.kind === 'worker' || process.childEnded !== undefined
    if (parent?.childEnded === undefined || !parent.alive || !isAwaited)
      return this.#reap(process, process.ppid)
    parent.childEnded(process.pid, status, () => this.#reap(process, parent.pid))
  }

  #reap(process: Process, by: number): void {
    if (this.#table.delete(process.pid)) this.#trace.record({ type: 'reaped', pid: process.pid, by })
  }

  /** Python's resource tracker ends with the last process of its group: the manager and every worker hold its pipe open. */
  #endHelpers(): void {
    for (const helper of this.all()) {
      if (helper.kind !== 'helper' || !helper.alive) continue
      const needed = this.all().some(
        (other) => other.alive && other.group === helper.group && other.kind !== 'helper',
      )
      if (!needed) this.terminate(helper, { code: 0 })
    }
  }
}
