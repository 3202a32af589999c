/** A name of the recording and the PID of ours that it stands for. */
export type Pair = readonly [name: string, pid: number]

/** The lines of one process, in their order. */
export interface Track<Line> {
  /** The process of these lines, on the side where it is known. */
  readonly owner: { readonly pid: number } | { readonly name: string }
  readonly lines: readonly Line[]
  /** Neighbouring lines with the same mark may come in either order; `undefined`: they may not. */
  readonly commutes: (line: Line) => string | undefined
  /** Owners with the same twin differ only in their PIDs: while neither is bound, trying one of them is enough. */
  readonly twin: string
}

/** The problem: is this list of items an interleaving of these tracks? */
export interface Shuffle<Item, Line> {
  readonly items: readonly Item[]
  readonly tracks: readonly Track<Line>[]
  /** The names and PIDs that are paired if the item is this line of this track; `undefined` if it cannot be. */
  readonly links: (item: Item, line: Line, track: Track<Line>) => readonly Pair[] | undefined
  /** Pairs that are known from the start. */
  readonly bound: readonly Pair[]
  /** The items may end before the tracks do. */
  readonly prefix: boolean
  /** A final check of the names found. */
  readonly accept: (names: ReadonlyMap<string, number>) => boolean
}

/** How far the search came at best. */
export interface Reach<Line> {
  /** How many items could be placed. */
  readonly placed: number
  /** The next line of each track. */
  readonly offers: readonly { readonly track: Track<Line>; readonly lines: readonly Line[] }[]
  readonly names: ReadonlyMap<string, number>
}

export type ShuffleResult<Line> =
  | { readonly found: true; readonly names: ReadonlyMap<string, number> }
  | { readonly found: false; readonly reach: Reach<Line>; readonly why: 'none' | 'refused' | 'gave up' }

/** The maximal number of steps: more than any true interleaving of our sizes needs. */
const PATIENCE = 200_000

/**
 * Searches for an interleaving, depth first. A state is how far each track has been used and which names are bound; a state that failed is
 * not entered again.
 */
export function shuffle<Item, Line>(problem: Shuffle<Item, Line>, patience = PATIENCE): ShuffleResult<Line> {
  const { items, tracks, links, prefix, accept } = problem
  const marks = tracks.map((track) => track.lines.map((line) => track.commutes(line)))
  const used = tracks.map(() => 0)
  // Lines taken out of order, by index, while an earlier neighbour still waits.
  const ahead = tracks.map(() => new Set<number>())
  const pidOf = new Map<string, number>()
  const nameOf = new Map<number, string>()
  for (const [name, pid] of problem.bound) {
    pidOf.set(name, pid)
    nameOf.set(pid, name)
  }
  // The position of a name's PID in the key of a state.
  const slots: number[] = []
  const slotOf = new Map<string, number>()
  const note = (name: string, pid: number) => {
    let slot = slotOf.get(name)
    if (slot === undefined) slotOf.set(name, (slot = slotOf.size))
    slots[slot] = pid
  }
  const total = tracks.reduce((sum, track) => sum + track.lines.length, 0)
  const dead = new Set<string>()
  let steps = 0
  let refused = false
  let reach: Reach<Line> | undefined

  const fits = ([name, pid]: Pair) => {
    const boundPid = pidOf.get(name)
    return boundPid === undefined ? !nameOf.has(pid) : boundPid === pid
  }

  /** Binds the new ones of these pairs, or none when one does not fit. */
  const bind = (pairs: readonly Pair[]): Pair[] | undefined => {
    const fresh: Pair[] = []
    for (const pair of pairs) {
      if (!fits(pair)) {
        unbind(fresh)
        return undefined
      }
      if (!pidOf.has(pair[0])) {
        pidOf.set(pair[0], pair[1])
        nameOf.set(pair[1], pair[0])
        note(...pair)
        fresh.push(pair)
      }
    }
    return fresh
  }
  const unbind = (pairs: readonly Pair[]) => {
    for (const [name, pid] of pairs) {
      pidOf.delete(name)
      nameOf.delete(pid)
      note(name, 0)
    }
  }

  /** The lines of a track that may come next. */
  const open = (at: number): number[] => {
    const first = used[at] ?? 0
    const own = marks[at] ?? []
    if (first >= own.length) return []
    const mark = own[first]
    if (mark === undefined) return [first]
    const next: number[] = []
    for (let i = first; i < own.length && own[i] === mark; i++) if (!ahead[at]?.has(i)) next.push(i)
    return next
  }
  const take = (at: number, index: number): (() => void) => {
    const before = used[at] ?? 0
    const taken = ahead[at] ?? new Set()
    const was = [...taken]
    taken.add(index)
    let now = before
    while (taken.delete(now)) now++
    used[at] = now
    return () => {
      used[at] = before
      taken.clear()
      for (const i of was) taken.add(i)
    }
  }

  const idOf = ({ owner }: Track<Line>) => ('pid' in owner ? owner.pid : owner.name)
  const together = tracks.map((track) =>
    tracks.flatMap((other, k) => (idOf(other) === idOf(track) ? [k] : [])),
  )
  /** Equal for tracks that are interchangeable; `undefined` when the owner is known. */
  const alikeness = (track: Track<Line>, at: number): string | undefined => {
    const bound = 'pid' in track.owner ? nameOf.has(track.owner.pid) : pidOf.has(track.owner.name)
    if (bound || ahead[at]?.size) return undefined
    return `${track.twin} ${(together[at] ?? []).map((k) => used[k]).join()}`
  }

  const go = (i: number): boolean => {
    if (reach === undefined || i > reach.placed)
      reach = {
        placed: i,
        offers: tracks.map((track, at) => ({ track, lines: open(at).map((k) => track.lines[k] as Line) })),
        names: new Map(pidOf),
      }
    const item = items[i]
    if (item === undefined) {
      if (!prefix && i < total) return false
      if (accept(pidOf)) return true
      refused = true
      return false
    }
    if (++steps > patience) return false
    const state = `${used.join()} ${ahead.map((set) => (set.size ? [...set].sort().join('+') : '')).join()} ${slots.join()}`
    if (dead.has(state)) return false
    const tried = new Set<string>()
    for (const [at, track] of tracks.entries()) {
      const alike = alikeness(track, at)
      if (alike !== undefined && tried.has(alike)) continue
      let possible = false
      for (const index of open(at)) {
        const pairs = links(item, track.lines[index] as Line, track)
        const fresh = pairs && bind(pairs)
        if (fresh === undefined) continue
        possible = true
        const undo = take(at, index)
        if (go(i + 1)) return true
        undo()
        unbind(fresh)
      }
      if (possible && alike !== undefined) tried.add(alike)
    }
    dead.add(state)
    return false
  }

  if (go(0)) return { found: true, names: new Map(pidOf) }
  return {
    found: false,
    reach: reach ?? { placed: 0, offers: [], names: new Map() },
    why: steps > patience ? 'gave up' : refused ? 'refused' : 'none',
  }
}
