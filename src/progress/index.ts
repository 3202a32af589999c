/**
 * The tasks that a reader has done, stored in this browser only. A task's name is `chapter/task`; a question counts when the machine has
 * shown its answer, a checkpoint when it is reached.
 */
export interface Progress {
  readonly version: 1
  /** When each task was done first (ISO 8601). */
  readonly done: Readonly<Record<string, string>>
}

const KEY = 'sw-progress'
const NAME = /^[a-z0-9-]{1,64}\/[a-z0-9-]{1,64}$/
/** Limits for an imported file: the guide has fewer tasks, and its files are shorter (in characters). */
const MOST_TASKS = 1000
const LONGEST_FILE = 1_000_000
const LONGEST_DATE = 40
/** The event that is dispatched on the document at every change. */
const EVENT = 'sw-progress'
const NOTHING: Progress = { version: 1, done: {} }

/** The tasks that are done; none when the browser stores nothing, or what it has stored cannot be read. */
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

/** Marks a task as done; its first time is kept. */
export function markDone(task: string): void {
  const { done } = progress()
  if (!Object.hasOwn(done, task)) keep({ version: 1, done: { ...done, [task]: new Date().toISOString() } })
}

/** Forgets everything. */
export function clearProgress(): void {
  keep(NOTHING)
}

/** The text of a file for the reader to save. */
export function exportProgress(): string {
  return `${JSON.stringify(progress(), undefined, 2)}\n`
}

/**
 * Adds the tasks of an exported file to those that are done here.
 * @returns how many tasks the file contains; `undefined` when the browser could not store them, and nothing has changed
 * @throws TypeError when the text is no such file, or would make more tasks than are kept
 */
export function importProgress(text: string): number | undefined {
  const { done } = readProgress(text)
  const all: Progress = { version: 1, done: { ...done, ...progress().done } }
  if (Object.keys(all.done).length > MOST_TASKS)
    throw new TypeError(`expected at most ${MOST_TASKS} tasks together with those that are done here`)
  return keep(all) ? Object.keys(done).length : undefined
}

/**
 * Parses the text of an exported file.
 * @throws TypeError when it is none
 */
export function readProgress(text: string): Progress {
  if (text.length > LONGEST_FILE) throw new TypeError(`expected at most ${LONGEST_FILE} characters`)
  const value = parse(text)
  const done = isObject(value) && value['version'] === 1 ? value['done'] : undefined
  if (!isObject(done)) throw new TypeError('expected {"version": 1, "done": {…}} as it was exported')
  const tasks = Object.entries(done).filter(
    (each): each is [string, string] =>
      NAME.test(each[0]) && typeof each[1] === 'string' && each[1].length <= LONGEST_DATE,
  )
  if (tasks.length > MOST_TASKS) throw new TypeError(`expected at most ${MOST_TASKS} tasks`)
  return { version: 1, done: Object.fromEntries(tasks) }
}

/** Calls `changed` at every change, in this tab or another one. @returns a function that ends this */
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

/** Stores the progress. @returns whether the browser could; if not, the page still works */
function keep(progress: Progress): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress))
  } catch {
    return false
  }
  document.dispatchEvent(new CustomEvent(EVENT))
  return true
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
