import { html, nothing } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { APP, TWIN } from '../presets.ts'
import type { CodePanel } from './code-panel.ts'
import { fileOf, type CodeOptions } from './code-options.ts'

/** The application. Most visits never open it, so the panel is loaded when it is opened. */
export class Code {
  readonly #options: CodeOptions
  #panel: CodePanel | undefined
  #open = false

  constructor(options: CodeOptions) {
    this.#options = options
  }

  /** Shows the machine's files; a draft is discarded. */
  sync(): void {
    this.#panel?.sync()
  }

  /** Whether the editor holds text that is not saved. */
  get hasDraft(): boolean {
    return this.#panel?.hasDraft === true
  }

  /** Rendered again only when its state has changed. */
  render(): unknown {
    const { wording, sessions } = this.#options
    const { files } = sessions
    const known = [sessions.live, files[APP], files[TWIN], this.#open, this.#panel]
    return guard(
      [...known, ...(this.#panel?.state ?? [])],
      () =>
        html`<details
          class="panel application"
          ?open=${this.#open}
          @toggle=${(event: Event) => void this.#toggle((event.target as HTMLDetailsElement).open)}
        >
          <summary>
            ${wording.words.application.title}
            <span class="soft" translate="no">${fileOf(this.#options)}</span>
          </summary>
          ${this.#panel?.render() ?? nothing}
        </details>`,
    )
  }

  async #toggle(open: boolean): Promise<void> {
    const { host } = this.#options
    this.#open = open
    host.requestUpdate()
    if (!open) return
    const { CodePanel } = await import('./code-panel.ts')
    this.#panel ??= new CodePanel(this.#options)
    host.requestUpdate()
    await this.#panel.open()
  }
}
