import { lookUp } from '../../../simulator/manager/look-up.ts'
import { html, nothing, type TemplateResult } from 'lit'
import { ref, type Ref } from 'lit/directives/ref.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Speech } from '../../machine-view/words.ts'
import type { PlayWords } from '../words.ts'

export interface TerminalTabsOptions {
  readonly speech: Speech
  readonly words: PlayWords
  readonly panes: readonly {
    readonly name: string
    readonly title: string
    readonly host: Ref<HTMLElement>
  }[]
  /** The terminal that is in front. */
  readonly front: string
  readonly onFront: (name: string) => void
  /** Opens another one; `undefined` when the limit is reached. */
  readonly onNew: (() => void) | undefined
  /** What is below the screens: a line to type into, or commands to click. */
  readonly below: TemplateResult
}

/** The terminals as tabs, with arrow keys. */
export function terminals({
  speech,
  words,
  panes,
  front,
  onFront,
  onNew,
  below,
}: TerminalTabsOptions): TemplateResult {
  const { terminal } = speech.words
  const move = (event: KeyboardEvent): void => {
    const at = panes.findIndex(({ name }) => name === front)
    const last = panes.length - 1
    const next = lookUp({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }, event.key)
    const pane = next === undefined ? undefined : panes[(next + last + 1) % (last + 1)]
    if (pane === undefined) return
    event.preventDefault()
    onFront(pane.name)
    const tabs = event.currentTarget as HTMLElement
    tabs.querySelector<HTMLElement>(`#tab-${pane.name}`)?.focus()
  }
  return html`<div class="terminals">
    <div class="tabs">
      <span role="tablist" aria-label=${terminal.tabs} @keydown=${move}>
        ${panes.map(
          ({ name, title }) =>
            html`<button
              class="tab"
              id=${`tab-${name}`}
              role="tab"
              aria-selected=${name === front ? 'true' : 'false'}
              aria-controls=${`pane-${name}`}
              tabindex=${name === front ? 0 : -1}
              @click=${() => onFront(name)}
            >
              ${title}
            </button>`,
        )}
      </span>
      ${
        onNew === undefined
          ? nothing
          : html`<button
              class="tab add"
              aria-label=${words.terminals.new}
              title=${words.terminals.new}
              @click=${onNew}
            >
              <span aria-hidden="true">${panes.length === 1 ? `+ ${words.terminals.new}` : '+'}</span>
            </button>`
      }
    </div>
    <div class="screens">
      ${repeat(
        panes,
        ({ name }) => name,
        ({ name, title, host }) =>
          html`<div
            class="pane ${name === front ? '' : 'away'}"
            id=${`pane-${name}`}
            role="tabpanel"
            aria-label=${title}
          >
            <div class="screen" translate="no" lang="en" ${ref(host)}></div>
          </div>`,
      )}
    </div>
    ${below}
  </div>`
}

/** Commands that a click inserts into the line. */
export function chips(
  label: string,
  commands: readonly string[],
  onOffer: (command: string) => void,
): TemplateResult {
  return html`<ul class="chips" aria-label=${label}>
    ${commands.map(
      (command) =>
        html`<li>
          <button translate="no" lang="en" @click=${() => onOffer(command)}>${command.trim()}</button>
        </li>`,
    )}
  </ul>`
}
