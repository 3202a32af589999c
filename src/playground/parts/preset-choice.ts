import { html, nothing, type TemplateResult } from 'lit'
import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import type { PresetId } from '../all-presets.ts'
import { APP, HELLO, withComment, START, TWIN, type Application } from '../presets.ts'
import type { WithSession } from './with-session.ts'

export interface PresetChoiceOptions extends WithSession {
  readonly onBegin: (from: Application) => Promise<void>
  /** Whether the editor holds text that is not saved. */
  readonly hasDraft: () => boolean
}

/** Whether the reader has done anything to a machine but start it. */
export function hasWork({ inputs }: Pick<SessionData, 'inputs'>): boolean {
  return inputs.some(
    (input) =>
      !['open', 'resize', 'clients'].includes(input.type) && !(input.type === 'line' && input.text === START),
  )
}

/** The choice among the cards of the page (Playground.astro): another application begins on a fresh machine, after a question if there is work. */
export class PresetChoice {
  readonly #options: PresetChoiceOptions
  /** The preset that was chosen and has not begun. */
  #asked: PresetId | undefined

  constructor(options: PresetChoiceOptions) {
    this.#options = options
  }

  /** Begins a preset, or asks before that. Before the machine is ready, it waits. */
  choose(id: PresetId): void {
    const { host, sessions, hasDraft } = this.#options
    const { ready } = sessions
    this.#asked = id
    if (ready !== undefined && !hasDraft() && !hasWork(ready.data())) return this.#begin()
    host.requestUpdate()
    if (ready !== undefined)
      void host.updateComplete.then(() =>
        host.renderRoot.querySelector<HTMLElement>('.ask-first button')?.focus(),
      )
  }

  /** A session has opened: begins the preset that was chosen before, and tells the page's cards which one it is. */
  async opened(): Promise<void> {
    const { sessions } = this.#options
    if (this.#asked !== undefined && sessions.live !== undefined && !hasWork(sessions.live.data()))
      return this.#begin()
    const { files } = sessions
    const isHello = files[APP] === HELLO.app && files[TWIN] === HELLO.twin
    const id = isHello ? 'hello' : (await import('../all-presets.ts')).presetOf(files)?.id
    document.dispatchEvent(new CustomEvent('sw-preset-begun', { detail: id }))
  }

  /** The question whether to discard the reader's work. */
  render(): TemplateResult | typeof nothing {
    const { host, wording, sessions } = this.#options
    const { application } = wording.words
    const id = this.#asked
    if (id === undefined || sessions.ready === undefined) return nothing
    const stay = (): void => {
      this.#asked = undefined
      host.requestUpdate()
    }
    return html`<div class="notice ask-first" role="group">
      <span role="status">${wording.speech.say(application.fresh, { preset: application.presets[id] })}</span>
      <button @click=${() => this.#begin()}>${application.begin}</button>
      <button @click=${stay}>${application.stay}</button>
    </div>`
  }

  #begin(): void {
    const id = this.#asked
    this.#asked = undefined
    if (id === undefined) return
    const { wording, onBegin } = this.#options
    void import('../all-presets.ts').then(({ preset }) =>
      onBegin(withComment(preset(id), wording.words.application.comments[id])),
    )
  }
}
