import type { SessionData } from '../../simulator/scenario/session/index.ts'
import { fromText } from './link.ts'

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
