import type { Redirect } from '../language/tree.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import type { Flow } from './flow.ts'
import { fileKey, isFolder, resolve } from './paths.ts'
import { textSource, fileSink, NOWHERE, type Sink } from './streams.ts'

/** Expands the words of a redirection; `undefined` after an error, which has been printed. */
type Expand = (words: Redirect['to'][]) => Flow<string[] | undefined>

/** The streams of a command after its redirections; `undefined` when one of them fails. */
export function* redirected(
  redirects: readonly Redirect[],
  context: ExecutionContext,
  { system }: ShellContext,
  expand: Expand,
): Flow<ExecutionContext | undefined> {
  let { stdin, stdout, stderr } = context
  for (const { stream, operator, to } of redirects) {
    const words = yield* expand([to])
    if (words === undefined) return undefined
    const [path, ...more] = words
    if (operator === '<<<' || operator === '<<') {
      stdin = textSource(words.join(' ') + (operator === '<<' ? '' : '\n'))
      continue
    }
    if (path === undefined || more.length > 0 || path === '') {
      const typed = to.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
      const name = typed === '' ? (path ?? '') : typed
      context.stderr.write(`${context.speaker}${name}: ambiguous redirect\n`, 0)
      return undefined
    }
    if (operator === '>&' && /^[12]$/.test(path)) {
      const sink = path === '1' ? stdout : stderr
      if (stream === 2) stderr = sink
      else stdout = sink
      continue
    }
    if (operator === '<') {
      const key = fileKey(context.scope.cwd, path)
      const text = key === '/dev/null' ? '' : system.readFile(key)
      if (text === undefined) {
        const folder = isFolder(system, resolve(context.scope.cwd, path))
        const why = folder ? 'Is a directory' : 'No such file or directory'
        context.stderr.write(`${context.speaker}${path}: ${why}\n`, 0)
        return undefined
      }
      stdin = textSource(text)
      continue
    }
    const sink = file(path, operator === '>>', context, system)
    if (sink === undefined) return undefined
    if (stream !== 2) stdout = sink
    if (stream === 2 || stream === 'both' || operator === '>&') stderr = sink
  }
  return { ...context, stdin, stdout, stderr }
}

/** A file to write to, or one of the names of a stream. */
function file(
  path: string,
  append: boolean,
  context: ExecutionContext,
  system: ShellContext['system'],
): Sink | undefined {
  const { cwd } = context.scope
  const key = fileKey(cwd, path)
  if (key === '/dev/null') return NOWHERE
  if (key === '/dev/tty' || key === '/dev/stdout') return context.stdout
  if (key === '/dev/stderr') return context.stderr
  const full = resolve(cwd, path)
  const folder = full.slice(0, full.lastIndexOf('/')) || '/'
  const problem = isFolder(system, full)
    ? 'Is a directory'
    : !isFolder(system, folder)
      ? 'No such file or directory'
      : undefined
  if (problem === undefined) return fileSink(system, key, append)
  context.stderr.write(`${context.speaker}${path}: ${problem}\n`, 0)
  return undefined
}
