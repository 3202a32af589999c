import { lookUp } from '../../../simulator/manager/look-up.ts'
import { html, nothing, type TemplateResult } from 'lit'
import type { Scenario, Step } from '../../../simulator/scenario/index.ts'
import type { LabTexts } from './texts.ts'

/** The lab's own buttons, beside Start and Kill. They act on a server: disabled without one. */
export function controls(
  { controls }: Scenario,
  texts: LabTexts,
  serverLives: boolean,
  act: (steps: readonly Step[]) => void,
): TemplateResult | typeof nothing {
  if (controls.length === 0) return nothing
  return html`<div class="controls-row">
    ${controls.map(
      ({ id, steps }) =>
        html`<button
          data-control=${id}
          lang=${texts.lang ?? nothing}
          aria-disabled=${serverLives ? 'false' : 'true'}
          @click=${() => serverLives && act(steps)}
        >
          ${lookUp(texts.controls, id) ?? id}
        </button>`,
    )}
  </div>`
}
