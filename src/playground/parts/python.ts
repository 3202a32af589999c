import { nothing, type ReactiveController, type TemplateResult } from 'lit'
import { loadPython, type Progress } from '../../../simulator/host/browser/index.ts'
import type { Runtime } from '../../../simulator/machine/runtime.ts'
import { runtimeRow } from '../view/python.ts'
import type { WithSession } from './with-session.ts'

export interface PythonOptions extends WithSession {
  /** Starts over in this language. */
  readonly onRun: (runtime: Runtime) => Promise<void>
}

/** The choice of the language. Python is loaded only when the reader asks for it. */
export class Python implements ReactiveController {
  readonly #options: PythonOptions
  #progress: Progress | undefined
  #reason: string | undefined
  #stop: AbortController | undefined

  constructor(options: PythonOptions) {
    this.#options = options
    options.host.addController(this)
  }

  hostDisconnected(): void {
    this.#stop?.abort()
  }

  /** The state that it is rendered from, to decide whether to render again. */
  get state(): unknown {
    return this.#progress ?? this.#reason
  }

  render(): TemplateResult | typeof nothing {
    const { wording, sessions } = this.#options
    if (sessions.live === undefined) return nothing
    return runtimeRow({
      speech: wording.speech,
      words: wording.words,
      runtime: sessions.live.runtime,
      progress: this.#progress,
      reason: this.#reason,
      onPython: () => void this.#load(),
      onJavaScript: () => void this.#options.onRun('javascript'),
      onStop: () => this.#stop?.abort(),
    })
  }

  async #load(): Promise<void> {
    if (this.#stop !== undefined) return
    const stop = new AbortController()
    this.#stop = stop
    this.#reason = undefined
    try {
      await loadPython((progress) => this.#show(progress), stop.signal)
      await this.#options.onRun('python')
    } catch (error) {
      if (!stop.signal.aborted) this.#reason = error instanceof Error ? error.message : String(error)
    } finally {
      this.#stop = undefined
      this.#show(undefined)
    }
  }

  #show(progress: Progress | undefined): void {
    this.#progress = progress
    this.#options.host.requestUpdate()
  }
}
