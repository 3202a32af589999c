import inspect from 'object-inspect'
import type { Stream } from '../../../manager/log.ts'
import type { Clock } from './clock.ts'
import { define } from './define.ts'

/** Writes text to a stream of the process. */
export type Print = (stream: Stream, text: string) => void

/** Replaces `console` by one that prints to the same streams as Node's. */
export function replaceConsole(print: Print, clock: Clock): void {
  let indent = ''
  const counts = new Map<string, number>()
  const started = new Map<string, number>()
  const to =
    (stream: Stream) =>
    (...values: unknown[]) => {
      print(stream, `${indent}${format(values).replaceAll('\n', `\n${indent}`)}\n`)
    }
  const out = to('stdout')
  const err = to('stderr')
  const group = (...values: unknown[]) => {
    if (values.length > 0) out(...values)
    indent += '  '
  }
  const elapsed = (label: string) => `${label}: ${clock.now - (started.get(label) ?? clock.now)}ms`
  define(globalThis, 'console', {
    log: out,
    info: out,
    debug: out,
    table: out,
    dir: (value: unknown) => {
      out(value)
    },
    warn: err,
    error: err,
    trace: (...values: unknown[]) => {
      err('Trace:', ...values)
    },
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) err('Assertion failed', ...values)
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2)
    },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1)
      out(`${label}: ${counts.get(label) ?? 0}`)
    },
    countReset: (label = 'default') => counts.delete(label),
    time: (label = 'default') => started.set(label, clock.now),
    timeLog: (label = 'default') => {
      out(elapsed(label))
    },
    timeEnd: (label = 'default') => {
      out(elapsed(label))
      started.delete(label)
    },
    clear: () => {
      // The process has no screen of its own to clear.
    },
  })
}

/** Formats values as `console.log` does: `%s`, `%d` and the like in the first string; the rest inspected, with spaces between. */
export function format(values: readonly unknown[]): string {
  const rest = [...values]
  const words: string[] = []
  if (typeof rest[0] === 'string' && rest.length > 1) {
    const pattern = rest.shift() as string
    words.push(
      pattern.replace(/%[sdifjoOc%]/g, (mark) => {
        if (mark === '%%') return '%'
        if (rest.length === 0) return mark
        return substitute(mark, rest.shift())
      }),
    )
  }
  return [...words, ...rest.map(shown)].join(' ')
}

function substitute(mark: string, value: unknown): string {
  switch (mark) {
    case '%s':
      return typeof value === 'string' ? value : shown(value)
    case '%d':
      return String(typeof value === 'bigint' ? `${value}n` : Number(value))
    case '%i':
      return String(parseInt(String(value), 10))
    case '%f':
      return String(parseFloat(String(value)))
    case '%j':
      return JSON.stringify(value) ?? 'undefined'
    case '%c':
      return ''
    default:
      return inspected(value)
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : inspected(value)
}

function inspected(value: unknown): string {
  if (value instanceof Error)
    return value.stack?.includes(value.message) === true ? stackOf(value) : String(value)
  return inspect(value, { depth: 4 })
}

/** The message of an error without its stack, whose addresses are the page's own. */
function stackOf(error: Error): string {
  return (error.stack ?? '').split(/\n\s+at |\n[^\n]*@blob:/)[0] ?? String(error)
}
