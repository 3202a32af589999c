import { html, nothing, type TemplateResult } from 'lit'
import type { Happening } from '../../../simulator/machine/view/index.ts'
import { telling } from '../../lab/telling.ts'
import type { Speech } from '../../lab/words.ts'
import { chapterOf } from '../chapters.ts'
import type { Chapters, PlayWords } from '../words.ts'

export interface Sentence {
  readonly speech: Speech
  readonly words: PlayWords
  readonly chapters: Chapters
  readonly happened: Happening
  /** What is said in its place, e.g. that a session is being played. */
  readonly instead: string | undefined
}

/** What just happened, and the chapter that tells more about it. */
export function sentence({ speech, words, chapters, happened, instead }: Sentence): TemplateResult {
  const chapter = chapters[chapterOf(happened.clauses[0]?.key) ?? '']
  return html`<p class="say ${happened.tone}">
    <span role="status">${instead ?? telling(happened, speech)}</span>
    ${
      chapter === undefined || instead !== undefined
        ? nothing
        : html`<a href=${chapter.href}>${speech.say(words.read, { title: chapter.title })}</a>`
    }
  </p>`
}
