import { lstatSync, mkdirSync, statSync, type Stats } from 'node:fs'

const MODE = 0o700
const OTHERS = 0o077
const WRITABLE_FOR_OTHERS = 0o022
const STICKY = 0o1000
const ROOT = 0

/**
 * A folder for temporary files that is this user's alone. The folder for temporary files is everybody's, and its names can be guessed: what
 * another user has put there under this name, a link too, is not taken.
 *
 * @returns its path, or nothing where there is no such folder and none can be made
 */
export function privateFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  // As `os.tmpdir()` has it: to load that module takes longer than all of this.
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
    // Another process of ours was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isPrivate(found: Stats, user: number): boolean {
  return found.isDirectory() && found.uid === user && (found.mode & OTHERS) === 0
}

/** Whether nobody else can put another folder in the place of ours. */
function keepsNames({ uid, mode }: Stats, user: number): boolean {
  if (uid !== user && uid !== ROOT) return false
  return (mode & WRITABLE_FOR_OTHERS) === 0 || (mode & STICKY) !== 0
}
