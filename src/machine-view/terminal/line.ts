import { html, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Key } from '../../../simulator/shell/editor/keys.ts'
import { editorKey } from './keys.ts'
import type { Speech } from '../words.ts'

export interface LineInputProps {
  readonly speech: Speech
  /** The name of its terminal, as a reader sees it. */
  readonly terminal: string
  readonly text: string
  readonly offered: readonly string[]
  /** Whether the history is being searched (Ctrl+R). */
  readonly searching: boolean
  readonly onKey: (key: Key) => void
  readonly onText: (text: string, cursor: number) => void
  readonly onOffer: (command: string) => void
}

/** For touch screens: a real input for the line, a row of keys, and commands to tap. */
export function line(line: LineInputProps): TemplateResult {
  const { speech, terminal, text, offered } = line
  const words = speech.words.terminal
  const key = (label: string, text: string, key: Key): TemplateResult =>
    html`<button
      type="button"
      aria-label=${label}
      @click=${(event: Event) => press(key, line, inputOf(event))}
    >
      ${text}
    </button>`
  return html`<div class="line">
    <form
      @submit=${(event: Event) => {
        event.preventDefault()
        line.onKey({ key: 'enter' })
      }}
    >
      <span aria-hidden="true">$</span>
      <input
        type="text"
        autocapitalize="off"
        autocomplete="off"
        autocorrect="off"
        spellcheck="false"
        enterkeyhint="send"
        translate="no"
        lang="en"
        aria-label=${speech.say(words.line, { terminal })}
        .value=${live(text.replaceAll('\n', '; '))}
        @input=${(event: Event) => {
          const input = event.target as HTMLInputElement
          line.onText(input.value, input.selectionStart ?? input.value.length)
        }}
        @keydown=${(event: KeyboardEvent) => takeKey(event, line)}
      />
      <button type="submit">${speech.words.actions.run}</button>
    </form>
    <div class="keys" role="group" aria-label=${words.keys}>
      ${key(words.tabLabel, words.tab, { key: 'tab' })} ${key(words.upLabel, words.up, { key: 'up' })}
      ${key(words.downLabel, words.down, { key: 'down' })}
      ${key(words.searchLabel, words.search, { key: 'search' })}
      ${key(words.interruptLabel, words.interrupt, { key: 'interrupt' })}
    </div>
    <ul class="chips" aria-label=${words.chips}>
      ${offered.map(
        (command) =>
          html`<li>
            <button type="button" translate="no" lang="en" @click=${() => line.onOffer(command)}>
              ${command.trim()}
            </button>
          </li>`,
      )}
    </ul>
  </div>`
}

/** Passes the line editor's keys to it; the input handles the others. */
function takeKey(event: KeyboardEvent, line: LineInputProps): void {
  const input = event.target as HTMLInputElement
  const selected = input.selectionStart !== input.selectionEnd
  const key = editorKey(event)
  // Enter is the form's submit event, and Ctrl+C copies the selection.
  if (key === undefined || key.key === 'enter' || (key.key === 'interrupt' && selected)) return
  event.preventDefault()
  press(key, line, input)
}

/** Ctrl+R searches for the text in the line; pressed again, for an earlier match. */
function press(
  key: Key,
  { searching, onKey }: LineInputProps,
  input: HTMLInputElement | null | undefined,
): void {
  const text = input?.value ?? ''
  onKey(key)
  if (key.key === 'search' && !searching && text !== '') onKey({ key: 'text', text })
}

/** The input of the line that a key belongs to. */
function inputOf(event: Event): HTMLInputElement | null | undefined {
  return (event.currentTarget as HTMLElement).closest('.line')?.querySelector('input')
}
