import { describe, expect, test } from 'vitest'
import { edit, newEditor, type Editor, type EditorAction } from '../../../simulator/shell/editor/editor.ts'
import { decodeKeys } from '../../../simulator/shell/editor/keys.ts'
import { layout } from '../../../simulator/shell/editor/layout.ts'

/** The line after keys as a terminal sends them; `|` marks the cursor. */
function typed(
  data: string,
  start: Editor = newEditor(),
): { line: string; actions: EditorAction[]; editor: Editor } {
  let editor = start
  const actions: EditorAction[] = []
  for (const key of decodeKeys(data)) {
    const edited = edit(editor, key)
    editor = edited.editor
    if (edited.action !== undefined) actions.push(edited.action)
  }
  return {
    line: `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`,
    actions,
    editor,
  }
}

const LEFT = '\x1b[D'
const UP = '\x1b[A'
const DOWN = '\x1b[B'

describe('moving and cutting', () => {
  test.each([
    ['letters', 'kill', 'kill|'],
    ['in the middle', `kil${LEFT}${LEFT}x`, 'kx|il'],
    ['Ctrl+A, Ctrl+E', 'b\x01a\x05c', 'abc|'],
    ['Home, End', 'b\x1b[Ha\x1b[Fc', 'abc|'],
    ['Ctrl+W takes a word between blanks', 'kill -9 27365\x17', 'kill -9 |'],
    ['Alt+Backspace takes the same', 'curl http://a\x1b\x7f', 'curl |'],
    ['Ctrl+U and Ctrl+Y', 'abc def\x15x \x19', 'x abc def|'],
    ['Ctrl+K', 'abc def\x01\x1bf\x0b', 'abc|'],
    ['Ctrl+Left and Ctrl+Right', 'one two three\x1b[1;5D\x1b[1;5DX\x1b[1;5CY', 'one XtwoY| three'],
    ['Delete and Ctrl+D', `abcd\x01\x1b[3~\x04`, '|cd'],
    ['wide characters are one step', `你好吗${LEFT}\x7f`, '你|吗'],
    ['so are emoji of several parts', 'a👨‍👩‍👧b\x1b[D\x7f', 'a|b'],
    ['a combined letter is one', 'e\u0301x\x7f\x7f', '|'],
    ['unknown sequences leave nothing', 'a\x1b[15~\x1b[1;9Qb', 'ab|'],
  ])('%s', (_, data, line) => {
    expect(typed(data).line).toBe(line)
  })
})

describe('history', () => {
  const { editor } = typed('first\rsecond\rsecond\r   \r')

  test('holds each line once in a row, and no blank ones', () => {
    expect(editor.history).toEqual(['first', 'second'])
  })

  test('keeps the unfinished line', () => {
    expect(typed(`half${UP}${UP}${UP}`, editor).line).toBe('first|')
    expect(typed(`half${UP}${UP}${DOWN}${DOWN}${DOWN}`, editor).line).toBe('half|')
  })

  test('is searched with Ctrl+R', () => {
    expect(typed('\x12ir', editor).line).toBe('fir|st')
    expect(typed('\x12ir\r', editor).actions).toEqual([{ type: 'submit', line: 'first' }])
    expect(typed('\x12con\x07', editor).line).toBe('secon|d')
    expect(typed('\x12s\x12', editor).line).toBe('firs|t')
  })
})

describe('what a key asks for', () => {
  test.each([
    ['abc\r', [{ type: 'submit', line: 'abc' }]],
    ['abc\x03', [{ type: 'interrupt' }]],
    ['\x04', [{ type: 'end-of-file' }]],
    ['\x1a\x0c', [{ type: 'suspend' }, { type: 'clear' }]],
    [
      'a\t\tb\t',
      [
        { type: 'complete', list: false },
        { type: 'complete', list: true },
        { type: 'complete', list: false },
      ],
    ],
  ])('%j', (data, actions) => {
    expect(typed(data).actions).toEqual(actions)
  })

  test('several pasted lines are shown before they run', () => {
    const pasted = typed('\x1b[200~$ curl a\r\n$ curl b\n\x1b[201~')
    expect(pasted.line).toBe('curl a\ncurl b|')
    expect(pasted.actions).toEqual([])
  })

  test('control characters in pasted text do nothing', () => {
    expect(typed('\x1b[200~a\x03\x1bb\tc\x1b[201~').line).toBe('ab c|')
  })
})

describe('the line on the screen', () => {
  test.each([
    ['$ abc', 5, 10, { rows: 1, row: 0, column: 5, full: false }],
    ['$ abc', 2, 10, { rows: 1, row: 0, column: 2, full: false }],
    ['0123456789', 10, 10, { rows: 2, row: 1, column: 0, full: true }],
    ['0123456789', 4, 10, { rows: 2, row: 0, column: 4, full: true }],
    ['0123456789ab', 12, 10, { rows: 2, row: 1, column: 2, full: false }],
    ['0123456789ab', 10, 10, { rows: 2, row: 1, column: 0, full: false }],
    // A wide character does not break: it goes to the next row as a whole.
    ['012345678你x', 11, 10, { rows: 2, row: 1, column: 3, full: false }],
    ['012345678你x', 9, 10, { rows: 2, row: 1, column: 0, full: false }],
    ['ab\ncd', 5, 10, { rows: 2, row: 1, column: 2, full: false }],
    ['ab\ncd', 2, 10, { rows: 2, row: 0, column: 2, full: false }],
  ])('%j with the cursor at %i of %i columns', (text, cursor, columns, expected) => {
    expect(layout(text, cursor, columns)).toEqual(expected)
  })
})
