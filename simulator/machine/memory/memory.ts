import { MIB, type Hardware } from '../hardware.ts'

/** What the kernel and the services of a small server take, in bytes; modelled on a Debian 12 without a desktop. */
export const SYSTEM_MEMORY = 88 * MIB
/** What the page tables of a process take beside each byte of it (8 bytes for a page of 4096). */
const PAGE_TABLES = 8 / 4096

/** Pages that were one process's when it forked, and that it and its children have in common until somebody writes to them. */
interface Segment {
  /** What each still has in common, in bytes: who has less has copied the rest. */
  readonly kept: Map<number, number>
  /** Bytes that nobody writes to by merely running: a model's weights, as against the interpreter's objects. */
  readonly bulk: number
}

interface Space {
  /** Resident pages that are its alone, in bytes. */
  own: number
  swapped: number
  readonly segments: Set<Segment>
  /** When it last ran: who sleeps longest is swapped out first. */
  usedAt: number
  /** -1000 (never) to 1000 (first): `/proc/PID/oom_score_adj`. */
  adjust: number
}

/** What a process has, in bytes. */
export interface Resident {
  /** Own and shared pages. */
  readonly rss: number
  readonly shared: number
  readonly pss: number
  readonly swapped: number
}

/** The memory of a machine: who has which pages, what is shared, what is in swap, and whom to kill when all is taken. */
export class Memory {
  #total: number
  #swap: number
  readonly #spaces = new Map<number, Space>()
  readonly #segments = new Set<Segment>()
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

  /** Pages in use, the system's own included, in bytes. */
  get used(): number {
    let used = SYSTEM_MEMORY + this.#own
    for (const { kept } of this.#segments) used += Math.max(...kept.values())
    return used
  }

  resizeMachine({ memory, swap }: Pick<Hardware, 'memory' | 'swap'>): void {
    this.#total = memory
    this.#swap = swap
    // Less swap than is used: what does not fit comes back.
    for (const space of this.#spaces.values()) {
      if (this.#swapUsed <= swap) return
      this.#move(space, -Math.min(space.swapped, this.#swapUsed - swap))
    }
  }

  /** A new process with so many bytes of its own. */
  born(pid: number, bytes: number, now: number, adjust = 0): void {
    this.#spaces.set(pid, { own: bytes, swapped: 0, segments: new Set(), usedAt: now, adjust })
    this.#own += bytes
  }

  /** `child` is a copy of `parent`: all that the parent has they now have in common, `bulk` bytes of it never written to. */
  fork(parent: number, child: number, bulk: number, now: number): void {
    const space = this.#spaces.get(parent)
    if (space === undefined) return this.born(child, 0, now)
    if (space.own > 0) {
      const segment: Segment = { kept: new Map([[parent, space.own]]), bulk: Math.min(bulk, space.own) }
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

  /** A process writes to a part of what it has in common with others, bulk aside: it gets copies of its own. The answer is how many bytes. */
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

  /** A process has so many bytes in all from now on. What it has in common with others stays so. */
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

  /** All that a process has, resident or not, in bytes. */
  size(pid: number): number {
    const space = this.#spaces.get(pid)
    return space === undefined ? 0 : this.#size(pid, space)
  }

  /** A process runs: pages that it needs come back from swap. The answer is how many bytes had to be read. */
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
      // Who is alone with it has it as its own.
      const owner = this.#spaces.get(last[0])
      owner?.segments.delete(segment)
      if (owner !== undefined) this.#grow(owner, last[1])
      this.#segments.delete(segment)
    }
    if (this.#spaces.size === 0) this.#own = this.#swapUsed = 0
  }

  of(pid: number): Resident {
    const space = this.#spaces.get(pid)
    if (space === undefined) return { rss: 0, shared: 0, pss: 0, swapped: 0 }
    const shared = this.#shared(pid, space)
    let pss = space.own
    for (const segment of space.segments) pss += proportion(segment, pid)
    return { rss: space.own + shared, shared, pss, swapped: space.swapped }
  }

  /**
   * Makes room when more is used than there is: pages of who slept longest go to swap. The answer is how many bytes are still missing;
   * then somebody has to be killed.
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
   * `oom_badness` (Linux 6.1, mm/oom_kill.c): resident pages, pages in swap and page tables, and the adjustment in thousandths of all
   * memory. In bytes; `undefined`: it is never killed.
   */
  badness(pid: number): number | undefined {
    const space = this.#spaces.get(pid)
    if (space === undefined || space.adjust === -1000) return undefined
    const points = this.#size(pid, space) * (1 + PAGE_TABLES)
    return points + (space.adjust * (this.#total + this.#swap)) / 1000
  }

  /** Whom the OOM killer takes: the worst; of equals the one that came first into the table. `among`: only these. */
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

/** The share that a process bears of pages that it has in common: who has copied more has nothing of the upper layers. */
function proportion({ kept }: Segment, pid: number): number {
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
