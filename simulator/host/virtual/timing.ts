import type { Chance } from './chance.ts'
import type { Profile } from './profile.ts'

/** How long things take on this machine: drawn from the ranges of its profile. */
export class Timing {
  readonly profile: Profile
  readonly #chance: Chance
  /** How busy this machine is, from 0 to 1: on a busy one everything takes longer. */
  readonly #business: number

  constructor(chance: Chance, profile: Profile) {
    this.#chance = chance
    this.profile = profile
    this.#business = chance.next()
  }

  /** Draws a time from a range: mostly by how busy the machine is, a little by chance. */
  draw([low, high]: readonly [number, number]): number {
    return low + (0.7 * this.#business + 0.3 * this.#chance.next()) * (high - low)
  }

  /** From a signal, a connection or a death until the process notices it. */
  notice(): number {
    return this.#chance.within(this.profile.notice)
  }

  /** From the end of a program to the end of its process. */
  leave(): number {
    const { slowLeave, slowLeaves, leave } = this.profile
    return this.draw(this.#chance.next() < slowLeaves * this.#business ? slowLeave : leave)
  }

  /** Between two log lines of an exiting process. */
  lastLine(): number {
    const { stall, stalls, lastLine } = this.profile
    return this.draw(this.#chance.next() < stalls * this.#business ? stall : lastLine)
  }
}
