import { html, type TemplateResult } from 'lit'
import type { Speech } from './words.ts'

export interface SpeedSelect {
  readonly speech: Speech
  /** Virtual time per wall-clock time: the choices, and the current one. */
  readonly speeds: readonly number[]
  readonly speed: number
  readonly onSpeed: (speed: number) => void
}

/** The selector for the speed of virtual time. */
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
