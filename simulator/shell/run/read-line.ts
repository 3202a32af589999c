import type { ExecutionContext } from './context.ts'
import { wait, type Flow } from './flow.ts'

/** `read -r NAME…`: one line of input, split at blanks or at the characters of `IFS`. Input after the line stays for the next reader. */
export function* read(args: readonly string[], context: ExecutionContext): Flow<number> {
  const names = [...args]
  for (let option = names[0]; option?.startsWith('-') === true; option = names[0]) {
    names.shift()
    if (/^-\w*[pntdau]$/.test(option)) {
      const value = names.shift() ?? ''
      if (option.endsWith('p') && context.stdin.terminal) context.stderr.write(value, 0)
    }
  }
  const { scope, stdin } = context
  let stop: (() => void) | undefined
  let text = ''
  const line = yield* wait<string | undefined>((resume) => {
    stop = stdin.read(
      {
        text: (more) => {
          text += more
          const end = text.indexOf('\n')
          if (end < 0) return
          if (end + 1 < text.length) stdin.putBack?.(text.slice(end + 1))
          resume(text.slice(0, end))
        },
        end: () => resume(undefined),
      },
      0,
    )
  })
  stop?.()
  const parts = split(line ?? text, scope.get('IFS'), names.length)
  for (const [index, name] of (names.length === 0 ? ['REPLY'] : names).entries())
    scope.set(name, parts[index] ?? '')
  return line === undefined ? 1 : 0
}

/** Splits a line into words; the last of `count` words gets the rest. */
function split(line: string, separators: string | undefined, count: number): string[] {
  if (separators === '') return [line]
  const at = separators === undefined ? /\s+/ : new RegExp(`[${separators.replaceAll(/[\\\]^-]/g, '\\$&')}]`)
  let rest = separators === undefined ? line.trim() : line
  const parts: string[] = []
  while (parts.length < count - 1) {
    const found = at.exec(rest)
    if (found === null) break
    parts.push(rest.slice(0, found.index))
    rest = rest.slice(found.index + found[0].length)
  }
  return [...parts, rest]
}
