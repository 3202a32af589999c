import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoundedOutput, WORK_AT_A_TIME } from '../../../src/machine-view/terminal/bounded-output.ts'
import { seeded } from '../seeded.ts'

const size = { rows: 24, columns: 80 }

/** What is let through of output that comes in these pieces. */
function through(...texts: readonly string[]): string {
  const output = new BoundedOutput(() => size)
  return texts.flatMap((text) => [...output.take(text)].map((piece) => piece.text)).join('')
}

describe('what programs print stays as it is', () => {
  test.each([
    'INFO:     Started server process [4711]\r\n',
    '\x1b[32mINFO\x1b[0m:     \x1b[1mhttp://127.0.0.1:8000\x1b[0m',
    '\x1b[38;2;128;200;255mtrue\x1b[38;5;196mindexed\x1b[4:3mcurly\x1b[m',
    '\x1b[2J\x1b[H\x1b[12;40Hmiddle\x1b[K\x1b[3A\x1b[?25l\x1b[?2004h',
    '\x1b]8;id=1;http://127.0.0.1:8000/docs\x1b\\docs\x1b]8;;\x1b\\ more',
    '한국어 中文 日本語 👩‍💻 é e\u0301',
    '\x1b7\x1b8\x1b(B\x1bM\x1b#8',
    'a\tb\bc\x07',
  ])('%j', (text) => {
    expect(through(text)).toBe(text)
    expect(through(...text)).toBe(text)
  })
})

describe('what would go on for ever', () => {
  test.each([
    ['\x1b[2147483647S', '\x1b[24S'],
    ['\x1b[99999999999999999999T', '\x1b[24T'],
    ['\x1b[2147483647L', '\x1b[24L'],
    ['\x1b[2147483647M', '\x1b[24M'],
    ['a\x1b[2147483647b', 'a\x1b[80b'],
    ['\x9b2147483647S', '\x1b[24S'],
    ['\x1b[2147483647;2147483647H', '\x1b[9999;9999H'],
    [`\x1b[${'1;'.repeat(400)}m.`, '.'],
    [`e${'\u0301'.repeat(3_000_000)}.`, `e${'\u0301'.repeat(8)}.`],
    ['a\u0301\x1b[m'.repeat(1) + '\u0301'.repeat(20), 'a\u0301\x1b[m' + '\u0301'.repeat(7)],
    ['\x1b]8;;http://x/\x1b\\a\nb', '\x1b]8;;http://x/\x1b\\a\x1b]8;;\x1b\\\nb'],
  ])('%#: %.20j', (text, expected) => {
    // Without ends that are only said when more comes.
    const got = through(text)
    if (text.startsWith('\x1b[1;1;')) expect(got.length).toBeLessThan(1000)
    else expect(got).toBe(expected)
  })

  test('questions to the terminal and commands to it are left out', () => {
    for (const question of [
      '\x1b[6n',
      '\x1b[c',
      '\x1b[>c',
      '\x1b[21t',
      '\x1b[?2004$p',
      '\x1b]11;?\x07',
      '\x1b]0;title\x1b\\',
      '\x1bP$qm\x1b\\',
      '\x1b[>q',
    ])
      expect(through(`a${question}b`)).toBe('ab')
  })

  test('a command without an end swallows no more than its longest', () => {
    expect(through('\x1b]0;', 'x'.repeat(10_000)).length).toBeGreaterThan(7000)
  })
})

const byte = fc.constantFrom(
  ...'\x00\x07\b\t\n\r\x18\x1b\x1b\x1b[]PX^_\\;:?>!$" 0123456789@ABCDHIJKLMPSTXZbcdhlmnpqrtsu\x84\x90\x9b\x9c\x9d\u0301\u200d한👩',
)
const sequence = fc.oneof(
  byte,
  fc.tuple(fc.nat(), fc.constantFrom(...'@ABCDHIJKLMPSTXZbhlmr')).map(([n, letter]) => `\x1b[${n}${letter}`),
  fc.string({ unit: 'binary' }),
)
const bytes = fc.array(sequence, { maxLength: 200 }).map((parts) => parts.join(''))

test('whatever comes, in whatever pieces: the same is shown, a little at a time, with no number past its end', () => {
  seeded(fc.tuple(bytes, fc.nat()), ([text, cut]) => {
    const at = cut % (text.length + 1)
    const shown = through(text)
    expect(through(text.slice(0, at), text.slice(at))).toBe(shown)
    for (const [, number, letter] of shown.matchAll(/\x1b\[(\d+)([A-Za-z@])/g)) {
      const most = /[STLM]/.test(letter ?? '') ? 24 : /[@PXbIZ]/.test(letter ?? '') ? 80 : 9999
      expect(Number(number)).toBeLessThanOrEqual(most)
    }
    for (const { work } of new BoundedOutput(() => size).take(text))
      expect(work).toBeLessThan(2 * WORK_AT_A_TIME)
  })
})
