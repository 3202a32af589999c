const KEY = 'sw-playground-unfinished'

/** Notes in localStorage that the stored session is being replayed: should that stop the page, the next visit knows. */
export function replayBegins(): void {
  try {
    localStorage.setItem(KEY, '')
  } catch {
    // Storage is blocked, so no session is stored either.
  }
}

/** The replay has ended, or its session is not stored any more. */
export function replayEnds(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    // It was not noted either.
  }
}

/** Whether a replay of the stored session began and never ended. */
export function isUnfinished(): boolean {
  try {
    return localStorage.getItem(KEY) !== null
  } catch {
    return false
  }
}
