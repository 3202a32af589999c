/**
 * What a reader has done, kept in this browser alone. A task's name is `chapter/task`; questions count when the machine has
 * settled them, checkpoints when they are reached.
 */
export interface Progress {
  readonly version: 1
  /** When each was done first (ISO 8601). */
  readonly done: Readonly<Record<string, string>>
}

const KEY = 'sw-progress'
const NAME = /^[a-z0-9-]+\/[a-z0-9-]+$/
/** Told to the page whenever something changes. */
const EVENT = 'sw-progress'
const NOTHING: Progress = { version: 1, done: {} }

/** What has been done; nothing when the browser keeps nothing or what it keeps cannot be read. */
export function progress(): Progress {
  try {
    return readProgress(localStorage.getItem(KEY) ?? '')
  } catch {
    return NOTHING
  }
}

/** Whether a task is done. */
export function isDone(task: string): boolean {
  return Object.hasOwn(progress().done, task)
}

/** Notes that a task is done; the first time counts. */
export function markDone(task: string): void {
  const { done } = progress()
  if (!Object.hasOwn(done, task)) keep({ version: 1, done: { ...done, [task]: new Date().toISOString() } })
}

/** Forgets everything. */
export function clearProgress(): void {
  keep(NOTHING)
}

/** The text of a file to keep. */
export function exportProgress(): string {
  return `${JSON.stringify(progress(), undefined, 2)}\n`
}

/**
 * Takes in a file that was exported; what is done here stays done. The answer is how many tasks the file says are done.
 * @throws TypeError when the text is no such file
 */
export function importProgress(text: string): number {
  const { done } = readProgress(text)
  keep({ version: 1, done: { ...done, ...progress().done } })
  return Object.keys(done).length
}

/**
 * Reads a text that was exported.
 * @throws TypeError when it is none
 */
export function readProgress(text: string): Progress {
  const value = parse(text)
  const done = isObject(value) && value['version'] === 1 ? value['done'] : undefined
  if (!isObject(done)) throw new TypeError('expected {"version": 1, "done": {…}} as it was exported')
  const tasks = Object.entries(done).filter(
    (each): each is [string, string] => NAME.test(each[0]) && typeof each[1] === 'string',
  )
  return { version: 1, done: Object.fromEntries(tasks) }
}

/** Calls back at every change, here or in another tab. The answer ends that. */
export function onProgress(changed: () => void): () => void {
  const stored = (event: StorageEvent): void => {
    if (event.key === KEY || event.key === null) changed()
  }
  document.addEventListener(EVENT, changed)
  window.addEventListener('storage', stored)
  return () => {
    document.removeEventListener(EVENT, changed)
    window.removeEventListener('storage', stored)
  }
}

function keep(progress: Progress): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress))
  } catch {
    // A browser that keeps nothing: the page works, and forgets.
  }
  document.dispatchEvent(new CustomEvent(EVENT))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
