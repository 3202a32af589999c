type WebClass = 'Request' | 'Response'

/** Node's own class behind a replacement. */
function nativeOf<Class extends object>(made: Class): Class {
  const parent = Object.getPrototypeOf(made) as Class
  return parent === Function.prototype ? made : nativeOf(parent)
}

/** Node's own `Response`, even when the global is replaced. */
export function nativeResponse(): typeof Response {
  return nativeOf(Response)
}

/**
 * The adapter replaces Node's classes by light ones; this makes `instanceof` accept Node's own objects as well: a response of `fetch`, a
 * clone, an object that a module made before. Called once the adapter has replaced the classes.
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
  // Node's `fetch` does not accept a light request.
  globalThis.fetch = (input, init) => fetch(isRequest(input) ? new Request(input) : input, init)
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value instanceof Request
}

/** The adapter drops the type of a blob. */
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
      // For a class that an application derives from it, only its own instances count.
      return this === made ? value instanceof native : isOurs.call(this as typeof made, value)
    },
  })
  Object.defineProperty(globalThis, name, { value: made, writable: true, configurable: true })
}
