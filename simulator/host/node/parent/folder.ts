import { statSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * The folder of this process by the name that was used, where `process.cwd()` follows links: a link that leads to another release by
 * now leads there at the next reload. As gunicorn's `util.getcwd`, by the shell's PWD.
 */
let here = started()

/** Where the command was typed: it may have gone elsewhere since (`--chdir`). */
export const START_FOLDER = here

function started(): string {
  const { PWD = '' } = process.env
  return PWD.startsWith('/') && isHere(PWD) ? PWD : process.cwd()
}

function isHere(path: string): boolean {
  const [named, real] = [path, '.'].map((name) => statSync(name, { throwIfNoEntry: false }))
  return named !== undefined && named.ino === real?.ino && named.dev === real.dev
}

/**
 * Goes to another folder, for good.
 *
 * @throws the system's error
 */
export function enterFolder(folder: string): void {
  const there = folder.startsWith('/') ? folder : `${here}/${folder}`
  process.chdir(there)
  here = there
}

/** Where the way to a folder leads by now, if that is elsewhere; or the system's name for why nobody can go there. */
export type ReenteredFolder =
  { readonly folder: string; readonly code: string } | { readonly folder: string; readonly now?: string }

/** Goes to the same folder again, and follows its links anew. */
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

/** The folder of this process, without links; nothing when it was removed. */
function current(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** A folder by its way from here, if it is below: what leads here may lead elsewhere at the next reload. */
export function relativeIfBelow(folder: string): string {
  const way = relative(process.cwd(), folder)
  return way.startsWith('..') ? folder : way || '.'
}
