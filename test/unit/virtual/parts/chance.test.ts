import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Chance } from '../../../../simulator/host/virtual/chance.ts'

const draws = (chance: Chance, count = 20) => Array.from({ length: count }, () => chance.next())

test('property: the same seed draws the same numbers, from 0 to below 1; within a range they stay there', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.nat(1000),
      (seed, low, more) => {
        const numbers = draws(new Chance(seed))
        expect(draws(new Chance(seed))).toEqual(numbers)
        expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true)
        const drawn = new Chance(seed).within([low, low + more])
        expect(drawn).toBeGreaterThanOrEqual(low)
        expect(drawn).toBeLessThanOrEqual(low + more)
      },
    ),
  )
})

test('what a fork draws changes nothing for the one that it came from', () => {
  const [one, other] = [new Chance(7), new Chance(7)]
  const fork = one.fork()
  other.fork()
  draws(fork)
  expect(draws(one)).toEqual(draws(other))
  expect(draws(one.fork())).not.toEqual(draws(one))
})
