import { statSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * The working folder by the name that was used, while `process.cwd()` resolves links: a link that leads to another release later leads
 * there at the next reload. Like gunicorn's `util.getcwd`, it uses the shell's PWD.
 */
let here = started()

/** Where the command was typed; the process may have changed its folder since (`--chdir`). */
export const START_FOLDER = here

function started(): string {
  const { PWD = '' } = process.env
  return PWD.startsWith('/') && isHere(PWD) ? PWD : process.cwd()
}

function isHere(path: string): boolean {
  const [named, real] = [path, '.'].map((name) => statSync(name, { throwIfNoEntry: false }))
  return named !== undefined && named.ino === real?.ino && named.dev === real.dev
}

/** Changes into another folder for good. @throws the system's error */
export function enterFolder(folder: string): void {
  const there = folder.startsWith('/') ? folder : `${here}/${folder}`
  process.chdir(there)
  here = there
}

/** The folder that the working folder's name now leads to, if it is another one; or the system's error code when it cannot be entered. */
export type ReenteredFolder =
  { readonly folder: string; readonly code: string } | { readonly folder: string; readonly now?: string }

/** Enters the folder of the same name again, following its links anew. */
export function reenterFolder(): ReenteredFolder {
  try {
    const before = current()
    process.chdir(here)
    const now = process.cwd()
    return now === before ? { folder: here } : { folder: here, now }
  } catch (error) {
    return { folder: here, code: (error as NodeJS.ErrnoException).code ?? '' }
  }
}

/** The working folder with links resolved; `undefined` when it was removed. */
function current(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** A folder's path relative to the working folder if it is below it, so that it follows a link that changes before the next reload. */
export function relativeIfBelow(folder: string): string {
  const way = relative(process.cwd(), folder)
  return way.startsWith('..') ? folder : way || '.'
}
