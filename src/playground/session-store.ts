import type { SessionData, SessionInput } from '../../simulator/scenario/session/index.ts'
import { replayEnds } from './unfinished-replay.ts'

/** The minimal interval between two stores, in ms of wall-clock time. */
const OFTEN = 2000
const KEY = 'sw-playground'
/** Longer sessions are not stored: storage is small, and replaying would take long. */
const MOST = 1_000_000

/** Stores the session for the next visit, in localStorage. */
export function keep(session: SessionData): void {
  const text = JSON.stringify(session)
  try {
    if (text.length > MOST) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, text)
    replayEnds()
  } catch {
    // Storage is full or blocked: the next visit starts over.
  }
}

/** The stored session, if there is a valid one. */
export async function kept(): Promise<SessionData | undefined> {
  try {
    const text = localStorage.getItem(KEY)
    if (text === null) return undefined
    // Most visits have nothing stored: the reader is loaded only when needed.
    const { fromText } = await import('./session-text.ts')
    const read = fromText(text)
    return 'session' in read ? read.session : undefined
  } catch {
    return undefined
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY)
    replayEnds()
  } catch {
    // Storage is blocked, so nothing was stored either.
  }
}

/** Stores the session from time to time, and when the page is left. */
export class SessionStore {
  readonly #session: () => SessionData | undefined
  #waiting: ReturnType<typeof setTimeout> | undefined

  /** @param session the session to be stored, if it can be stored now */
  constructor(session: () => SessionData | undefined) {
    this.#session = session
  }

  /** Stores the session soon. */
  soon(): void {
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined
      this.now()
    }, OFTEN)
  }

  /** Stores the session now, unless it has no inputs worth keeping. */
  now(): void {
    const session = this.#session()
    const isWork = ({ type }: SessionInput): boolean => type !== 'open' && type !== 'resize'
    if (session !== undefined && (session.until > 0 || session.inputs.some(isWork))) keep(session)
  }

  /** Removes the stored session. */
  forget(): void {
    forget()
  }

  dispose(): void {
    clearTimeout(this.#waiting)
  }
}
