import type { nothing } from 'lit'
import { html, type TemplateResult } from 'lit'
import type { Speed } from '../../simulator/machine/speed.ts'
import type { Scenario } from '../../simulator/scenario/index.ts'
import { runButtons, type RunButtons } from '../machine-view/run-buttons.ts'
import { speedSelect } from '../machine-view/speed.ts'
import { size } from '../machine-view/size.ts'

/** The speeds that can be chosen, in virtual ms per ms of wall-clock time. */
export const SPEEDS = [0.25, 0.5, 1, 2, 5] as const satisfies readonly Speed[]

export interface Toolbar extends RunButtons {
  readonly scenario: Scenario
  readonly speed: number
  readonly onSpeed: (speed: number) => void
  readonly onReset: () => void
  /** Rendered after the machine's own controls. */
  readonly more: TemplateResult | typeof nothing
}

/** The machine's facts, and the controls of its time. */
export function toolbar(bar: Toolbar): TemplateResult {
  const { speech, scenario } = bar
  const { title, facts, actions } = speech.words
  const machine = [speech.say(facts.cores, { count: scenario.machine.cores }), size(scenario.machine.memory)]
  return html`<div class="bar">
    <b>${title}</b>
    <span class="facts">${machine.join(' · ')}</span>
    <span class="controls">
      ${runButtons(bar)} ${speedSelect({ ...bar, speeds: SPEEDS })}
      <button @click=${bar.onReset}>${actions.reset}</button>
    </span>
    ${bar.more}
  </div>`
}
