import { html, type TemplateResult } from 'lit'
import type { Scenario } from '../../simulator/scenario/index.ts'
import { runButtons, type RunButtons } from './run-buttons.ts'
import { speedSelect } from './speed.ts'

/** The speeds that can be chosen: virtual time for each unit of the wall's. */
export const SPEEDS = [0.25, 0.5, 1, 2, 5] as const

export interface Toolbar extends RunButtons {
  readonly scenario: Scenario
  readonly speed: number
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
      ${runButtons(bar)} ${speedSelect({ ...bar, speeds: SPEEDS })}
      <button @click=${bar.onReset}>${actions.reset}</button>
    </span>
  </div>`
}
