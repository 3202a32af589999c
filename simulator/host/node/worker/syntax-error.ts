import { fileURLToPath } from 'node:url'
import type { Raised } from '../../../manager/log.ts'
import { place } from './raised.ts'

const PATIENCE_MS = 5_000

/**
 * Where a syntax error is. Node tells only the terminal, and only when nobody catches the error, so a second Node is
 * let run into it. Nothing of the application is executed: a module that cannot be parsed is never begun.
 */
export function withPlace(error: Raised, url: string): Raised {
  if (error.name !== 'SyntaxError' || error.frames.length > 0) return error
  // Asked for here: hardly ever does a process need it.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `import ${JSON.stringify(url)}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE_MS,
    },
  )
  const found = /^(?<file>(?:file:\/\/)?\/.*):(?<line>\d+)$/m.exec(stderr)?.groups
  if (found === undefined) return error
  const { file = '', line = '' } = found
  return { ...error, frames: [place(file.startsWith('file:') ? fileURLToPath(file) : file, Number(line))] }
}
