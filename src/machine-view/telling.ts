import { html, type TemplateResult } from 'lit'
import type { StoryEntry } from '../../simulator/machine/view/index.ts'
import type { Speech } from './words.ts'

/** The sentences about the last event: the headline is bold, and a failure has a sign. */
export function telling(happened: StoryEntry, speech: Speech): TemplateResult {
  const told = speech.tell(happened)
  return html`<b>${happened.tone === 'bad' ? '✕ ' : ''}${told.head}</b> ${told.rest}`
}
