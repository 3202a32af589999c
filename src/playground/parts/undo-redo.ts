import type { SessionData } from '../../../simulator/scenario/session/index.ts'
import type { WithSession } from './with-session.ts'

/** A session that was left by undo or by branching, and the number of inputs at that point. */
interface Left {
  readonly session: SessionData
  readonly done: number
}

/** Undo, redo, and branching off at an earlier moment. */
export class UndoRedo {
  readonly #options: WithSession
  #left: readonly Left[] = []

  constructor(options: WithSession) {
    this.#options = options
  }

  get canUndo(): boolean {
    return this.#options.sessions.ready?.last !== undefined
  }

  get canRedo(): boolean {
    return this.#options.sessions.ready !== undefined && this.#redo !== undefined
  }

  /** Branches off at the moment shown: replays the inputs up to it on a fresh machine. */
  async branch(): Promise<void> {
    const { sessions, timeTravel } = this.#options
    if (sessions.live === undefined || timeTravel.moment === undefined) return
    await this.#leave(sessions.live.data(timeTravel.moment))
  }

  /** Replays the session without its last input. */
  async undo(): Promise<void> {
    const session = this.#options.sessions.ready?.undone()
    if (session === undefined) return
    this.#options.typing.say('')
    await this.#leave(session)
  }

  /** Goes back to the session that was left last. */
  async redo(): Promise<void> {
    const { host, typing, sessions } = this.#options
    const session = this.#redo
    if (session === undefined || sessions.replaying) return
    const left = this.#left.slice(0, -1)
    typing.say('')
    await sessions.open(session)
    this.#left = left
    host.requestUpdate()
  }

  forget(): void {
    this.#left = []
  }

  /** Opens an earlier state of this session; what is left can be redone. */
  async #leave(session: SessionData): Promise<void> {
    const { host, sessions } = this.#options
    const whole = sessions.live?.data()
    const left = this.#redo === undefined ? [] : this.#left
    await sessions.open(session)
    const done = sessions.live?.done
    if (whole !== undefined && done !== undefined) this.#left = [...left, { session: whole, done }]
    host.requestUpdate()
  }

  /** The session that was left last, as long as there was no input since. */
  get #redo(): SessionData | undefined {
    const last = this.#left.at(-1)
    return last?.done === this.#options.sessions.live?.done ? last?.session : undefined
  }
}
