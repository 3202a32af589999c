import { expect, test } from 'vitest'
import { isInView } from '../../../src/machine-view/in-view.ts'

test('what was out of view and is back when the page has time to say so is in view', () => {
  const gone = { isIntersecting: false }
  const there = { isIntersecting: true }
  expect(isInView([gone, there], true)).toBe(true)
  expect(isInView([gone, there, gone], true)).toBe(false)
  expect(isInView([there], false)).toBe(true)
  expect([isInView([], true), isInView([], false)]).toEqual([true, false])
})
