import type { Raised } from '../../../manager/log.ts'
import { frame } from '../traceback-frame.ts'
import { describe } from './describe.ts'

/** Where the code of an application is: under which address it runs, which file it is for the reader, and what stands in it. */
export interface Code {
  readonly address: string
  readonly path: string
  readonly source: string
}

/**
 * A thrown value as it is printed. Frames that are not the application's are left out.
 * `importing`: the module itself was running, so the outermost frame is none of a function.
 */
export function raised(thrown: unknown, code: Code, importing = false): Raised {
  if (!(thrown instanceof Error) && !(thrown instanceof DOMException)) {
    return { name: 'Error', message: describe(thrown), frames: [] }
  }
  const name = String(thrown.name)
  const message = String(thrown.message)
  const frames = framesOf(thrown, code, importing)
  if (frames.length > 0 || !(thrown instanceof SyntaxError)) return { name, message, frames }
  const line = lineOfSyntaxError(thrown, code.address)
  return { name, message, frames: line === undefined ? [] : [frame({ path: code.path, line }, code.source)] }
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
  return places.reverse().map((place) => frame({ path: code.path, ...place }, code.source))
}

const ANONYMOUS = '<anonymous>'

function functionName(name: string | undefined): string {
  const bare = (name ?? '').replace(/^(new|async) /, '').replace(/ \[as .*\]$/, '')
  return bare === '' ? ANONYMOUS : bare.replace(/^(Object|Module)\./, '')
}

// Taken before the application can touch it.
const tellBrowser = reportError

/** Errors that were reported to learn something of them: they are no crash. */
const inspectedErrors = new WeakSet<object>()

/** Whether an error event is one of ours, made to learn where text could not be parsed. */
export function isInspected(error: unknown): boolean {
  return typeof error === 'object' && error !== null && inspectedErrors.has(error)
}

/** The browser tells the line of text that it cannot parse to those alone who listen for errors. */
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
