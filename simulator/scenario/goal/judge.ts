import type { TraceEvent } from '../../machine/trace.ts'
import type { Goal, Pattern, Quantity, Range } from './goal.ts'
import { Ledger } from './ledger.ts'
import { matches, within } from './match.ts'

/** A part of a goal that has followed the log so far. */
interface Follower {
  take(event: TraceEvent): void
  holds(now: number): boolean
}

/** Says of a goal, event by event, whether it is reached. Pure: the same log gives the same answer. */
export class Judge {
  readonly #ledger: Ledger
  readonly #follower: Follower

  /** @param ledger books that somebody else keeps; without it the judge keeps its own */
  constructor(goal: Goal, ledger?: Ledger) {
    this.#ledger = ledger ?? new Ledger()
    this.#follower = follow(goal, this.#ledger, 0)
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
}

/** Whether a goal is reached at the end of a log. */
export function isReached(goal: Goal, trace: readonly TraceEvent[], now: number): boolean {
  const judge = new Judge(goal)
  for (const event of trace) judge.take(event)
  return judge.reached(now)
}

function follow(goal: Goal, ledger: Ledger, since: number): Follower {
  if ('all' in goal) return every(goal.all.map((each) => follow(each, ledger, since)))
  if ('any' in goal) return some(goal.any.map((each) => follow(each, ledger, since)))
  if ('not' in goal) return not(follow(goal.not, ledger, since))
  if ('order' in goal) return new InOrder(goal.order, ledger, since)
  if ('happened' in goal) return new Counter(goal, ledger)
  if ('now' in goal) return state(goal.now, goal.is, ledger)
  if ('for' in goal) return new Lasting(goal.for, follow(goal.goal, ledger, since))
  return { take: () => undefined, holds: (now) => now - since >= goal.passed }
}

function every(parts: readonly Follower[]): Follower {
  return {
    take: (event) => parts.forEach((part) => part.take(event)),
    holds: (now) => parts.every((part) => part.holds(now)),
  }
}

function some(parts: readonly Follower[]): Follower {
  return { ...every(parts), holds: (now) => parts.some((part) => part.holds(now)) }
}

function not(part: Follower): Follower {
  return { take: (event) => part.take(event), holds: (now) => !part.holds(now) }
}

function state(quantity: Quantity, range: Range, ledger: Ledger): Follower {
  return { take: () => undefined, holds: () => within(ledger.count(quantity), range) }
}

type Counted = Extract<Goal, { readonly happened: Pattern }>

class Counter implements Follower {
  readonly #pattern: Pattern
  readonly #times: Range
  readonly #within: number
  readonly #ledger: Ledger
  /** When those of the latest span came. */
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
}

/** One goal after the other; what was reached once stays reached, save the last, which has to hold in the end. */
class InOrder implements Follower {
  readonly #goals: readonly Goal[]
  readonly #ledger: Ledger
  #at = 0
  #current: Follower

  constructor(goals: readonly Goal[], ledger: Ledger, since: number) {
    this.#goals = goals
    this.#ledger = ledger
    this.#current = this.#follow(since)
  }

  #follow(since: number): Follower {
    const goal = this.#goals[this.#at]
    if (goal === undefined) throw new Error('an order of goals needs at least one')
    return follow(goal, this.#ledger, since)
  }

  take(event: TraceEvent): void {
    this.#current.take(event)
    this.#advance(event.at)
  }

  /** The next goal begins with the event after this one. */
  #advance(now: number): void {
    while (this.#at < this.#goals.length - 1 && this.#current.holds(now)) {
      this.#at += 1
      this.#current = this.#follow(now)
    }
  }

  holds(now: number): boolean {
    this.#advance(now)
    return this.#at === this.#goals.length - 1 && this.#current.holds(now)
  }
}

/** True for some time without a break. It is looked at with every event. */
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
}
