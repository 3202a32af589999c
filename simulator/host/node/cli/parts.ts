import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'

/** Files that a server needs beside this one, and whose absence would only show later. */
const NEEDED = [
  'worker.mjs',
  'child.mjs',
  'serve-alone.mjs',
  'fetch-adapter.mjs',
  'lab.mjs',
  'sentinel.sh',
  'words',
]

/**
 * Checks that this installation is complete: an interrupted one would have workers that cannot start, or no sentinel to end them.
 * @throws Failure when a file is missing.
 */
export function refuseIncomplete(): void {
  for (const name of NEEDED) {
    const file = fileURLToPath(new URL(`./${name}`, import.meta.url))
    if (!existsSync(file)) throw new Failure(fill(words().incomplete, { file }))
  }
}
