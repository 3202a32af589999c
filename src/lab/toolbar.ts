import { html, type TemplateResult } from 'lit'
import type { Scenario } from '../../simulator/scenario/index.ts'
import type { Speech } from './words.ts'

/** The speeds that can be chosen: virtual time for each unit of the wall's. */
export const SPEEDS = [0.25, 0.5, 1, 2, 5] as const

export interface Toolbar {
  readonly speech: Speech
  readonly scenario: Scenario
  readonly canStart: boolean
  readonly paused: boolean
  readonly speed: number
  readonly onStart: () => void
  readonly onPause: () => void
  readonly onStep: () => void
  readonly onSpeed: (speed: number) => void
  readonly onReset: () => void
}

/** What the machine is, and the few controls of its time. */
export function toolbar(bar: Toolbar): TemplateResult {
  const { speech, scenario } = bar
  const { title, facts, actions } = speech.words
  const machine = [
    speech.say(facts.cores, { count: scenario.machine.cores }),
    speech.say(facts.memory, { mb: Math.round(scenario.machine.memory / 1_000_000) }),
  ]
  return html`<div class="bar">
    <b>${title}</b>
    <span class="facts">${machine.join(' · ')}</span>
    <span class="controls">
      <button class="primary" aria-disabled=${bar.canStart ? 'false' : 'true'} @click=${bar.onStart}>
        <span class="sign" aria-hidden="true">▶</span>${actions.start}
      </button>
      <button class=${bar.paused ? 'on' : ''} @click=${bar.onPause}>
        <span class="sign" aria-hidden="true">${bar.paused ? '▶' : '❚❚'}</span>${
          bar.paused ? actions.resume : actions.pause
        }
      </button>
      <button @click=${bar.onStep}>${actions.step}</button>
      <select
        aria-label=${actions.speed}
        .value=${String(bar.speed)}
        @change=${(event: Event) => bar.onSpeed(Number((event.target as HTMLSelectElement).value))}
      >
        ${SPEEDS.map(
          (speed) =>
            html`<option value=${speed} ?selected=${speed === bar.speed}>${speedName(speed)}</option>`,
        )}
      </select>
      <button @click=${bar.onReset}>${actions.reset}</button>
    </span>
  </div>`
}

function speedName(speed: number): string {
  return `${{ 0.25: '¼', 0.5: '½' }[speed] ?? speed}×`
}
