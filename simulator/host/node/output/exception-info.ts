import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect, types } from 'node:util'
import type { ExceptionInfo } from '../../../manager/log.ts'

/** A thrown value in the terms of a traceback: its class, its message, and the application's own frames. */
export function toExceptionInfo(thrown: unknown): ExceptionInfo {
  if (!isError(thrown)) return { name: 'Error', message: describe(thrown), frames: [] }
  return {
    name: textOf(thrown, 'name') ?? 'Error',
    message: textOf(thrown, 'message') ?? '',
    frames: frames(textOf(thrown, 'stack') ?? ''),
  }
}

/** Also true for errors of another realm (`node:vm`). */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown)
}

/** A property of an error if it is a string: an application may set it to anything, also to a getter that throws. */
function textOf(error: Error, name: 'name' | 'message' | 'stack'): string | undefined {
  try {
    const value: unknown = error[name]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** A value as error messages show it: `undefined`, `'text'`, `[object Router]`. */
export function describe(value: unknown): string {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return inspect(value)
  try {
    if (typeof value === 'function') return `[function ${value.name || 'without a name'}]`
    return `[object ${value.constructor?.name ?? 'Object'}]`
  } catch {
    // Reading its name may throw.
    return `[${typeof value}]`
  }
}

/** V8 has the innermost frame first, Python last. Frames of Node and of this program are left out. */
function frames(stack: string): readonly string[] {
  return stack
    .split('\n')
    .map(parseFrame)
    .filter((frame) => frame !== undefined)
    .reverse()
}

const OURS = fileURLToPath(new URL('.', import.meta.url))

function parseFrame(line: string): string | undefined {
  const parts = /^ {4}at (?:async )?(?:(?<name>.*) \()?(?<where>\S.*?):(?<line>\d+):\d+\)?$/.exec(
    line,
  )?.groups
  if (parts === undefined) return undefined
  const { name = '<module>', where = '', line: number = '' } = parts
  if (where.startsWith('node:') || where.startsWith('native ')) return undefined
  const file = where.startsWith('file:') ? fileURLToPath(where) : where
  if (file.startsWith(OURS) && !file.startsWith(`${OURS}demo/`)) return undefined
  return frameText(file, Number(number), name.replace(/^(?:Object|Module)\./, ''))
}

/** A frame as Python shows it, with its source line when the file can be read. */
export function frameText(file: string, line: number, name?: string): string {
  const head = `File "${file}", line ${line}${name === undefined ? '' : `, in ${name}`}`
  const source = sourceLine(file, line)
  return source === undefined ? head : `${head}\n  ${source}`
}

function sourceLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')[line - 1]?.trim() || undefined
  } catch {
    return undefined
  }
}
