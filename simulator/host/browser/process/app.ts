import type { AppError } from '../../../manager/machine.ts'
import type { AppTarget } from '../../../manager/settings.ts'
import { fill, type ApplicationMessages } from '../words.ts'
import { describe } from './describe.ts'

/** An application in any of the accepted forms, as a web-standard handler with an optional lifespan. */
export interface App {
  readonly fetch: (request: Request) => unknown
  readonly startup: (() => unknown) | undefined
  readonly shutdown: (() => unknown) | undefined
}

type Members = Readonly<Record<string, unknown>>

/**
 * Finds the application that `main:app` names in a module's exports. As on Node, the properties of the default export count as well,
 * and the application may be a promise.
 *
 * @throws TypeError with a message for the reader, when the value cannot answer requests
 */
export async function findApp(
  exports: Members,
  { module, attribute, typed }: AppTarget,
  words: ApplicationMessages,
): Promise<App | AppError> {
  const path = attribute.split('.')
  const found = await (follow(exports, path) ?? follow(exports['default'], path))
  if (found === undefined) return { kind: 'no-attribute', module, attribute }
  return asApp(found, typed, words)
}

function follow(start: unknown, path: readonly string[]): unknown {
  let value = start
  for (const name of path) {
    if (value === null || value === undefined) return undefined
    value = (value as Members)[name]
  }
  return value
}

function asApp(found: unknown, name: string, { app: words }: ApplicationMessages): App {
  const lifespan = { startup: method(found, 'startup'), shutdown: method(found, 'shutdown') }
  const fetch = method(found, 'fetch')
  if (fetch !== undefined) return { fetch, ...lifespan }
  if (typeof found !== 'function') throw new TypeError(fill(words.notAnApp, { name, what: describe(found) }))
  if (/^class\b/.test(Function.prototype.toString.call(found))) {
    throw new TypeError(fill(words.class, { name, class: found.name }))
  }
  if (found.length > 1) throw new TypeError(fill(words.listener, { name, count: found.length }))
  return { fetch: (request) => Reflect.apply(found, undefined, [request]) as unknown, ...lifespan }
}

/** The method `name` of a value, bound to it; `undefined` when it has none. */
function method(of: unknown, name: string): ((...values: unknown[]) => unknown) | undefined {
  if ((typeof of !== 'object' && typeof of !== 'function') || of === null) return undefined
  const member = (of as Members)[name]
  return typeof member === 'function'
    ? (...values) => Reflect.apply(member, of, values) as unknown
    : undefined
}
