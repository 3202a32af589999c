import type { TraceEvent } from '../../machine/trace.ts'
import { isExceeded, isForGood, type Condition, type Count, type ConditionState } from './condition.ts'
import { conditionsOf, type Goal, type Pattern, type Quantity, type NumberRange } from './goal.ts'
import { Ledger } from './ledger.ts'
import { matches, within } from './match.ts'

/** The state of a part of a goal, after the events so far. */
interface Follower {
  take(event: TraceEvent): void
  holds(now: number): boolean
  /** Whether its state is final. */
  isFinal(now: number): boolean
  /** Its progress, if it counts something. */
  readonly count?: Count | undefined
}

/** The state of each condition by its id, except those that an `order` has not reached yet. */
type Board = Map<string, (now: number) => Omit<Condition, 'id'>>

/** Decides, event by event, whether a goal is reached. Deterministic: the same trace gives the same answer. */
export class Judge {
  readonly #ledger: Ledger
  readonly #follower: Follower
  readonly #ids: readonly string[]
  readonly #board: Board = new Map()

  /** @param ledger a ledger that is updated elsewhere; without it the judge has its own */
  constructor(goal: Goal, ledger?: Ledger) {
    this.#ledger = ledger ?? new Ledger()
    this.#ids = conditionsOf(goal)
    this.#follower = follow(goal, this.#ledger, 0, this.#board)
    this.#keeps = ledger === undefined
  }

  readonly #keeps: boolean

  take(event: TraceEvent): void {
    if (this.#keeps) this.#ledger.take(event)
    this.#follower.take(event)
  }

  /** Whether the goal is reached at this virtual time (ms), after all events taken. */
  reached(now: number): boolean {
    return this.#follower.holds(now)
  }

  /** The states of its conditions at this virtual time (ms), in the goal's order. */
  conditions(now: number): readonly Condition[] {
    // An `order` advances.
    this.#follower.holds(now)
    return this.#ids.map((id) => ({ id, ...(this.#board.get(id)?.(now) ?? { state: 'open' }) }))
  }
}

/** Whether a goal is reached at the end of a log. */
export function isReached(goal: Goal, trace: readonly TraceEvent[], now: number): boolean {
  const judge = new Judge(goal)
  for (const event of trace) judge.take(event)
  return judge.reached(now)
}

function follow(goal: Goal, ledger: Ledger, since: number, board: Board): Follower {
  const follower = followRule(goal, ledger, since, board)
  const { id } = goal
  if (id !== undefined)
    board.set(id, (now) => {
      const { count } = follower
      return { state: stateOf(follower, now), ...(count === undefined ? {} : { count }) }
    })
  return follower
}

function stateOf(follower: Follower, now: number): ConditionState {
  if (follower.holds(now)) return 'met'
  return follower.isFinal(now) ? 'lost' : 'open'
}

function followRule(goal: Goal, ledger: Ledger, since: number, board: Board): Follower {
  const part = (each: Goal): Follower => follow(each, ledger, since, board)
  if ('all' in goal) return every(goal.all.map(part))
  if ('any' in goal) return some(goal.any.map(part))
  if ('not' in goal) return not(part(goal.not))
  if ('order' in goal) return new InOrder(goal.order, ledger, since, board)
  if ('happened' in goal) return new Counter(goal, ledger)
  if ('now' in goal) return state(goal.now, goal.is, ledger)
  if ('for' in goal) return new Lasting(goal.for, part(goal.goal))
  const holds = (now: number): boolean => now - since >= goal.passed
  return { take: () => undefined, holds, isFinal: holds }
}

const isMetForGood = (part: Follower, now: number): boolean => part.holds(now) && part.isFinal(now)
const isLost = (part: Follower, now: number): boolean => !part.holds(now) && part.isFinal(now)

function every(parts: readonly Follower[]): Follower {
  return {
    take: (event) => parts.forEach((part) => part.take(event)),
    holds: (now) => parts.every((part) => part.holds(now)),
    isFinal: (now) =>
      parts.some((part) => isLost(part, now)) || parts.every((part) => isMetForGood(part, now)),
  }
}

function some(parts: readonly Follower[]): Follower {
  return {
    take: (event) => parts.forEach((part) => part.take(event)),
    holds: (now) => parts.some((part) => part.holds(now)),
    isFinal: (now) =>
      parts.some((part) => isMetForGood(part, now)) || parts.every((part) => isLost(part, now)),
  }
}

function not(part: Follower): Follower {
  return {
    take: (event) => part.take(event),
    holds: (now) => !part.holds(now),
    isFinal: (now) => part.isFinal(now),
  }
}

function state(quantity: Quantity, range: NumberRange, ledger: Ledger): Follower {
  const value = (): number => ledger.count(quantity)
  return {
    take: () => undefined,
    holds: () => within(value(), range),
    isFinal: () => GROWING.has(quantity) && (isExceeded(value(), range) || isForGood(value(), range)),
    get count() {
      return { made: value(), range }
    },
  }
}

/** Quantities that are counted from the start and never decrease. */
const GROWING: ReadonlySet<Quantity> = new Set(['answering', 'most', 'answered', 'lost', 'refused', 'peak'])

type Counted = Extract<Goal, { readonly happened: Pattern }>

class Counter implements Follower {
  readonly #pattern: Pattern
  readonly #times: NumberRange
  readonly #within: number
  readonly #ledger: Ledger
  /** The times of the matches in the latest window. */
  #latest: readonly number[] = []
  #count = 0

  constructor({ happened, times = { atLeast: 1 }, within = Infinity }: Counted, ledger: Ledger) {
    this.#pattern = happened
    this.#times = times
    this.#within = within
    this.#ledger = ledger
  }

  take(event: TraceEvent): void {
    if (!matches(this.#pattern, event, this.#ledger)) return
    if (this.#within === Infinity) this.#count += 1
    else {
      this.#latest = [...this.#latest.filter((at) => event.at - at <= this.#within), event.at]
      this.#count = Math.max(this.#count, this.#latest.length)
    }
  }

  holds(): boolean {
    return within(this.#count, this.#times)
  }

  isFinal(): boolean {
    return isExceeded(this.#count, this.#times) || isForGood(this.#count, this.#times)
  }

  get count(): Count {
    return { made: this.#count, range: this.#times }
  }
}

/** One goal after the other. Goals that were reached stay reached, except the last, which must be true at the end. */
class InOrder implements Follower {
  readonly #goals: readonly Goal[]
  readonly #ledger: Ledger
  readonly #board: Board
  #at = 0
  #current: Follower

  constructor(goals: readonly Goal[], ledger: Ledger, since: number, board: Board) {
    this.#goals = goals
    this.#board = board
    this.#ledger = ledger
    this.#current = this.#follow(since)
  }

  #follow(since: number): Follower {
    const goal = this.#goals[this.#at]
    if (goal === undefined) throw new Error('an order of goals needs at least one')
    return follow(goal, this.#ledger, since, this.#board)
  }

  take(event: TraceEvent): void {
    this.#current.take(event)
    this.#advance(event.at)
  }

  /** The next goal starts with the event after this one. */
  #advance(now: number): void {
    while (this.#at < this.#goals.length - 1 && this.#current.holds(now)) {
      // What became true in its turn counts as true.
      for (const id of conditionsOf(this.#goals[this.#at])) this.#board.set(id, () => ({ state: 'met' }))
      this.#at += 1
      this.#current = this.#follow(now)
    }
  }

  holds(now: number): boolean {
    this.#advance(now)
    return this.#at === this.#goals.length - 1 && this.#current.holds(now)
  }

  isFinal(now: number): boolean {
    return this.holds(now) ? this.#current.isFinal(now) : isLost(this.#current, now)
  }
}

/** True for some time without interruption. Checked with every event. */
class Lasting implements Follower {
  readonly #ms: number
  readonly #part: Follower
  #since: number | undefined

  constructor(ms: number, part: Follower) {
    this.#ms = ms
    this.#part = part
  }

  take(event: TraceEvent): void {
    this.#part.take(event)
    this.#look(event.at)
  }

  #look(now: number): void {
    if (!this.#part.holds(now)) this.#since = undefined
    else this.#since ??= now
  }

  holds(now: number): boolean {
    this.#look(now)
    return this.#since !== undefined && now - this.#since >= this.#ms
  }

  isFinal(now: number): boolean {
    return this.#part.isFinal(now) && (this.holds(now) || !this.#part.holds(now))
  }
}
