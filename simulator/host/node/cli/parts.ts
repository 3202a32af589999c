import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'

/** What a server needs beside this file, and would miss only when it is too late. */
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
 * Looks whether this installation is whole: an interrupted one leaves workers that cannot start, or nobody who ends them.
 *
 * @throws Failure when a part is missing.
 */
export function refuseIncomplete(): void {
  for (const name of NEEDED) {
    const file = fileURLToPath(new URL(`./${name}`, import.meta.url))
    if (!existsSync(file)) throw new Failure(fill(words().incomplete, { file }))
  }
}
