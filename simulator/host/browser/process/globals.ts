import { fill, type ApplicationMessages } from '../words.ts'
import { define } from './define.ts'

/** The web APIs that an application in the page may use: they need nothing outside the worker. */
const WEB = [
  'AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy',
  'CustomEvent DOMException DecompressionStream ErrorEvent Event EventTarget File FormData Headers',
  'PromiseRejectionEvent ReadableByteStreamController ReadableStream ReadableStreamBYOBReader',
  'ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response',
  'TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream',
  'TransformStreamDefaultController URL URLPattern URLSearchParams WritableStream',
  'WritableStreamDefaultController WritableStreamDefaultWriter',
  'atob btoa queueMicrotask reportError self structuredClone onerror onunhandledrejection',
].flatMap((line) => line.split(' '))

/** The globals of the language itself. */
const LANGUAGE = [
  'AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean',
  'DataView Date DisposableStack Error EvalError Float16Array Float32Array Float64Array Function Infinity',
  'Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError',
  'ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError Temporal TypeError URIError',
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent',
  'encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape',
].flatMap((line) => line.split(' '))

/** The globals that the other files of this folder replace. */
const OURS = [
  'process console performance crypto',
  'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate',
].flatMap((line) => line.split(' '))

/** Globals that applications may look for, by the message that says why they are missing. A function throws when it is called, an object when it is used. */
const WITHHELD: Readonly<Record<keyof ApplicationMessages['notAvailable'], readonly string[]>> = {
  network: [
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'WebSocketStream',
    'WebTransport',
    'EventSource',
    'importScripts',
  ],
  storage: ['indexedDB', 'caches', 'localStorage', 'sessionStorage', 'cookieStore'],
  workers: ['Worker', 'SharedWorker', 'BroadcastChannel'],
}

/** Thrown when the application uses what it cannot have in the page. */
class NotAvailableError extends Error {
  override name = 'NotAvailableError'
}

/**
 * Removes the globals that would make runs differ or reach outside: network, storage, other clocks, workers of the application's own.
 * The frame's policy blocks network and storage anyway; here their use throws an error that says why.
 */
export function restrictGlobals(words: ApplicationMessages): void {
  const kept = new Set([...WEB, ...LANGUAGE, ...OURS])
  for (let scope: object = globalThis; scope !== EventTarget.prototype;) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (!kept.has(name) && name !== 'constructor') Reflect.deleteProperty(scope, name)
    }
    scope = Reflect.getPrototypeOf(scope) ?? EventTarget.prototype
  }
  // When garbage is collected is chance, so no callback ever runs.
  define(globalThis, 'FinalizationRegistry', SilentRegistry)
  for (const [why, names] of Object.entries(WITHHELD)) {
    const sentence = words.notAvailable[why as keyof typeof WITHHELD]
    for (const name of names) define(globalThis, name, refusal(name, fill(sentence, { name })))
  }
}

function refusal(name: string, sentence: string): unknown {
  const refuse = () => {
    throw new NotAvailableError(sentence)
  }
  if (name === 'fetch') return (): Promise<never> => Promise.reject(new NotAvailableError(sentence))
  if (name === 'importScripts') return refuse
  if (/^[A-Z]/.test(name)) return new Proxy(class {}, { apply: refuse, construct: refuse })
  return new Proxy({}, { get: refuse, set: refuse, has: refuse })
}

class SilentRegistry {
  register(): void {
    // It registers nothing.
  }

  unregister(): boolean {
    return false
  }
}
