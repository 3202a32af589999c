import { lstatSync, mkdirSync, statSync, type Stats } from 'node:fs'

const MODE = 0o700
const OTHERS = 0o077
const WRITABLE_FOR_OTHERS = 0o022
const STICKY = 0o1000
const ROOT = 0

/**
 * A folder for temporary files that only this user can use. The system's temporary folder is everyone's, and names in it can be guessed:
 * what another user has put there under this name, also a link, is not used.
 * @returns its path, or `undefined` when there is no such folder and none can be made
 */
export function privateFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  // Like `os.tmpdir()`: loading that module takes longer than all of this.
  const temporary = (env['TMPDIR'] || env['TMP'] || env['TEMP'] || '/tmp').replace(/(?<=.)\/+$/, '')
  const user = process.getuid?.() ?? ROOT
  const folder = `${temporary}/server-workers-${user}`
  try {
    if (!keepsNames(statSync(temporary), user)) return undefined
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) make(folder)
    return isPrivate(lstatSync(folder), user) ? folder : undefined
  } catch {
    return undefined
  }
}

function make(folder: string): void {
  try {
    mkdirSync(folder, MODE)
  } catch (error) {
    // Another process of this user was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isPrivate(found: Stats, user: number): boolean {
  return found.isDirectory() && found.uid === user && (found.mode & OTHERS) === 0
}

/** Whether nobody else can replace a folder in this one. */
function keepsNames({ uid, mode }: Stats, user: number): boolean {
  if (uid !== user && uid !== ROOT) return false
  return (mode & WRITABLE_FOR_OTHERS) === 0 || (mode & STICKY) !== 0
}
