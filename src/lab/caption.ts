import { html, nothing, type TemplateResult } from 'lit'
import type { Picture } from '../../simulator/machine/view/index.ts'
import { lookUp } from '../../simulator/manager/look-up.ts'
import { telling } from '../machine-view/telling.ts'
import type { Speech } from '../machine-view/words.ts'
import type { Tasks } from './tasks/tasks.ts'
import type { LabTexts } from './tasks/texts.ts'

export interface Caption {
  readonly speech: Speech
  readonly texts: LabTexts
  readonly verdict: Tasks['verdict']
  /** Why the machine could not be started. */
  readonly failure: string | undefined
}

/** The sentence about the last event; right after a verdict, the question's explanation. */
export function caption({ happened }: Picture, { speech, texts, verdict, failure }: Caption): TemplateResult {
  const told = verdict && lookUp(texts.predictions, verdict.id)
  // The verdict itself is announced beside the question.
  if (verdict !== undefined && told !== undefined)
    return html`<p class="say quiet" lang=${texts.lang ?? nothing} data-verdict>
      <b>${lookUp(told.choices, verdict.answer)}</b> ${told.why}
    </p>`
  return html`<p class="say ${happened.tone}" role="status">
    ${failure === undefined ? telling(happened, speech) : speech.say(speech.words.failed, { reason: failure })}
  </p>`
}
