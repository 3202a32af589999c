import { javascript } from '@codemirror/lang-javascript'
import { python } from '@codemirror/lang-python'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { basicSetup, EditorView } from 'codemirror'

/** Options of an editor. */
export interface EditorOptions {
  readonly parent: HTMLElement
  readonly root: ShadowRoot
  readonly text: string
  readonly label: string
  readonly language: 'javascript' | 'python'
  readonly readOnly: boolean
  readonly onChange: (text: string) => void
  /** Ctrl+S, or Cmd+S. */
  readonly onSave: () => void
}

/** An editor of one file. */
export interface Editor {
  text: string
  dispose(): void
}

/** The site's colours, with the meanings that they have in the terminals. */
const look = EditorView.theme(
  {
    '&': {
      backgroundColor: 'var(--sw-term)',
      color: 'var(--sw-term-ink)',
      height: '100%',
      fontSize: '12.5px',
    },
    '&.cm-focused': { outline: '2px solid var(--sw-term-accent)', outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: 'var(--sw-mono)', lineHeight: '1.5' },
    '.cm-gutters': { backgroundColor: 'var(--sw-term)', color: 'var(--sw-term-soft)', border: '0' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: '#ffffff0d' },
    '.cm-cursor': { borderLeftColor: 'var(--sw-term-ink)' },
    '.cm-content': { caretColor: 'var(--sw-term-ink)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: '#3d5a80 !important',
    },
    '.cm-matchingBracket': { backgroundColor: '#3d5a80 !important', color: 'inherit !important' },
  },
  { dark: true },
)

const colors = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--sw-ansi-90)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--sw-ansi-35)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--sw-ansi-32)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sw-ansi-33)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--sw-ansi-34)' },
  { tag: [tags.className, tags.meta], color: 'var(--sw-ansi-36)' },
])

/** Opens an editor. */
export function openEditor(options: EditorOptions): Editor {
  const { parent, root, text, label, language, readOnly, onChange, onSave } = options
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => (onSave(), true) }]),
        basicSetup,
        language === 'javascript' ? javascript() : python(),
        look,
        syntaxHighlighting(colors),
        EditorState.readOnly.of(readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, translate: 'no', lang: 'en', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    get text() {
      return view.state.doc.toString()
    },
    set text(text) {
      if (text === view.state.doc.toString()) return
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    },
    dispose: () => view.destroy(),
  }
}
