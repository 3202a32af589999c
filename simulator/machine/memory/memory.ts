import { MIB, type Hardware } from '../hardware.ts'

/** Memory that the kernel and system services use, in bytes; modelled on a Debian 12 server without a desktop. */
export const SYSTEM_MEMORY = 88 * MIB
/** Bytes of page tables for each byte of a process: 8 for a page of 4096. */
const PAGE_TABLES = 8 / 4096

/** Copy-on-write pages: a process and its forked children share them until one of them writes to a page. */
interface MemorySegment {
  /** How many bytes each process still shares, by PID; it has its own copy of the rest. */
  readonly kept: Map<number, number>
  /** Bytes that the process only reads, e.g. a model's weights; the interpreter's objects are written to as it runs. */
  readonly bulk: number
}

interface Space {
  /** Private resident pages, in bytes. */
  own: number
  swapped: number
  readonly segments: Set<MemorySegment>
  /** When the process last ran (virtual ms): the one that has slept longest is swapped out first. */
  usedAt: number
  /** -1000 (never) to 1000 (first): `/proc/PID/oom_score_adj`. */
  adjust: number
}

/** The memory of a process, in bytes. */
export interface ProcessMemory {
  /** Private and shared pages. */
  readonly rss: number
  readonly shared: number
  readonly pss: number
  readonly swapped: number
}

/** The memory of a machine: the pages of each process, which of them are shared or in swap, and which process the OOM killer takes. */
export class Memory {
  #total: number
  #swap: number
  readonly #spaces = new Map<number, Space>()
  readonly #segments = new Set<MemorySegment>()
  #own = 0
  #swapUsed = 0

  constructor({ memory, swap }: Pick<Hardware, 'memory' | 'swap'>) {
    this.#total = memory
    this.#swap = swap
  }

  get total(): number {
    return this.#total
  }

  get swapTotal(): number {
    return this.#swap
  }

  get swapUsed(): number {
    return this.#swapUsed
  }

  /** Memory in use by processes and by the system, in bytes. */
  get used(): number {
    let used = SYSTEM_MEMORY + this.#own
    for (const { kept } of this.#segments) used += Math.max(...kept.values())
    return used
  }

  resizeMachine({ memory, swap }: Pick<Hardware, 'memory' | 'swap'>): void {
    this.#total = memory
    this.#swap = swap
    // Less swap than is used: what does not fit returns to memory.
    for (const space of this.#spaces.values()) {
      if (this.#swapUsed <= swap) return
      this.#move(space, -Math.min(space.swapped, this.#swapUsed - swap))
    }
  }

  /** Adds a process with this many private bytes. */
  born(pid: number, bytes: number, now: number, adjust = 0): void {
    this.#spaces.set(pid, { own: bytes, swapped: 0, segments: new Set(), usedAt: now, adjust })
    this.#own += bytes
  }

  /** Adds `child`, a fork of `parent`: it shares all of the parent's pages, of which `bulk` bytes are never written to. */
  fork(parent: number, child: number, bulk: number, now: number): void {
    const space = this.#spaces.get(parent)
    if (space === undefined) return this.born(child, 0, now)
    if (space.own > 0) {
      const segment: MemorySegment = { kept: new Map([[parent, space.own]]), bulk: Math.min(bulk, space.own) }
      this.#own -= space.own
      space.own = 0
      space.segments.add(segment)
      this.#segments.add(segment)
    }
    for (const segment of space.segments) segment.kept.set(child, segment.kept.get(parent) ?? 0)
    this.#spaces.set(child, {
      own: 0,
      swapped: 0,
      segments: new Set(space.segments),
      usedAt: now,
      adjust: space.adjust,
    })
  }

  /**
   * A process writes to this part (0 to 1) of its shared pages, except the bulk, and gets private copies.
   * @returns how many bytes were copied
   */
  touch(pid: number, part: number): number {
    const space = this.#spaces.get(pid)
    if (space === undefined) return 0
    let copied = 0
    for (const segment of space.segments) {
      const kept = segment.kept.get(pid) ?? 0
      const bytes = Math.floor(Math.max(0, kept - segment.bulk) * part)
      segment.kept.set(pid, kept - bytes)
      copied += bytes
    }
    space.own += copied
    this.#own += copied
    return copied
  }

  /** Sets the total size of a process in bytes. Shared pages stay shared. */
  resize(pid: number, bytes: number): void {
    const space = this.#spaces.get(pid)
    if (space === undefined) return
    const change = bytes - this.#size(pid, space)
    if (change >= 0) return this.#grow(space, change)
    const fromSwap = Math.min(space.swapped, -change)
    space.swapped -= fromSwap
    this.#swapUsed -= fromSwap
    this.#grow(space, -Math.min(space.own, -change - fromSwap))
  }

  #grow(space: Space, bytes: number): void {
    space.own += bytes
    this.#own += bytes
  }

  #move(space: Space, toSwap: number): void {
    this.#grow(space, -toSwap)
    space.swapped += toSwap
    this.#swapUsed += toSwap
  }

  #size(pid: number, space: Space): number {
    return space.own + space.swapped + this.#shared(pid, space)
  }

  #shared(pid: number, space: Space): number {
    let shared = 0
    for (const { kept } of space.segments) shared += kept.get(pid) ?? 0
    return shared
  }

  /** The size of a process in bytes, resident or in swap. */
  size(pid: number): number {
    const space = this.#spaces.get(pid)
    return space === undefined ? 0 : this.#size(pid, space)
  }

  /** A process runs, so up to `atMost` bytes of it are read back from swap. @returns how many */
  use(pid: number, atMost: number, now: number): number {
    const space = this.#spaces.get(pid)
    if (space === undefined) return 0
    space.usedAt = now
    const bytes = Math.min(space.swapped, atMost)
    if (bytes > 0) this.#move(space, -bytes)
    return bytes
  }

  ended(pid: number): void {
    const space = this.#spaces.get(pid)
    if (space === undefined) return
    this.#spaces.delete(pid)
    this.#own -= space.own
    this.#swapUsed -= space.swapped
    for (const segment of space.segments) {
      segment.kept.delete(pid)
      const [last] = segment.kept
      if (segment.kept.size > 1 || last === undefined) continue
      // The last process that shares the pages gets them as private ones.
      const owner = this.#spaces.get(last[0])
      owner?.segments.delete(segment)
      if (owner !== undefined) this.#grow(owner, last[1])
      this.#segments.delete(segment)
    }
    if (this.#spaces.size === 0) this.#own = this.#swapUsed = 0
  }

  of(pid: number): ProcessMemory {
    const space = this.#spaces.get(pid)
    if (space === undefined) return { rss: 0, shared: 0, pss: 0, swapped: 0 }
    const shared = this.#shared(pid, space)
    let pss = space.own
    for (const segment of space.segments) pss += proportion(segment, pid)
    return { rss: space.own + shared, shared, pss, swapped: space.swapped }
  }

  /**
   * Swaps out the pages of the processes that have slept longest, until memory suffices.
   * @returns how many bytes are still missing: if any, the OOM killer must take a process
   */
  squeeze(): number {
    const missing = this.used - this.#total
    if (missing <= 0) return 0
    let left = missing
    const sleepers = [...this.#spaces.values()].sort((a, b) => a.usedAt - b.usedAt)
    for (const space of sleepers) {
      const bytes = Math.min(space.own, left, this.#swap - this.#swapUsed)
      if (bytes <= 0) continue
      this.#move(space, bytes)
      left -= bytes
      if (left <= 0) return 0
    }
    return left
  }

  /**
   * `oom_badness` (Linux 6.1, mm/oom_kill.c): the size of a process with its page tables, and its adjustment in thousandths of all memory.
   * In bytes; `undefined` for a process that is never killed.
   */
  badness(pid: number): number | undefined {
    const space = this.#spaces.get(pid)
    if (space === undefined || space.adjust === -1000) return undefined
    const points = this.#size(pid, space) * (1 + PAGE_TABLES)
    return points + (space.adjust * (this.#total + this.#swap)) / 1000
  }

  /** The PID with the highest badness, the oldest of equal ones. @param among the processes to choose from */
  worst(among: Iterable<number> = this.#spaces.keys()): number | undefined {
    let worst: number | undefined
    let most = -Infinity
    for (const pid of among) {
      const points = this.badness(pid)
      if (points === undefined || points <= most) continue
      most = points
      worst = pid
    }
    return worst
  }
}

/** A process's part of the PSS of shared pages: each page counts for the processes that have not copied it, in equal parts. */
function proportion({ kept }: MemorySegment, pid: number): number {
  const mine = kept.get(pid) ?? 0
  const levels = [...kept.values()].sort((a, b) => a - b)
  let share = 0
  let below = 0
  for (const [index, level] of levels.entries()) {
    if (below >= mine) break
    share += (Math.min(level, mine) - below) / (levels.length - index)
    below = Math.min(level, mine)
  }
  return share
}
