import type { ProgramContext } from '../../program.ts'
import { isExecutable, modeOf } from '../../run/modes.ts'
import { fileKey } from '../../run/paths.ts'

/** The words that a container's program is started with: a script by the shell of its first line, as the kernel does it. */
export function runnable(
  call: ProgramContext,
  words: readonly string[],
  cwd = call.system.cwd,
): { readonly argv: readonly string[] } | { readonly reason: string; readonly code: 126 | 127 } {
  const [first = '', ...rest] = words
  if (!first.includes('/')) return { argv: words }
  const key = fileKey(cwd, first)
  const text = call.system.readFile(key)
  if (text === undefined) {
    const isThere = /^\/(?:usr\/)?(?:local\/)?s?bin\//.test(first) || first.includes('/bin/')
    return isThere ? { argv: words } : { reason: `stat ${first}: no such file or directory`, code: 127 }
  }
  if (!isExecutable(modeOf(call.system, key))) return { reason: 'permission denied', code: 126 }
  const [, shell] = /^#!\s*(\S+(?: \S+)?)/.exec(text) ?? []
  if (shell === undefined) return { reason: 'exec format error', code: 126 }
  return { argv: [...shell.replace(/^\/usr\/bin\/env /, '').split(' '), first, ...rest] }
}
