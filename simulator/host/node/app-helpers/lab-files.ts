import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { words } from '../output/language.ts'
import { privateFolder } from '../system/private-folder.ts'
import { writeWhole } from '../system/write-whole.ts'

/** A lock that is older was left behind by a process that died with it, in ms. */
const STALE = 30_000

/**
 * Where the processes of an application meet: a folder of the computer's own for each folder that an application is started in. It outlives
 * them; deleting it makes them forget.
 *
 * @throws Error when no folder for it is this user's alone.
 */
export function sharedFolder(): string {
  const own = privateFolder()
  if (own === undefined) throw new Error(words().noPrivateFolder)
  // Asked for here: loading it takes longer than all the rest of this module.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const name = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 16)
  const folder = join(own, `lab-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** What a file holds, or what there is when there is no file. */
export function readShared<Value>(name: string, otherwise: Value): Value {
  const path = join(sharedFolder(), name)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value
  } catch {
    return otherwise
  }
}

/** Writes a file atomically: no reader sees half of it. */
export function writeShared(name: string, value: unknown): void {
  writeWhole(join(sharedFolder(), name), JSON.stringify(value), 0o600)
}

/** Runs work that only one of the processes may do at a time. */
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
    // Given back a moment ago.
    return 0
  }
}
