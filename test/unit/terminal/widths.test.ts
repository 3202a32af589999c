import { expect, test } from 'vitest'
import { widths } from '../../../src/machine-view/terminal/widths.ts'

const one = (text: string): number => widths.wcwidth(text.codePointAt(0) ?? 0)

test.each([
  ['a', 1],
  ['─', 1],
  ['é', 1],
  ['字', 2],
  ['한', 2],
  ['🚀', 2],
  ['\u0301', 0],
  ['\u200d', 0],
  ['\u1161', 0],
  ['\u0007', 0],
])('%j is %i wide', (text, expected) => {
  expect(one(text)).toBe(expected)
})

test('a mark joins the character before it, and a lone one stands by itself', () => {
  const wide = widths.charProperties('字'.codePointAt(0) ?? 0, 0)
  expect(wide).toBe(2 << 1)
  expect(widths.charProperties(0x301, wide)).toBe((2 << 1) | 1)
  expect(widths.charProperties(0x301, 0)).toBe(0)
})

test('half of a pair is no reason to fail', () => {
  expect(widths.wcwidth(0xd83d)).toBe(1)
})
