import { html, type TemplateResult } from 'lit'
import type { Speech } from './words.ts'

export interface FootNote {
  readonly speech: Speech
  /** URL of the page with the details. */
  readonly about: string
  readonly screenReader: boolean
  readonly onScreenReader: (on: boolean) => void
}

/** Says which parts of the simulation are real, and has the switch for screen readers. */
export function footNote({ speech, about, screenReader, onScreenReader }: FootNote): TemplateResult {
  const { honesty, terminal } = speech.words
  return html`<div class="foot-note">
    <p>
      ${honesty.decided} ${honesty.ran} ${honesty.modelled} ${honesty.differs}
      <a href=${about}>${honesty.more}</a>
    </p>
    <label>
      <input
        type="checkbox"
        .checked=${screenReader}
        @change=${(event: Event) => onScreenReader((event.target as HTMLInputElement).checked)}
      />
      ${terminal.screenReader}
    </label>
  </div>`
}
