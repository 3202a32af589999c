import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { words } from '../output/language.ts'
import { privateFolder } from '../system/private-folder.ts'
import { writeWhole } from '../system/write-whole.ts'

/** A lock older than this many ms was left behind by a process that died while holding it. */
const STALE = 30_000

/**
 * The folder that all processes of an application share: one in the computer's temporary folder for each folder that an application is
 * started in. It outlives the processes; deleting it resets their data.
 * @throws Error when no such folder belongs to this user alone.
 */
export function sharedFolder(): string {
  const own = privateFolder()
  if (own === undefined) throw new Error(words().noPrivateFolder)
  // Loaded here: it takes longer to load than the rest of this module.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const name = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 16)
  const folder = join(own, `lab-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The content of a file, or `otherwise` when there is no file. */
export function readShared<Value>(name: string, otherwise: Value): Value {
  const path = join(sharedFolder(), name)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value
  } catch {
    return otherwise
  }
}

/** Writes a file atomically: no reader sees a part of it. */
export function writeShared(name: string, value: unknown): void {
  writeWhole(join(sharedFolder(), name), JSON.stringify(value), 0o600)
}

/** Runs work under a lock: one process at a time. */
export async function alone<Value>(name: string, work: () => Value | Promise<Value>): Promise<Value> {
  const lock = join(sharedFolder(), `${name}.lock`)
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (ageOf(lock) > STALE) rmSync(lock, { recursive: true, force: true })
      else await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  try {
    return await work()
  } finally {
    rmdirSync(lock)
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    // The lock was released a moment ago.
    return 0
  }
}
