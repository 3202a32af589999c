import type { ExceptionInfo } from '../../../manager/log.ts'
import { frame } from '../traceback-frame.ts'
import { describe } from './describe.ts'

/** The code of an application: the address (blob URL) under which it runs, its path on the simulated machine, and its text. */
export interface Code {
  readonly address: string
  readonly path: string
  readonly source: string
}

/**
 * A thrown value as it is printed, with the application's own frames only.
 * @param importing the module itself was running, so the outermost frame is no function
 */
export function toExceptionInfo(thrown: unknown, code: Code, importing = false): ExceptionInfo {
  if (!(thrown instanceof Error) && !(thrown instanceof DOMException)) {
    return { name: 'Error', message: cut(describe(thrown)), frames: [] }
  }
  const name = cut(String(thrown.name))
  const message = cut(String(thrown.message))
  const frames = framesOf(thrown, code, importing)
  if (frames.length > 0 || !(thrown instanceof SyntaxError)) return { name, message, frames }
  const line = lineOfSyntaxError(thrown, code.address)
  return { name, message, frames: line === undefined ? [] : [frame({ path: code.path, line }, code.source)] }
}

/** The most characters of a message, and the most frames (the innermost ones), that are printed. */
const LONGEST = 100_000
const MOST_FRAMES = 100

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** Chromium and Node: `at name (address:line:column)`, or the address alone. Firefox and Safari: `name@address:line:column`. */
const IN_STACK = /^\s*(?:at (?:async )?(?:(.*?) \()?|(.*?)@)(blob:.*?):(\d+):\d+\)?$/

function framesOf(error: Error, code: Code, importing: boolean): string[] {
  const places: { line: number; name: string }[] = []
  for (const line of (error.stack ?? '').split('\n')) {
    const [, v8, other, address, at] = IN_STACK.exec(line) ?? []
    if (address === code.address) places.push({ line: Number(at), name: functionName(v8 ?? other) })
  }
  const outermost = places.at(-1)
  if (importing && outermost?.name === ANONYMOUS) outermost.name = '<module>'
  // Innermost last, as Python prints them.
  return places
    .slice(0, MOST_FRAMES)
    .reverse()
    .map((place) => frame({ path: code.path, ...place }, code.source))
}

const ANONYMOUS = '<anonymous>'

function functionName(name: string | undefined): string {
  const bare = (name ?? '').replace(/^(new|async) /, '').replace(/ \[as .*\]$/, '')
  return bare === '' ? ANONYMOUS : bare.replace(/^(Object|Module)\./, '')
}

// Saved before the application can replace it.
const tellBrowser = reportError

/** Errors that were reported only to learn their line: they are no crash. */
const inspectedErrors = new WeakSet<object>()

/** Whether an error event is one that `lineOfSyntaxError` caused. */
export function isInspected(error: unknown): boolean {
  return typeof error === 'object' && error !== null && inspectedErrors.has(error)
}

/** The line of a syntax error. Only an `error` event has it, so the error is reported to get one. */
function lineOfSyntaxError(error: SyntaxError, address: string): number | undefined {
  let line: number | undefined
  const listen = (event: ErrorEvent) => {
    event.preventDefault()
    if (event.filename === address) line = event.lineno
  }
  inspectedErrors.add(error)
  addEventListener('error', listen)
  tellBrowser(error)
  removeEventListener('error', listen)
  return line
}
