import { html, type TemplateResult } from 'lit'
import type { Speech } from './words.ts'

export interface SpeedSelect {
  readonly speech: Speech
  /** Virtual time for each unit of the wall's: what there is to choose, and what is chosen. */
  readonly speeds: readonly number[]
  readonly speed: number
  readonly onSpeed: (speed: number) => void
}

/** How fast the machine's time goes. */
export function speedSelect({ speech, speeds, speed, onSpeed }: SpeedSelect): TemplateResult {
  return html`<select
    aria-label=${speech.words.actions.speed}
    .value=${String(speed)}
    @change=${(event: Event) => onSpeed(Number((event.target as HTMLSelectElement).value))}
  >
    ${speeds.map((each) => html`<option value=${each} ?selected=${each === speed}>${nameOf(each)}</option>`)}
  </select>`
}

function nameOf(speed: number): string {
  return `${{ 0.1: '⅒', 0.25: '¼', 0.5: '½' }[speed] ?? speed}×`
}
