import { draw } from '../manager/random.ts'

/** Replaces the interpreter's sources of time and randomness: C's clocks, `os.urandom`, hash seeds. */
export function replaceHost(chance: number, now: () => number, calendar: () => number): void {
  let seed = Math.floor(chance * 4294967296) >>> 0
  const random = (): number => {
    const drawn = draw(seed)
    seed = drawn.seed
    return drawn.value
  }
  const getRandomValues = (view: Uint8Array): Uint8Array => {
    for (let i = 0; i < view.length; i++) view[i] = Math.floor(random() * 256)
    return view
  }
  put(globalThis, 'crypto', { getRandomValues })
  put(Math, 'random', random)
  put(Date, 'now', calendar)
  put(performance, 'now', now)
}

function put(on: object, name: string, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true, enumerable: false })
}

/** Limits how far the heap may grow, in bytes; beyond that Python raises MemoryError. */
export function limitHeap(most: number): void {
  const own = Reflect.get(WebAssembly.Memory.prototype, 'grow')
  put(WebAssembly.Memory.prototype, 'grow', function grow(this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > most) throw new RangeError('the heap of a worker is full')
    return own.call(this, pages)
  })
}

/** WebAssembly's unit of memory, in bytes. */
const PAGE = 65536
