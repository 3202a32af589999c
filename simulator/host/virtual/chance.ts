import { draw } from '../../manager/random.ts'

/** A seeded generator of random numbers. */
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

  /** A separate generator, so that draws here do not change the draws there. */
  fork(): Chance {
    return new Chance(Math.floor(this.next() * 4294967296))
  }
}
