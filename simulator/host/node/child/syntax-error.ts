import { fileURLToPath } from 'node:url'
import type { ExceptionInfo } from '../../../manager/log.ts'
import { frameText } from '../output/exception-info.ts'

const PATIENCE_MS = 5_000

/**
 * Finds the location of a syntax error. For CommonJS it is the first line of the stack. For ES modules Node prints it only when the error
 * is uncaught, so a second Node imports the file; nothing in it is executed.
 */
export function withErrorLocation(error: ExceptionInfo, thrown: unknown, url: string): ExceptionInfo {
  if (error.name !== 'SyntaxError') return error
  const { stack } = thrown as { stack?: unknown }
  const head = typeof stack === 'string' ? /^(?<file>\/.*):(?<line>\d+)\n/.exec(stack)?.groups : undefined
  if (head !== undefined) return at(error, head)
  if (error.frames.length > 0) return error
  // Loaded here: few processes need it.
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
  return found === undefined ? error : at(error, found)
}

function at(
  error: ExceptionInfo,
  { file = '', line = '' }: Readonly<Record<string, string | undefined>>,
): ExceptionInfo {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  return { ...error, frames: [...error.frames, frameText(path, Number(line))] }
}
