import type { ReactiveController, TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { createRef, type Ref } from 'lit/directives/ref.js'
import { LIMITS, type Input } from '../../../simulator/scenario/session/index.ts'
import type { Editor } from '../editor.ts'
import { APP, presetOf, TWIN, type PresetId } from '../presets.ts'
import { application } from '../view/application.ts'
import type { WithSession } from './common.ts'

export interface CodeOptions extends WithSession {
  readonly onPreset: (id: PresetId) => void
  readonly onDo: (...inputs: readonly Input[]) => void
}

/** The application's file and its twin, in editors that are loaded when the panel opens. */
export class Code implements ReactiveController {
  readonly #options: CodeOptions
  readonly #hosts: Readonly<Record<'app' | 'twin', Ref<HTMLElement>>> = {
    app: createRef(),
    twin: createRef(),
  }
  #editors: { readonly app: Editor; readonly twin: Editor } | undefined
  #open = false
  /** The editor's text, where it is not what the machine has. */
  #draft: string | undefined
  #saved = false

  constructor(options: CodeOptions) {
    this.#options = options
    options.host.addController(this)
  }

  hostDisconnected(): void {
    this.#editors?.app.dispose()
    this.#editors?.twin.dispose()
  }

  /** The editors show what the machine has; a draft is given up. */
  sync(): void {
    const { files } = this.#options.sitting
    if (this.#editors !== undefined) {
      this.#editors.app.text = files[APP]
      this.#editors.twin.text = files[TWIN]
    }
    this.#draft = undefined
  }

  /** The panel: drawn anew when something in it is another. */
  render(): unknown {
    const { sitting } = this.#options
    const files = sitting.files
    const known = [sitting.live, files[APP], files[TWIN], this.#draft, this.#saved, this.#open, this.#server]
    return guard(known, () => this.#panel())
  }

  #panel(): TemplateResult {
    const { wording, sitting, onPreset } = this.#options
    const { files } = sitting
    const found = presetOf(files)
    return application({
      speech: wording.speech,
      words: wording.words,
      open: this.#open,
      preset: found ?? presetOf({ ...files, [APP]: sitting.live?.data().files[APP] ?? '' }),
      unsaved: this.#draft !== undefined,
      differs: found === undefined || this.#draft !== undefined,
      canReload: this.#server !== undefined,
      saved: this.#saved,
      app: files[APP],
      twin: files[TWIN],
      editors: this.#hosts,
      onToggle: (open) => void this.#toggle(open),
      onPreset: (id) => {
        if (sitting.ready !== undefined) this.#saved = false
        onPreset(id)
      },
      onSave: () => this.#save(),
      onReload: () => this.#save(true),
      onRevert: () => this.sync(),
    })
  }

  /** The PID of the server that can be told to reload. */
  get #server(): number | undefined {
    const server = this.#options.sitting.live?.history.picture.server
    return server?.until === undefined ? server?.pid : undefined
  }

  async #toggle(open: boolean): Promise<void> {
    const { host } = this.#options
    this.#open = open
    host.requestUpdate()
    if (!open || this.#editors !== undefined) return
    const { openEditor } = await import('../editor.ts')
    const [app, twin] = [this.#hosts.app.value, this.#hosts.twin.value]
    if (app === undefined || twin === undefined || this.#editors !== undefined) return
    const { wording, sitting } = this.#options
    const text = wording.words.application
    const common = { root: host.renderRoot as ShadowRoot, onSave: () => this.#save() }
    this.#editors = {
      app: openEditor({
        ...common,
        parent: app,
        text: sitting.files[APP],
        label: wording.speech.say(text.edit, { file: APP }),
        language: 'javascript',
        readOnly: false,
        onChange: (text) => {
          this.#draft = text === sitting.files[APP] ? undefined : text
          this.#saved = false
          host.requestUpdate()
        },
      }),
      twin: openEditor({
        ...common,
        parent: twin,
        text: sitting.files[TWIN],
        label: wording.speech.say(text.twin, { file: TWIN }),
        language: 'python',
        readOnly: true,
        onChange: () => undefined,
      }),
    }
  }

  /** Saves the editor's text to the machine, and tells the server to reload it, if asked. */
  #save(reload = false): void {
    const { host, onDo } = this.#options
    const text = this.#draft
    const server = this.#server
    const inputs: Input[] = []
    if (text !== undefined && text.length <= LIMITS.file) inputs.push({ type: 'write', file: APP, text })
    if (reload && server !== undefined) inputs.push({ type: 'signal', pid: server, signal: 'HUP' })
    if (inputs.length === 0) return
    this.#draft = undefined
    this.#saved = true
    onDo(...inputs)
    host.requestUpdate()
  }
}
