import { html, type TemplateResult } from 'lit'
import type { Speech } from './words.ts'

export interface FootNote {
  readonly speech: Speech
  /** Address of the page that tells more. */
  readonly about: string
  readonly screenReader: boolean
  readonly onScreenReader: (on: boolean) => void
}

/** What of all this is real, and the switch for screen readers. */
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
