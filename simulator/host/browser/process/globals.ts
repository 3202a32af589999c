import { fill, type Words } from '../words.ts'
import { define } from './define.ts'

/** What an application in the page finds beside the language itself; all of it works without any outside world. */
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

/** The language. */
const LANGUAGE = [
  'AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean',
  'DataView Date DisposableStack Error EvalError Float16Array Float32Array Float64Array Function Infinity',
  'Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError',
  'ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError Temporal TypeError URIError',
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent',
  'encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape',
].flatMap((line) => line.split(' '))

/** What a process is given in their place, by the other files of this folder. */
const OURS = [
  'process console performance crypto',
  'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate',
].flatMap((line) => line.split(' '))

/** What applications may look for, and why it is not there. Functions answer when they are called, objects when they are used. */
const WITHHELD: Readonly<Record<keyof Words['notAvailable'], readonly string[]>> = {
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

/** Thrown by what an application in the page cannot have. */
class NotAvailableError extends Error {
  override name = 'NotAvailableError'
}

/**
 * Leaves the application only what is the same at every run: no network, no storage, no other clocks, no workers of its own.
 * The frame's policy refuses the first two anyhow; here they say so in words, and the rest goes.
 */
export function closeTheWorld(words: Words): void {
  const kept = new Set([...WEB, ...LANGUAGE, ...OURS])
  for (let scope: object = globalThis; scope !== EventTarget.prototype;) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (!kept.has(name) && name !== 'constructor') Reflect.deleteProperty(scope, name)
    }
    scope = Reflect.getPrototypeOf(scope) ?? EventTarget.prototype
  }
  // When something is collected is chance: nobody is told.
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
    // Remembered by nobody.
  }

  unregister(): boolean {
    return false
  }
}
