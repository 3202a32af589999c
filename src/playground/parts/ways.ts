import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import type { WithSession } from './common.ts'

/** A way that was left: all of it, and how much had been done where it was left. */
interface Left {
  readonly session: SessionData
  readonly done: number
}

/** Going another way: undoing, doing again, and doing something else from a moment of the past. */
export class Ways {
  readonly #options: WithSession
  #left: readonly Left[] = []

  constructor(options: WithSession) {
    this.#options = options
  }

  get canUndo(): boolean {
    return this.#options.sitting.ready?.last !== undefined
  }

  get canRedo(): boolean {
    return this.#options.sitting.ready !== undefined && this.#redo !== undefined
  }

  /** Another way from the moment shown: what was done up to it, on a fresh machine. */
  async branch(): Promise<void> {
    const { sitting, past } = this.#options
    if (sitting.live === undefined || past.moment === undefined) return
    await this.#leave(sitting.live.data(past.moment))
  }

  /** As if the last thing that was done had not been done. */
  async undo(): Promise<void> {
    const session = this.#options.sitting.ready?.undone()
    if (session === undefined) return
    this.#options.typing.say('')
    await this.#leave(session)
  }

  /** Takes the way again that was left last. */
  async redo(): Promise<void> {
    const { host, typing, sitting } = this.#options
    const session = this.#redo
    if (session === undefined || sitting.replaying) return
    const left = this.#left.slice(0, -1)
    typing.say('')
    await sitting.open(session)
    this.#left = left
    host.requestUpdate()
  }

  forget(): void {
    this.#left = []
  }

  /** Opens an earlier state of this session; the way that is left can be taken again. */
  async #leave(session: SessionData): Promise<void> {
    const { host, sitting } = this.#options
    const whole = sitting.live?.data()
    const left = this.#redo === undefined ? [] : this.#left
    await sitting.open(session)
    const done = sitting.live?.done
    if (whole !== undefined && done !== undefined) this.#left = [...left, { session: whole, done }]
    host.requestUpdate()
  }

  /** The way that was left last, as long as nothing else has been done since. */
  get #redo(): SessionData | undefined {
    const last = this.#left.at(-1)
    return last?.done === this.#options.sitting.live?.done ? last?.session : undefined
  }
}
