type WebClass = 'Request' | 'Response'

/** Node's own class behind one that was put in its place. */
function nativeOf<Class extends object>(made: Class): Class {
  const parent = Object.getPrototypeOf(made) as Class
  return parent === Function.prototype ? made : nativeOf(parent)
}

/** Node's own `Response`, whatever bears its name now. */
export function nativeResponse(): typeof Response {
  return nativeOf(Response)
}

/**
 * Makes the light classes that the adapter has put in place of Node's know what Node itself makes: an answer of `fetch`, a clone,
 * what a module made before. To be called once the adapter has replaced them.
 */
export function recognizeNative(): void {
  const Light = Response
  replace(
    'Response',
    class extends Light {
      constructor(body?: BodyInit | null, init?: ResponseInit) {
        super(body, typeof body === 'object' && body instanceof Blob ? typed(body, init) : init)
      }
    },
  )
  replace('Request', class extends Request {})
  const { fetch } = globalThis
  // A light request is none for Node's `fetch`.
  globalThis.fetch = (input, init) => fetch(isRequest(input) ? new Request(input) : input, init)
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value instanceof Request
}

/** The adapter forgets what a blob says of its type. */
function typed({ type }: Blob, init: ResponseInit = {}): ResponseInit {
  const headers = new Headers(init.headers)
  if (type !== '' && !headers.has('content-type')) headers.set('content-type', type)
  const { status, statusText } = init
  return {
    headers,
    ...(status === undefined ? {} : { status }),
    ...(statusText === undefined ? {} : { statusText }),
  }
}

function replace(name: WebClass, made: typeof Request | typeof Response): void {
  const native = nativeOf<object>(made) as typeof Request
  const isOurs = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(made, 'name', { value: name })
  Object.defineProperty(made, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      // A class that an application derives from it asks for its own objects.
      return this === made ? value instanceof native : isOurs.call(this as typeof made, value)
    },
  })
  Object.defineProperty(globalThis, name, { value: made, writable: true, configurable: true })
}
