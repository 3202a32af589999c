import type { Clause, StoryEntry } from '../../simulator/machine/view/index.ts'
import { fillIn } from '../../simulator/shell/words.ts'

/** The words of picture and terminal: content/lab/<locale>.json. Placeholders are in braces. */
export type LabWords = typeof import('../../content/lab/en.json')

/** A sentence, or one for each plural category of the language (`one`, `other`). */
type Counted = string | Readonly<Record<string, string>>

/** The lab's words in one language. */
export class Speech {
  readonly words: LabWords
  readonly #plural: Intl.PluralRules

  constructor(words: LabWords, language: string) {
    this.words = words
    this.#plural = new Intl.PluralRules(language)
  }

  /** Fills in `{name}`; where a text has plural forms, `values.count` chooses. */
  say(text: Counted, values: Readonly<Record<string, string | number>> = {}): string {
    if (typeof text === 'string') return fillIn(text, values)
    const form = text[this.#plural.select(Number(values['count']))] ?? text['other'] ?? ''
    return fillIn(form, values)
  }

  /** The sentences about an event: the headline, and the others joined. */
  tell(happened: StoryEntry): { head: string; rest: string } {
    const sentences = happened.clauses.map((clause) => this.#sentence(clause))
    return { head: sentences[0] ?? '', rest: sentences.slice(1).join(this.words.sentenceBreak) }
  }

  #sentence({ key, params }: Clause): string {
    return this.say(this.words.sentences[key], params)
  }
}
