import type { ReactiveController, TemplateResult } from 'lit'
import { createRef, type Ref } from 'lit/directives/ref.js'
import { LIMITS, type SessionInput } from '../../../simulator/scenario/session/index.ts'
import type { Editor } from '../editor.ts'
import { presetOf } from '../all-presets.ts'
import { APP, TWIN } from '../presets.ts'
import { application } from '../view/application.ts'
import { fileOf, type CodeOptions } from './code-options.ts'
import { Python } from './python.ts'

/** The panel with the application: editors for its file and its twin, and the choice of the language. */
export class CodePanel implements ReactiveController {
  readonly #options: CodeOptions
  readonly #hosts: Readonly<Record<'app' | 'twin', Ref<HTMLElement>>> = {
    app: createRef(),
    twin: createRef(),
  }
  readonly #python: Python
  /** The file that is editable. */
  #editable: typeof APP | typeof TWIN = APP
  #editors: { readonly app: Editor; readonly twin: Editor } | undefined
  /** The editor's text, if it differs from the machine's file. */
  #draft: string | undefined
  #saved = false

  constructor(options: CodeOptions) {
    this.#options = options
    this.#python = new Python(options)
    options.host.addController(this)
  }

  hostDisconnected(): void {
    this.#close()
  }

  /** The file that runs. */
  get #file(): typeof APP | typeof TWIN {
    return fileOf(this.#options)
  }

  #close(): void {
    this.#editors?.app.dispose()
    this.#editors?.twin.dispose()
    this.#editors = undefined
  }

  /** Shows the machine's files; a draft is discarded. */
  sync(): void {
    const { files } = this.#options.sessions
    if (this.#editors !== undefined && this.#editable !== this.#file) {
      this.#close()
      void this.#openEditors()
    }
    if (this.#editors !== undefined) {
      this.#editors.app.text = files[APP]
      this.#editors.twin.text = files[TWIN]
    }
    this.#draft = undefined
    this.#saved = false
  }

  /** Whether the editor's text differs from the machine's file. */
  get hasDraft(): boolean {
    return this.#draft !== undefined
  }

  /** The state that it is rendered from, to decide whether to render again. */
  get state(): readonly unknown[] {
    return [this.#draft, this.#saved, this.#server, this.#python.state]
  }

  render(): TemplateResult {
    const { wording, sessions } = this.#options
    const { files } = sessions
    const found = presetOf(files)
    return application({
      speech: wording.speech,
      words: wording.words,
      unsaved: this.#draft !== undefined,
      differs: found === undefined || this.#draft !== undefined,
      canReload: this.#server !== undefined,
      saved: this.#saved,
      app: files[APP],
      twin: files[TWIN],
      editors: this.#hosts,
      onSave: () => this.#save(),
      onReload: () => this.#save(true),
      onRevert: () => this.sync(),
      file: this.#file,
      runtime: this.#python.render(),
    })
  }

  /** The PID of the server that can be told to reload. */
  get #server(): number | undefined {
    const server = this.#options.sessions.live?.picture.server
    return server?.until === undefined ? server?.pid : undefined
  }

  /** Opens the editors, once the panel has been drawn. */
  async open(): Promise<void> {
    await this.#options.host.updateComplete
    await this.#openEditors()
  }

  async #openEditors(): Promise<void> {
    const { host } = this.#options
    if (this.#editors !== undefined) return
    const { openEditor } = await import('../editor.ts')
    const [app, twin] = [this.#hosts.app.value, this.#hosts.twin.value]
    if (app === undefined || twin === undefined || this.#editors !== undefined) return
    const { wording, sessions } = this.#options
    const text = wording.words.application
    const editable = this.#file
    this.#editable = editable
    const editor = (file: typeof APP | typeof TWIN, parent: HTMLElement, label: string) =>
      openEditor({
        root: host.renderRoot as ShadowRoot,
        parent,
        text: sessions.files[file],
        label: wording.speech.say(file === editable ? text.edit : label, { file }),
        language: file === APP ? 'javascript' : 'python',
        readOnly: file !== editable,
        onSave: () => this.#save(),
        onChange: (text) => {
          if (file !== editable) return
          this.#draft = text === sessions.files[file] ? undefined : text
          this.#saved = false
          host.requestUpdate()
        },
      })
    this.#editors = {
      app: editor(APP, app, wording.words.python.other),
      twin: editor(TWIN, twin, text.twin),
    }
  }

  /** Saves the editor's text to the machine, and tells the server to reload it, if asked. */
  #save(reload = false): void {
    const { host, onDo } = this.#options
    const text = this.#draft
    const server = this.#server
    const inputs: SessionInput[] = []
    if (text !== undefined && text.length <= LIMITS.file)
      inputs.push({ type: 'write', file: this.#file, text })
    if (reload && server !== undefined) inputs.push({ type: 'signal', pid: server, signal: 'HUP' })
    if (inputs.length === 0) return
    this.#draft = undefined
    this.#saved = true
    onDo(...inputs)
    host.requestUpdate()
  }
}
