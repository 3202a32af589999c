import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A lock that is older was left behind by a process that died with it, in ms. */
const STALE = 30_000

/**
 * Where the processes of an application meet: a folder of the computer's own for each folder that an application is started in. It outlives
 * them; deleting it makes them forget.
 */
export function sharedFolder(): string {
  // Asked for here: loading it takes longer than all the rest of this module.
  const { createHash } = process.getBuiltinModule('node:crypto')
  const name = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `server-workers-lab-${process.getuid?.() ?? 0}-${name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** What a file holds, or what there is when there is no file. */
export function readShared<Value>(name: string, otherwise: Value): Value {
  try {
    return JSON.parse(readFileSync(join(sharedFolder(), name), 'utf8')) as Value
  } catch {
    return otherwise
  }
}

/** Puts a file there whole: nobody reads half of it. */
export function writeShared(name: string, value: unknown): void {
  const path = join(sharedFolder(), name)
  const beside = `${path}.${process.pid}`
  writeFileSync(beside, JSON.stringify(value), { mode: 0o600 })
  renameSync(beside, path)
}

/** Does work that only one process of them all does at a time. */
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
