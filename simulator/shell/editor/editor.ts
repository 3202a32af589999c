import type { Key } from './keys.ts'
import { after, before, wordAfter, wordBefore } from './graphemes.ts'

/** A line being typed. `cursor` is an index into `text`, always between two characters as a reader sees them. */
export interface Editor {
  readonly text: string
  readonly cursor: number
  readonly history: readonly string[]
  /** The index of the shown history entry; the length of the history stands for the line that was being typed. */
  readonly at: number
  /** The unfinished line, while the history is shown. */
  readonly draft: string
  /** The text that was cut last, for Ctrl+Y. */
  readonly cut: string
  /** How often Tab was pressed in a row: the second time lists the candidates. */
  readonly tabs: number
  readonly search: Search | undefined
}

/** Ctrl+R: the newest entry of the history that contains `query`, looking back from `at`. */
export interface Search {
  readonly query: string
  readonly at: number
}

/** What a key asks the session to do. */
export type EditorAction =
  | { readonly type: 'submit'; readonly line: string }
  | { readonly type: 'interrupt' | 'end-of-file' | 'suspend' | 'clear' }
  | { readonly type: 'complete'; readonly list: boolean }

export interface EditResult {
  readonly editor: Editor
  readonly action?: EditorAction
}

/** An empty line. */
export function newEditor(history: readonly string[] = []): Editor {
  return { text: '', cursor: 0, history, at: history.length, draft: '', cut: '', tabs: 0, search: undefined }
}

/** Replaces the line and puts the cursor at its end (or at `cursor`): for a command that is inserted, or a completion. */
export function withText(editor: Editor, text: string, cursor = text.length): Editor {
  return { ...editor, text, cursor, search: undefined }
}

/** The line after a key. */
export function edit(editor: Editor, key: Key): EditResult {
  const { tabs } = editor
  const calm = { ...editor, tabs: 0 }
  if (key.key === 'tab' && editor.search === undefined) {
    return { editor: { ...editor, tabs: tabs + 1 }, action: { type: 'complete', list: tabs > 0 } }
  }
  if (calm.search !== undefined) return searchKey(calm, calm.search, key)
  switch (key.key) {
    case 'text':
      return { editor: insert(calm, key.text.replaceAll('\t', ' ')) }
    case 'paste':
      return { editor: insert(calm, tidyPaste(key.text)) }
    case 'enter':
      return submit(calm)
    case 'interrupt':
      return { editor: newEditorFrom(calm), action: { type: 'interrupt' } }
    case 'end-of-file':
      if (calm.text === '') return { editor: calm, action: { type: 'end-of-file' } }
      return { editor: remove(calm, calm.cursor, after(calm.text, calm.cursor)) }
    case 'quit':
      return { editor: calm }
    case 'suspend':
    case 'clear':
      return { editor: calm, action: { type: key.key } }
    case 'search':
      return { editor: { ...calm, search: { query: '', at: calm.history.length } } }
    default:
      return { editor: moveOrCut(calm, key.key) }
  }
}

function moveOrCut(editor: Editor, key: Exclude<Key['key'], 'text' | 'paste'>): Editor {
  const { text, cursor } = editor
  switch (key) {
    case 'left':
      return { ...editor, cursor: before(text, cursor) }
    case 'right':
      return { ...editor, cursor: after(text, cursor) }
    case 'word-left':
      return { ...editor, cursor: wordBefore(text, cursor, false) }
    case 'word-right':
      return { ...editor, cursor: wordAfter(text, cursor) }
    case 'home':
      return { ...editor, cursor: 0 }
    case 'end':
      return { ...editor, cursor: text.length }
    case 'up':
      return recall(editor, editor.at - 1)
    case 'down':
      return recall(editor, editor.at + 1)
    case 'backspace':
      return remove(editor, before(text, cursor), cursor)
    case 'delete':
      return remove(editor, cursor, after(text, cursor))
    case 'delete-word':
      return cut(editor, wordBefore(text, cursor, true), cursor)
    case 'delete-word-right':
      return cut(editor, cursor, wordAfter(text, cursor))
    case 'delete-to-start':
      return cut(editor, 0, cursor)
    case 'delete-to-end':
      return cut(editor, cursor, text.length)
    case 'yank':
      return insert(editor, editor.cut)
    case 'last-word':
      return insert(editor, /\S+$/.exec(editor.history.at(-1)?.trimEnd() ?? '')?.[0] ?? '')
    default:
      return editor
  }
}

function insert(editor: Editor, text: string): Editor {
  const { cursor } = editor
  return {
    ...editor,
    text: editor.text.slice(0, cursor) + text + editor.text.slice(cursor),
    cursor: cursor + text.length,
  }
}

function remove(editor: Editor, from: number, to: number): Editor {
  return { ...editor, text: editor.text.slice(0, from) + editor.text.slice(to), cursor: from }
}

function cut(editor: Editor, from: number, to: number): Editor {
  if (from === to) return editor
  return { ...remove(editor, from, to), cut: editor.text.slice(from, to) }
}

/** Shows an entry of the history; the unfinished line comes after the newest one. */
function recall(editor: Editor, at: number): Editor {
  if (at < 0 || at > editor.history.length || at === editor.at) return editor
  const draft = editor.at === editor.history.length ? editor.text : editor.draft
  const text = at === editor.history.length ? draft : (editor.history[at] ?? '')
  return { ...editor, at, draft, text, cursor: text.length }
}

function submit(editor: Editor): EditResult {
  const line = editor.text
  const known = line.trim() === '' || editor.history.at(-1) === line
  const history = known ? editor.history : [...editor.history, line]
  return { editor: { ...newEditor(history), cut: editor.cut }, action: { type: 'submit', line } }
}

function newEditorFrom(editor: Editor): Editor {
  return { ...newEditor(editor.history), cut: editor.cut }
}

/** Removes prompts that were copied along with commands; the last line waits for Enter like the others. */
function tidyPaste(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replaceAll(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
        .replaceAll('\t', ' '),
    )
    .join('\n')
    .replace(/\n+$/, '')
}

function searchKey(editor: Editor, search: Search, key: Key): EditResult {
  switch (key.key) {
    case 'text':
      return { editor: find(editor, search.query + key.text, editor.history.length) }
    case 'search':
      return { editor: find(editor, search.query, search.at) }
    case 'backspace':
      return {
        editor: find(
          editor,
          search.query.slice(0, before(search.query, search.query.length)),
          editor.history.length,
        ),
      }
    case 'escape':
      return { editor: { ...editor, search: undefined } }
    case 'enter':
      return submit({ ...editor, search: undefined })
    default:
      return edit({ ...editor, search: undefined }, key)
  }
}

function find(editor: Editor, query: string, from: number): Editor {
  const at = query === '' ? -1 : editor.history.slice(0, from).findLastIndex((line) => line.includes(query))
  const text = editor.history[at]
  if (text === undefined) return { ...editor, search: { query, at: from } }
  return { ...editor, text, cursor: text.indexOf(query) + query.length, at, search: { query, at } }
}
