import { html, nothing, type TemplateResult } from 'lit'
import { ref, type Ref } from 'lit/directives/ref.js'
import type { Speech } from '../../machine-view/words.ts'
import { APP, TWIN } from '../presets.ts'
import type { PlayWords } from '../words.ts'

export interface Application {
  readonly speech: Speech
  readonly words: PlayWords
  /** Whether the editor's text differs from the machine's file. */
  readonly unsaved: boolean
  /** Whether the saved file no longer matches its twin. */
  readonly differs: boolean
  readonly canReload: boolean
  readonly saved: boolean
  readonly app: string
  readonly twin: string
  /** The file that runs and is editable. */
  readonly file: typeof APP | typeof TWIN
  /** The choice of the language. */
  readonly runtime: unknown
  readonly editors: Readonly<Record<'app' | 'twin', Ref<HTMLElement>>>
  readonly onSave: () => void
  readonly onReload: () => void
  readonly onRevert: () => void
}

/** The application's file and its twin. */
export function application(panel: Application): TemplateResult {
  const { speech, words, differs } = panel
  const text = words.application
  return html`${panel.runtime}
    <div class="files">
      <div class="code">
        <p>${speech.say(panel.file === APP ? text.edit : words.python.other, { file: APP })}</p>
        <div class="editor" ${ref(panel.editors.app)}></div>
        ${panel.file === APP ? saving(panel) : nothing}
      </div>
      <div class=${differs && panel.file === APP ? 'code differs' : 'code'}>
        <p>
          ${
            panel.file === TWIN
              ? speech.say(text.edit, { file: TWIN })
              : differs
                ? html`<strong>≠ ${speech.say(text.twinDiffers, { file: TWIN, app: APP })}</strong>`
                : speech.say(text.twin, { file: TWIN })
          }
        </p>
        <div class="editor" ${ref(panel.editors.twin)}></div>
        ${panel.file === TWIN ? saving(panel) : nothing}
        <p class="soft">${text.editorHelp}</p>
      </div>
    </div>`
}

/** The controls below the file that runs. */
function saving({
  words,
  unsaved,
  saved,
  canReload,
  onSave,
  onReload,
  onRevert,
}: Application): TemplateResult {
  const text = words.application
  return html`<p class="row">
    <button class=${unsaved ? 'primary' : ''} aria-disabled=${unsaved ? 'false' : 'true'} @click=${onSave}>
      ${text.save}
    </button>
    ${canReload ? html`<button @click=${onReload}>${text.saveReload}</button>` : nothing}
    ${unsaved ? html`<button @click=${onRevert}>${text.revert}</button>` : nothing}
    <span class="soft" role="status">${unsaved ? text.unsaved : saved ? text.saved : ''}</span>
  </p>`
}
