import { html, nothing, type TemplateResult } from 'lit'
import { ref, type Ref } from 'lit/directives/ref.js'
import type { Speech } from '../../lab/words.ts'
import { APP, presets, TWIN, type Preset, type PresetId } from '../presets.ts'
import type { PlayWords } from '../words.ts'

export interface Application {
  readonly speech: Speech
  readonly words: PlayWords
  readonly open: boolean
  /** The preset that the files are, unchanged. */
  readonly preset: Preset | undefined
  /** The text of the editor is not what the machine has. */
  readonly unsaved: boolean
  /** The saved file is not the twin's any more. */
  readonly differs: boolean
  readonly canReload: boolean
  readonly saved: boolean
  readonly app: string
  readonly twin: string
  readonly editors: Readonly<Record<'app' | 'twin', Ref<HTMLElement>>>
  readonly onToggle: (open: boolean) => void
  readonly onPreset: (id: PresetId) => void
  readonly onSave: () => void
  readonly onReload: () => void
  readonly onRevert: () => void
}

/** The application's file and its twin, and applications to begin with. */
export function application(panel: Application): TemplateResult {
  const { speech, words, unsaved, differs } = panel
  const text = words.application
  return html`<details
    class="panel application"
    ?open=${panel.open}
    @toggle=${(event: Event) => panel.onToggle((event.target as HTMLDetailsElement).open)}
  >
    <summary>${text.title} <span class="soft" translate="no">${APP}</span></summary>
    <div class="row">
      <label>
        ${text.preset}
        <select
          @change=${(event: Event) => panel.onPreset((event.target as HTMLSelectElement).value as PresetId)}
        >
          ${panel.preset === undefined ? html`<option value="" selected disabled>–</option>` : nothing}
          ${presets.map(
            ({ id }) =>
              html`<option value=${id} .selected=${id === panel.preset?.id}>${text.presets[id]}</option>`,
          )}
        </select>
      </label>
      <span class="soft">${panel.preset === undefined ? text.fresh : text.try[panel.preset.id]}</span>
    </div>
    <div class="files">
      <div class="code">
        <p>${speech.say(text.edit, { file: APP })}</p>
        <div class="editor" ${ref(panel.editors.app)}></div>
        <p class="row">
          <button
            class=${unsaved ? 'primary' : ''}
            aria-disabled=${unsaved ? 'false' : 'true'}
            @click=${panel.onSave}
          >
            ${text.save}
          </button>
          ${panel.canReload ? html`<button @click=${panel.onReload}>${text.saveReload}</button>` : nothing}
          ${unsaved ? html`<button @click=${panel.onRevert}>${text.revert}</button>` : nothing}
          <span class="soft" role="status">${unsaved ? text.unsaved : panel.saved ? text.saved : ''}</span>
        </p>
      </div>
      <div class=${differs ? 'code differs' : 'code'}>
        <p>
          ${
            differs
              ? html`<strong>≠ ${speech.say(text.twinDiffers, { file: TWIN, app: APP })}</strong>`
              : speech.say(text.twin, { file: TWIN })
          }
        </p>
        <div class="editor" ${ref(panel.editors.twin)}></div>
        <p class="soft">${text.editorHelp}</p>
      </div>
    </div>
  </details>`
}
