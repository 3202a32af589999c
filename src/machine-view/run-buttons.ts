import { html, type TemplateResult } from 'lit'
import type { Speech } from './words.ts'

export interface RunButtons {
  readonly speech: Speech
  readonly canStart: boolean
  readonly paused: boolean
  /** Which button is highlighted as the next step. */
  readonly primary: 'start' | 'resume' | undefined
  readonly onStart: () => void
  readonly onPause: () => void
  readonly onStep: () => void
}

/** Start, Pause or Resume, Step. */
export function runButtons(run: RunButtons): TemplateResult {
  const { actions } = run.speech.words
  return html`<button
      class=${run.primary === 'start' ? 'primary' : ''}
      data-run="start"
      aria-disabled=${run.canStart ? 'false' : 'true'}
      @click=${run.onStart}
    >
      <span class="sign" aria-hidden="true">▶</span>${actions.start}
    </button>
    <button class=${run.primary === 'resume' ? 'primary' : ''} data-run="pause" @click=${run.onPause}>
      <span class="sign" aria-hidden="true">${run.paused ? '▶' : '❚❚'}</span>${
        run.paused ? actions.resume : actions.pause
      }
    </button>
    <button @click=${run.onStep}>${actions.step}</button>`
}
