import { draw } from '../../manager/random.ts'

/** Numbers that look random and come the same again for the same seed. */
export class Chance {
  #seed: number

  constructor(seed: number) {
    this.#seed = seed >>> 0
  }

  /** A number in [0, 1). */
  next(): number {
    const { value, seed } = draw(this.#seed)
    this.#seed = seed
    return value
  }

  /** A number between the two ends of a range. */
  within([low, high]: readonly [number, number]): number {
    return low + this.next() * (high - low)
  }

  /** A generator of its own, so that one part's draws do not shift another's. */
  fork(): Chance {
    return new Chance(Math.floor(this.next() * 4294967296))
  }
}
