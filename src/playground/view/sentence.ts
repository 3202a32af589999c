import { lookUp } from '../../../simulator/manager/look-up.ts'
import { html, nothing, type TemplateResult } from 'lit'
import type { StoryEntry } from '../../../simulator/machine/view/index.ts'
import { telling } from '../../machine-view/telling.ts'
import type { Speech } from '../../machine-view/words.ts'
import { chapterOf } from '../chapters.ts'
import type { Chapters, PlayWords } from '../words.ts'

export interface SentenceProps {
  readonly speech: Speech
  readonly words: PlayWords
  readonly chapters: Chapters
  readonly happened: StoryEntry
  /** A text to show instead, e.g. that a session is being replayed. */
  readonly instead: string | undefined
}

/** What just happened, and a link to the chapter that explains it. */
export function sentence({ speech, words, chapters, happened, instead }: SentenceProps): TemplateResult {
  const chapter = lookUp(chapters, chapterOf(happened.clauses[0]?.key) ?? '')
  return html`<p class="say ${happened.tone}">
    <span role="status">${instead ?? telling(happened, speech)}</span>
    ${
      chapter === undefined || instead !== undefined
        ? nothing
        : html`<a href=${chapter.href}>${speech.say(words.read, { title: chapter.title })}</a>`
    }
  </p>`
}
