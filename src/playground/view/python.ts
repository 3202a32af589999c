import { html, nothing, type TemplateResult } from 'lit'
import { CPYTHON, DOWNLOAD_BYTES, PACKAGES, type Progress } from '../../../simulator/host/browser/index.ts'
import { ENDINGS, type Runtime } from '../../../simulator/machine/runtime.ts'
import type { Speech } from '../../machine-view/words.ts'
import type { PlayWords } from '../words.ts'

export interface RuntimeRow {
  readonly speech: Speech
  readonly words: PlayWords
  readonly runtime: Runtime
  /** While it is being loaded. */
  readonly progress: Progress | undefined
  /** Why it could not be. */
  readonly reason: string | undefined
  readonly onPython: () => void
  readonly onJavaScript: () => void
  readonly onStop: () => void
}

/** A size in MB, before compression. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

/** Which file `main:app` means, and the button to switch to the other. */
export function runtimeRow(row: RuntimeRow): TemplateResult {
  const { speech, words, runtime, progress, reason } = row
  const text = words.python
  const file = `main${ENDINGS[runtime]}`
  const size = megabytes(DOWNLOAD_BYTES)
  if (progress !== undefined) {
    const whole = progress.loaded >= progress.total
    const loading = speech.say(text.loading, { loaded: megabytes(progress.loaded), size })
    return html`<div class="row runtime">
      <progress max=${progress.total} .value=${progress.loaded} aria-label=${text.starting}></progress>
      <span class="soft">${whole ? text.starting : loading}</span>
      ${whole ? nothing : html`<button @click=${row.onStop}>${text.stop}</button>`}
    </div>`
  }
  return html`<div class="row runtime">
    <span>${speech.say(text.runs, { file })}</span>
    ${
      runtime === 'python'
        ? html`<strong class="badge">${speech.say(text.badge, { version: CPYTHON })}</strong>
            <span class="soft"
              >${PACKAGES ? speech.say(text.fastapi, { version: PACKAGES.fastapi }) : text.subset}${'promising' in WebAssembly ? '' : ` – ${text.noSwitch}`}</span
            >
            <button @click=${row.onJavaScript}>${text.back}</button>`
        : html`<button @click=${row.onPython}>${speech.say(text.run, { size })}</button>
            <span class="soft">${speech.say(text.about, { file: `main${ENDINGS.python}` })}</span>`
    }
    <span role="status">${reason === undefined ? '' : speech.say(text.failed, { reason })}</span>
  </div>`
}
