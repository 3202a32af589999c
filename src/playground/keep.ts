import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { fromText } from './session-text.ts'

/** So often a session is kept while things are done to it, in ms of the wall. */
const OFTEN = 2000
const KEY = 'sw-playground'
/** A longer session is not kept: storage is small, and playing it again would take long. */
const MOST = 1_000_000

/** Keeps the session for the next visit, in the page's own storage. */
export function keep(session: SessionData): void {
  const text = JSON.stringify(session)
  try {
    if (text.length > MOST) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, text)
  } catch {
    // Storage that is full or forbidden: the next visit begins anew.
  }
}

/** The session of the last visit, if there is one in order. */
export function kept(): SessionData | undefined {
  try {
    const text = localStorage.getItem(KEY)
    if (text === null) return undefined
    const read = fromText(text)
    return 'session' in read ? read.session : undefined
  } catch {
    return undefined
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    // Nothing was kept either.
  }
}

/** Keeps the reader's session from time to time, and when the page is left. */
export class Keeper {
  readonly #session: () => SessionData | undefined
  #waiting: ReturnType<typeof setTimeout> | undefined

  /** `session`: the one to be kept, if it can be kept now. */
  constructor(session: () => SessionData | undefined) {
    this.#session = session
  }

  /** Something was done: it is kept before long. */
  soon(): void {
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      this.now()
    }, OFTEN)
  }

  /** One in which nothing was done is not worth keeping. */
  now(): void {
    const session = this.#session()
    if (session !== undefined && (session.until > 0 || session.inputs.length > 1)) keep(session)
  }

  /** What was kept is not wanted any more. */
  forget(): void {
    forget()
  }

  dispose(): void {
    clearTimeout(this.#waiting)
  }
}
