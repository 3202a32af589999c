import { html, nothing, type TemplateResult } from 'lit'
import type { Typing } from './typing.ts'

/** The hint about the terminals, and what can be done about it. */
export function hint({ hint, actions }: Typing): TemplateResult {
  return html`<p class="hint" role="status" ?hidden=${hint === ''}>
    ${hint}
    ${
      actions.length === 0
        ? nothing
        : html`<span class="hint-do">
            ${actions.map(
              ({ id, label, primary = false, act }) =>
                html`<button class=${primary ? 'primary' : ''} data-hint=${id} @click=${act}>
                  ${label}
                </button>`,
            )}
          </span>`
    }
  </p>`
}
