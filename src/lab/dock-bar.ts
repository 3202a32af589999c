import { html, nothing, type TemplateResult } from 'lit'
import type { Picture } from '../../simulator/machine/view/index.ts'
import type { Dock, DockState } from './dock.ts'
import { mini } from '../machine-view/picture/mini.ts'
import type { Speech } from '../machine-view/words.ts'

export interface DockControls {
  readonly speech: Speech
  readonly dock: Dock
  /** Whether there is a place in the text that the reader came from. */
  readonly back: boolean
  readonly onPut: (state: DockState) => void
  readonly onBack: () => void
}

/** A collapsed dock shows the workers' rows and what happened last; a hidden one shows the button that brings it back. */
export function dockBar(
  controls: DockControls,
  picture: Picture,
  now: number,
  said: TemplateResult,
): TemplateResult {
  const { speech, dock, onPut } = controls
  const { dock: words, title } = speech.words
  if (dock.state === 'away')
    return html`<button
      class="bring"
      data-dock="bring"
      aria-label=${words.bring}
      title=${words.bring}
      @click=${() => onPut('here')}
    >
      <span aria-hidden="true">▴</span> ${title}
    </button>`
  return html`<div class="dock-bar">
    ${mini(picture, now, speech)}
    <div class="dock-said">${said}</div>
    ${dockButtons(controls)}
  </div>`
}

/** The dock's buttons: back to the text, expand or collapse, hide. */
export function dockButtons({ speech, dock, back, onPut, onBack }: DockControls): TemplateResult {
  const { dock: words } = speech.words
  const { shut, beside } = dock
  return html`<span class="dock-buttons">
    ${back && !shut ? html`<button data-dock-back @click=${onBack}>↩ ${words.back}</button>` : nothing}
    ${
      beside
        ? nothing
        : html`<button
            class=${shut ? 'primary' : ''}
            data-dock=${shut ? 'open' : 'here'}
            aria-expanded=${shut ? 'false' : 'true'}
            aria-controls="dock-body"
            aria-label=${shut ? words.open : words.close}
            title=${shut ? words.open : words.close}
            @click=${() => onPut(shut ? 'open' : 'here')}
          >
            <span aria-hidden="true">${shut ? '▴' : '▾'}</span>
          </button>`
    }
    <button data-dock="away" aria-label=${words.away} title=${words.away} @click=${() => onPut('away')}>
      <span aria-hidden="true">✕</span>
    </button>
  </span>`
}
