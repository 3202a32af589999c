import { expect, test } from 'vitest'
import { Chance } from '../../../../simulator/host/virtual/chance.ts'
import { CALM, RECORDED } from '../../../../simulator/host/virtual/profile.ts'
import { Timing } from '../../../../simulator/host/virtual/timing.ts'

const seeds = Array.from({ length: 200 }, (_, seed) => seed)

test('everything takes a time of its range, and the same again for the same seed', () => {
  for (const seed of seeds) {
    const [first, again] = [seed, seed].map((each) => {
      const timing = new Timing(new Chance(each), RECORDED)
      return [timing.draw([5, 9]), timing.notice(), timing.leave(), timing.lastLine()]
    })
    expect(first).toEqual(again)
    const [drawn = 0, notice = 0, leave = 0, lastLine = 0] = first ?? []
    expect(drawn).toBeGreaterThanOrEqual(5)
    expect(drawn).toBeLessThan(9)
    expect(notice).toBeLessThan(RECORDED.notice[1])
    expect(leave).toBeLessThan(RECORDED.slowLeave[1])
    expect(lastLine).toBeLessThan(RECORDED.stall[1])
  }
})

test('a busy machine is slow at everything', () => {
  const [quick = 0, slow = 0] = [0.1, 0.9].map((business) => {
    const seed = seeds.find((each) => Math.abs(new Chance(each).next() - business) < 0.05) ?? -1
    const timing = new Timing(new Chance(seed), CALM)
    return Math.max(...seeds.map(() => timing.draw([0, 100])))
  })
  expect(slow).toBeGreaterThan(quick + 40)
})
