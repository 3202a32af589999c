import type { Hardware, MemoryInfo } from '../../machine/hardware.ts'
import { MIB } from '../../machine/hardware.ts'
import { Memory } from '../../machine/memory/memory.ts'
import { oomLines, type Casualty } from '../../machine/memory/oom-lines.ts'
import type { ProcessInfo } from '../../machine/system.ts'
import { nameOf, type Kernel } from './kernel.ts'
import type { Process } from './process.ts'

/** What a worker with a small application takes, in bytes; modelled. */
export const WORKER_MEMORY = 38_000_000
/** The part of a fork's pages with objects of the interpreter that it has copied when it has booted: counting references writes to them. */
const COPIED_AT_BOOT = 0.35
/** And what each request adds of the rest. */
const COPIED_BY_REQUEST = 0.002
/** So much of what is in swap a process needs to go on, in bytes; and so much the disk reads in a ms, page by page. */
const WORKING_SET = 8 * MIB
const SWAP_IN = 40_000
/** Address space that a Python process has beside what it uses: libraries and arenas. */
const ADDRESSES = 160 * MIB

/** Gives the processes of the machine their memory, swaps, and kills when there is none left. */
export class MemoryHost {
  readonly memory: Memory
  readonly #kernel: Kernel
  #said = -1
  #killing = false

  constructor(kernel: Kernel, hardware: Hardware) {
    this.#kernel = kernel
    this.memory = new Memory(hardware)
  }

  info(): MemoryInfo {
    const { total, used, swapTotal, swapUsed } = this.memory
    const available = Math.max(0, total - used)
    // Files that were read stay in memory as long as nobody needs the room.
    const cache = Math.min(Math.floor(available * 0.6), 600 * MIB)
    return { total, used, free: available - cache, cache, available, swapTotal, swapUsed }
  }

  of(process: Process): Pick<ProcessInfo, 'memory' | 'shared' | 'pss' | 'swapped' | 'virtual' | 'oomScore'> {
    const { rss, shared, pss, swapped } = this.memory.of(process.pid)
    const { total, swapTotal } = this.memory
    const badness = this.memory.badness(process.pid) ?? 0
    const oomScore = Math.max(
      0,
      Math.round(666 + (667 * badness) / (total + swapTotal)) - (badness > 0 ? 0 : 666),
    )
    return { memory: rss, shared, pss, swapped, virtual: virtualOf(process), oomScore }
  }

  born(process: Process, copyOf: Process | undefined): void {
    const { pid, kind } = process
    const { now } = this.#kernel
    if (copyOf === undefined) this.memory.born(pid, process.memory, now, kind === 'init' ? -1000 : 0)
    else this.memory.fork(copyOf.pid, pid, Math.max(0, copyOf.memory - WORKER_MEMORY), now)
    this.#tell(process)
    this.#makeRoom(process)
  }

  ended({ pid }: Process): void {
    this.memory.ended(pid)
    this.#tellUsed()
  }

  /** A process has so many bytes in all from now on. */
  resize(process: Process, bytes: number): void {
    process.memory = bytes
    this.memory.resize(process.pid, bytes)
    this.#tell(process)
    this.#makeRoom(process)
  }

  /** A forked worker has booted, or has worked: it has copied what it wrote to. */
  touch(process: Process, when: 'boot' | 'request'): void {
    const copied = this.memory.touch(process.pid, when === 'boot' ? COPIED_AT_BOOT : COPIED_BY_REQUEST)
    if (copied === 0) return
    this.#tell(process)
    this.#makeRoom(process)
  }

  /** A process is to run: pages that it needs are read from swap first, and it waits for them. */
  use(process: Process): void {
    const { now, cores } = this.#kernel
    const bytes = this.memory.use(process.pid, WORKING_SET, now)
    if (bytes === 0) return
    const until = now + bytes / SWAP_IN
    process.waitsForDisk += 1
    cores.suspend(process)
    this.#kernel.record({ type: 'swapping', pid: process.pid, until })
    this.#tell(process)
    this.#blocked(1)
    this.#kernel.schedule(until, () => {
      process.waitsForDisk -= 1
      this.#blocked(-1)
      if (!process.alive) return
      cores.resume(process)
      return this.#kernel.threads.drain(process)
    })
    this.#makeRoom(process)
  }

  #waiting = 0

  #blocked(change: number): void {
    this.#waiting += change
    this.#kernel.cores.processor.setBlocked(this.#waiting, this.#kernel.now)
  }

  resizeMachine(hardware: Hardware): void {
    this.memory.resizeMachine(hardware)
    const first = [...this.#kernel.table.values()].find(({ alive }) => alive)
    if (first !== undefined) this.#makeRoom(first)
    this.#tellUsed()
  }

  /** Swaps, and kills until there is room. */
  #makeRoom(invoker: Process): void {
    if (this.#killing) return
    this.#killing = true
    while (this.memory.squeeze() > 0) {
      const victim = this.#kernel.table.get(this.memory.worst() ?? -1)
      if (victim === undefined) break
      this.#kill(invoker, victim, this.#kernel.table.values())
    }
    const { container } = invoker
    const limit = container === undefined ? undefined : this.#kernel.keepers.memoryLimit(container)
    if (container !== undefined && limit !== undefined) this.#keepWithin(invoker, container, limit)
    this.#killing = false
    this.#tellUsed()
  }

  /** The memory that a container may have. */
  #keepWithin(invoker: Process, container: string, limit: number): void {
    for (;;) {
      const inside = [...this.#kernel.table.values()].filter(
        (process) => process.alive && process.container === container,
      )
      if (inside.reduce((sum, { pid }) => sum + this.memory.of(pid).pss, 0) <= limit) return
      const victim = this.#kernel.table.get(this.memory.worst(inside.map(({ pid }) => pid)) ?? -1)
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
    const { rss: bytes } = this.memory.of(victim.pid)
    const fact = { type: 'out-of-memory', pid: victim.pid, invoker: invoker.pid, bytes } as const
    this.#kernel.record(container === undefined ? fact : { ...fact, container })
    for (const line of lines) this.#kernel.say(line)
    victim.oomKilled = true
    this.#kernel.terminate(victim, { signal: 'KILL' })
  }

  #casualty(process: Process): Casualty {
    const { rss, swapped } = this.memory.of(process.pid)
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
    const { rss, shared, swapped } = this.memory.of(pid)
    this.#kernel.record({
      type: 'memory',
      pid,
      bytes: rss,
      ...(shared === 0 ? {} : { shared }),
      ...(swapped === 0 ? {} : { swapped }),
    })
  }

  #tellUsed(): void {
    const { used, swapUsed } = this.memory
    if (Math.abs(used + swapUsed - this.#said) < MIB) return
    this.#said = used + swapUsed
    this.#kernel.record({ type: 'memory-used', used, swapUsed })
  }
}

function virtualOf({ memory, kind }: Process): number {
  return kind === 'manager' || kind === 'worker' ? ADDRESSES + memory : Math.round(memory * 2.5)
}
