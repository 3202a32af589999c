import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { fill, words } from '../output/language.ts'
import { describe } from '../output/exception-info.ts'

/** Answers a request as Node's servers do. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown
/** Answers a request as a web-standard handler does. */
export type Fetch = (request: Request, ...more: unknown[]) => unknown

/** An application in any of the accepted forms, as a Node listener. */
export interface App {
  readonly handler: { readonly fetch: Fetch } | { readonly listener: Listener }
  /** Runs before the first request; may throw. */
  readonly startup: () => Promise<void>
  /** Runs after the last request. */
  readonly shutdown: () => Promise<void>
  /** The application's own `http.Server`, which also handles upgrades. */
  readonly server?: Server
}

type Members = Readonly<Record<string, unknown>>
type Method = (...args: unknown[]) => unknown

/**
 * Recognizes an exported value by its properties and makes an application of it.
 * @throws TypeError with a message for the reader, when it is not recognized. `name` is the exported name.
 */
export function asApp(value: unknown, name: string): App {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    throw new TypeError(fill(words().app.notAnApp, { name, what: describe(value) }))
  }
  const members = value as Members
  const lifespan = {
    startup: async () => void (await method(members, 'startup')?.()),
    shutdown: async () => void (await method(members, 'shutdown')?.()),
  }
  return fastify(members, lifespan) ?? { ...lifespan, ...known(members, name) }
}

/** Whether a value is certainly an application: more than a plain function, which may be anything. */
export function isApp(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
  const members = value as Members
  const has = (...names: string[]) => names.every((name) => typeof members[name] === 'function')
  return (
    has('fetch') ||
    has('ready', 'routing') ||
    has('handle', 'use') ||
    has('callback', 'use') ||
    isServer(members)
  )
}

type Lifespan = Pick<App, 'startup' | 'shutdown'>

/** Fastify is ready only after its plugins, and closes them at the end. */
function fastify(app: Members, own: Lifespan): App | undefined {
  const ready = method(app, 'ready')
  const routing = method(app, 'routing')
  if (ready === undefined || routing === undefined) return undefined
  const { server } = app
  return {
    // Plugins add their upgrade handlers to the server that Fastify has made.
    ...(isServer(server) ? { server } : {}),
    handler: { listener: routing },
    startup: async () => {
      await own.startup()
      await ready()
    },
    shutdown: async () => {
      await method(app, 'close')?.()
      await own.shutdown()
    },
  }
}

function known(app: Members, name: string): Pick<App, 'handler' | 'server'> {
  if (isServer(app)) {
    return {
      server: app,
      handler: { listener: (request, response) => app.emit('request', request, response) },
    }
  }
  const fetch = method(app, 'fetch')
  if (fetch !== undefined) return { handler: { fetch } }
  const callback = method(app, 'callback')
  if (callback !== undefined && method(app, 'use') !== undefined) {
    return { handler: { listener: callback() as Listener } }
  }
  if (typeof app !== 'function')
    throw new TypeError(fill(words().app.notAnApp, { name, what: describe(app) }))
  if (method(app, 'handle') !== undefined && method(app, 'use') !== undefined) {
    return { handler: { listener: app } }
  }
  return { handler: plainFunction(app, name) }
}

/** A function of two parameters is a `(req, res)` listener; one of fewer a handler of web requests. */
function plainFunction(handler: Method, name: string): App['handler'] {
  if (/^class\b/.test(Function.prototype.toString.call(handler))) {
    throw new TypeError(fill(words().app.class, { name, class: handler.name }))
  }
  if (handler.length === 2) return { listener: handler }
  if (handler.length < 2) return { fetch: handler }
  throw new TypeError(fill(words().app.threeParameters, { name, count: handler.length }))
}

function isServer(value: unknown): value is Server {
  return ['listen', 'emit', 'setTimeout', 'closeIdleConnections'].every(
    (name) => typeof (value as Members | undefined)?.[name] === 'function',
  )
}

/** The method `name` of an object, bound to it. */
function method(members: Members, name: string): Method | undefined {
  const member = members[name]
  return typeof member === 'function' ? (member as Method).bind(members) : undefined
}
