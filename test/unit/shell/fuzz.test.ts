import fc from 'fast-check'
import { expect, test } from 'vitest'
import { edit, newEditor } from '../../../simulator/shell/editor/editor.ts'
import { graphemes } from '../../../simulator/shell/editor/graphemes.ts'
import { decodeKeys } from '../../../simulator/shell/editor/keys.ts'
import { layout } from '../../../simulator/shell/editor/layout.ts'
import { readLine } from '../../../simulator/shell/language/read.ts'
import { newMachine, openTerminal } from './terminal.ts'

/** What hands on a keyboard come up with: words of the shell, quotes and operators, control keys, anything. */
const scrap = fc.oneof(
  fc.constantFrom(
    ...'curl kill ps pgrep pkill ls cat echo sleep env export unset history clear help uvicorn gunicorn fastapi'.split(
      ' ',
    ),
    ...'for while if do done then fi in seq grep head sort wc top watch hey jobs fg bg wait nohup time exit cd ss'.split(
      ' ',
    ),
    ...'i %1 3 -n {1..3} $((1+ (( )) ${A:-b} *.js 2>&1 << <<< $! [ ] ! ~ /tmp/x -c true false : read xargs tee'.split(
      ' ',
    ),
    ...'main:app --workers 2 run main.py -9 -s -i -o -ef --forest http://127.0.0.1:8000/ 27365 27367 $? $A A=b'.split(
      ' ',
    ),
    ...[
      ' ',
      ' ',
      ' ',
      ' ',
      ';',
      '&&',
      '||',
      '&',
      '|',
      '>',
      '"',
      "'",
      '\\',
      '$(',
      '#',
      '\t',
      '\r',
      '\r',
      '\n',
    ],
    ...[
      '\x03',
      '\x04',
      '\x12',
      '\x15',
      '\x17',
      '\x19',
      '\x1a',
      '\x1c',
      '\x1b',
      '\x1b[A',
      '\x1b[D',
      '\x1b[200~',
      '\x1b[201~',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const scraps = fc.array(scrap, { maxLength: 40 })

test('nothing that is typed throws or hangs, and the terminal stays usable', async () => {
  await fc.assert(
    fc.asyncProperty(scraps, fc.nat(1000), async (parts, seed) => {
      const kernel = newMachine(seed)
      const terminal = openTerminal(kernel, 'client')
      for (const part of parts) {
        terminal.type(part)
        await kernel.runUntil(kernel.now + 50)
      }
      // Whatever runs now is stopped, at the latest with the third Ctrl+C; a sleep may be long.
      for (let tries = 0; tries < 6 && terminal.session.foreground !== 'none'; tries++) {
        terminal.type('\x03')
        await kernel.runUntil(kernel.now + 3000)
      }
      terminal.type('\x1b[201~\x03echo still here\r')
      await kernel.runUntil(kernel.now + 10)
      expect(terminal.text).toContain('\nstill here\n')
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('the cursor always stands between two characters', () => {
  fc.assert(
    fc.property(scraps, (parts) => {
      let editor = newEditor()
      for (const part of parts) {
        for (const key of decodeKeys(part)) editor = edit(editor, key).editor
        const places = [...graphemes(editor.text).map(({ at }) => at), editor.text.length]
        expect(places).toContain(editor.cursor)
      }
    }),
  )
})

test('every line is read or refused, and its layout fits the screen', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 2, max: 90 }),
      (line, columns) => {
        readLine(line)
        const { rows, row, column } = layout(line, line.length, columns)
        expect(row).toBeLessThan(rows)
        expect(column).toBeLessThanOrEqual(columns)
      },
    ),
  )
})
