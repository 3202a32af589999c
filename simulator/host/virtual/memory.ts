import type { Hardware, MemoryInfo } from '../../machine/hardware.ts'
import { MIB } from '../../machine/hardware.ts'
import { Memory } from '../../machine/memory/memory.ts'
import { oomLines, type OomProcess } from '../../machine/memory/oom-lines.ts'
import type { ProcessInfo } from '../../machine/system.ts'
import type { Clock } from './clock.ts'
import type { Cores } from './cores.ts'
import type { KernelLog } from './kernel-log.ts'
import { nameOf, type Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Trace } from './trace.ts'

/** Memory of a worker with a small application, in bytes (modelled). */
export const WORKER_MEMORY = 38_000_000
/** The part of a fork's shared pages that are copied by the time it has booted: counting references writes to them. */
const COPIED_AT_BOOT = 0.35
/** The part of the still shared pages that each request copies. */
const COPIED_BY_REQUEST = 0.002
/** How many bytes a swapped-out process must read to continue, and how many bytes the disk reads per ms, page by page. */
const WORKING_SET = 8 * MIB
const SWAP_IN = 40_000
/** Address space of a Python process beyond what it uses: libraries and arenas. */
const ADDRESSES = 160 * MIB

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly cores: Cores
  readonly processes: Processes
  readonly kernelLog: KernelLog
}

/** The memory of the machine: processes share it, it swaps, and the OOM killer ends a process when none is left. */
export class MainMemory {
  readonly #parts: Dependencies
  readonly #memory: Memory
  /** Memory limits of containers, in bytes. */
  readonly #limits = new Map<string, number>()
  /** The memory use in the last event of the trace. */
  #told = -1
  #killing = false
  /** How many processes wait for the disk, for the load average. */
  #waiting = 0

  constructor(parts: Dependencies, hardware: Hardware) {
    this.#parts = parts
    this.#memory = new Memory(hardware)
  }

  /** Sets the memory limit of a container; `undefined` removes it. */
  limit(container: string, bytes: number | undefined): void {
    if (bytes === undefined) this.#limits.delete(container)
    else this.#limits.set(container, bytes)
  }

  info(): MemoryInfo {
    const { total, used, swapTotal, swapUsed } = this.#memory
    const available = Math.max(0, total - used)
    // Files that were read stay in the page cache while there is room.
    const cache = Math.min(Math.floor(available * 0.6), 600 * MIB)
    return { total, used, free: available - cache, cache, available, swapTotal, swapUsed }
  }

  of(process: Process): Pick<ProcessInfo, 'memory' | 'shared' | 'pss' | 'swapped' | 'virtual' | 'oomScore'> {
    const { rss, shared, pss, swapped } = this.#memory.of(process.pid)
    const { total, swapTotal } = this.#memory
    const badness = this.#memory.badness(process.pid) ?? 0
    const oomScore = Math.max(
      0,
      Math.round(666 + (667 * badness) / (total + swapTotal)) - (badness > 0 ? 0 : 666),
    )
    return { memory: rss, shared, pss, swapped, virtual: virtualOf(process), oomScore }
  }

  born(process: Process, copyOf: Process | undefined): void {
    const { pid, kind } = process
    const { now } = this.#parts.clock
    if (copyOf === undefined) this.#memory.born(pid, process.memory, now, kind === 'init' ? -1000 : 0)
    else this.#memory.fork(copyOf.pid, pid, Math.max(0, copyOf.memory - WORKER_MEMORY), now)
    this.#tell(process)
    this.#makeRoom(process)
  }

  ended({ pid }: Process): void {
    this.#memory.ended(pid)
    this.#tellUsed()
  }

  /** Sets the memory of a process. */
  resize(process: Process, bytes: number): void {
    process.memory = bytes
    this.#memory.resize(process.pid, bytes)
    this.#tell(process)
    this.#makeRoom(process)
  }

  /** A forked worker has booted, or has handled a request: it has copied the pages that it wrote to. */
  touch(process: Process, when: 'boot' | 'request'): void {
    const copied = this.#memory.touch(process.pid, when === 'boot' ? COPIED_AT_BOOT : COPIED_BY_REQUEST)
    if (copied === 0) return
    this.#tell(process)
    this.#makeRoom(process)
  }

  /** Before a process runs: reads the pages that it needs from swap. The process waits for them, then `goOn` is called. */
  use(process: Process, goOn: (process: Process) => void | Promise<void>): void {
    const { clock, cores, trace } = this.#parts
    const { now } = clock
    const bytes = this.#memory.use(process.pid, WORKING_SET, now)
    if (bytes === 0) return
    const until = now + bytes / SWAP_IN
    process.waitsForDisk += 1
    cores.suspend(process)
    trace.record({ type: 'swapping', pid: process.pid, until })
    this.#tell(process)
    this.#blocked(1)
    clock.schedule(until, () => {
      process.waitsForDisk -= 1
      this.#blocked(-1)
      if (!process.alive) return
      cores.resume(process)
      return goOn(process)
    })
    this.#makeRoom(process)
  }

  #blocked(change: number): void {
    this.#waiting += change
    this.#parts.cores.setBlocked(this.#waiting)
  }

  resizeMachine(hardware: Hardware): void {
    this.#memory.resizeMachine(hardware)
    const first = this.#parts.processes.all().find(({ alive }) => alive)
    if (first !== undefined) this.#makeRoom(first)
    this.#tellUsed()
  }

  /** Swaps pages out, then kills processes, until there is room. */
  #makeRoom(invoker: Process): void {
    if (this.#killing) return
    this.#killing = true
    while (this.#memory.squeeze() > 0) {
      const victim = this.#parts.processes.get(this.#memory.worst() ?? -1)
      if (victim === undefined) break
      this.#kill(invoker, victim, this.#parts.processes.all())
    }
    const { container } = invoker
    const limit = container === undefined ? undefined : this.#limits.get(container)
    if (container !== undefined && limit !== undefined) this.#keepWithin(invoker, container, limit)
    this.#killing = false
    this.#tellUsed()
  }

  /** Enforces the memory limit of a container. */
  #keepWithin(invoker: Process, container: string, limit: number): void {
    for (;;) {
      const inside = this.#parts.processes
        .all()
        .filter((process) => process.alive && process.container === container)
      if (inside.reduce((sum, { pid }) => sum + this.#memory.of(pid).pss, 0) <= limit) return
      const victim = this.#parts.processes.get(this.#memory.worst(inside.map(({ pid }) => pid)) ?? -1)
      if (victim === undefined) return
      this.#kill(invoker, victim, inside, container)
    }
  }

  #kill(invoker: Process, victim: Process, all: Iterable<Process>, container?: string): void {
    const others = [...all].filter(({ alive }) => alive)
    const lines = oomLines(
      this.#casualty(invoker),
      this.#casualty(victim),
      others.map((each) => this.#casualty(each)),
      container,
    )
    const { rss: bytes } = this.#memory.of(victim.pid)
    const fact = { type: 'out-of-memory', pid: victim.pid, invoker: invoker.pid, bytes } as const
    this.#parts.trace.record(container === undefined ? fact : { ...fact, container })
    for (const line of lines) this.#parts.kernelLog.say(line)
    victim.oomKilled = true
    this.#parts.processes.terminate(victim, { signal: 'KILL' })
  }

  #casualty(process: Process): OomProcess {
    const { rss, swapped } = this.#memory.of(process.pid)
    return {
      pid: process.pid,
      name: nameOf(process),
      uid: process.user === 'root' ? 0 : 1000,
      virtual: virtualOf(process),
      anonymous: rss,
      swapped,
      adjust: process.kind === 'init' ? -1000 : 0,
    }
  }

  #tell({ pid }: Process): void {
    const { rss, shared, swapped } = this.#memory.of(pid)
    this.#parts.trace.record({
      type: 'memory',
      pid,
      bytes: rss,
      ...(shared === 0 ? {} : { shared }),
      ...(swapped === 0 ? {} : { swapped }),
    })
  }

  #tellUsed(): void {
    const { used, swapUsed } = this.#memory
    if (Math.abs(used + swapUsed - this.#told) < MIB) return
    this.#told = used + swapUsed
    this.#parts.trace.record({ type: 'memory-used', used, swapUsed })
  }
}

function virtualOf({ memory, kind }: Process): number {
  return kind === 'manager' || kind === 'worker' ? ADDRESSES + memory : Math.round(memory * 2.5)
}
