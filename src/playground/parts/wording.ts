import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { Speech, type LabWords } from '../../machine-view/words.ts'
import type { Chapters, PlayWords } from '../words.ts'

/** The words of the interface: the page passes them to the element as JSON, in child elements. */
export class Wording implements ReactiveController {
  readonly #host: HTMLElement
  speech!: Speech
  words!: PlayWords
  chapters: Chapters = {}

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host
    host.addController(this)
  }

  /** @throws Error when a child is missing. */
  hostConnected(): void {
    const { lang } = this.#host
    this.speech = new Speech(this.#json('words') as LabWords, lang === '' ? 'en' : lang)
    this.words = this.#json('play-words') as PlayWords
    this.chapters = this.#json('chapters') as Chapters
  }

  #json(name: string): unknown {
    const text = this.#host.querySelector(`script[data-${name}]`)?.textContent
    if (text == null) {
      throw new Error(`<sw-playground> expects a <script type="application/json" data-${name}> child.`)
    }
    return JSON.parse(text)
  }
}
