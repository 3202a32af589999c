import { expect, test } from 'vitest'
import { html, spans } from '../../../src/components/ansi.ts'

test('a line is cut where its look changes', () => {
  expect(spans('\x1b[32mINFO\x1b[0m:     Started [\x1b[36m\x1b[1m7\x1b[0m]')).toEqual([
    { text: 'INFO', classes: ['fg32'] },
    { text: ':     Started [', classes: [] },
    { text: '7', classes: ['fg36', 'b'] },
    { text: ']', classes: [] },
  ])
})

test('a 24-bit background is kept and ends with the reset', () => {
  expect(spans('\x1b[37;48;2;0;113;102m INFO \x1b[0m x')).toEqual([
    { text: ' INFO ', classes: ['fg37', 'bg'], background: 'rgb(0 113 102)' },
    { text: ' x', classes: [] },
  ])
})

test('a hyperlink keeps its look and loses its target', () => {
  expect(spans('\x1b]8;;http://a/\x1b\\\x1b[4;94mhttp://a/\x1b[0m\x1b]8;;\x1b\\')).toEqual([
    { text: 'http://a/', classes: ['u', 'fg94'] },
  ])
})

test('html escapes what the program printed', () => {
  expect(html('\x1b[1m<Worker "7" & co>\x1b[0m')).toBe(
    '<span class="b">&lt;Worker &quot;7&quot; &amp; co&gt;</span>',
  )
})
