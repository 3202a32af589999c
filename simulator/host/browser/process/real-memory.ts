import { fill, type ApplicationMessages } from '../words.ts'
import { define, wrapMethod } from './define.ts'

/** The most of the browser's memory that an application's buffers may take, in bytes. */
export const MOST_BYTES = 512 * 1024 * 1024

type Build = abstract new (...parameters: never[]) => object

/** Counts the bytes of an application's buffers, typed arrays and blobs: they are outside the heap, which the browser limits itself. */
export class RealMemory {
  readonly #words: ApplicationMessages['limits']
  readonly #freed: FinalizationRegistry<number>
  #held = 0

  constructor(words: ApplicationMessages['limits']) {
    this.#words = words
    this.#freed = new FinalizationRegistry((bytes) => {
      this.#held -= bytes
    })
  }

  /** @throws RangeError when this many bytes more exceed the limit */
  check(bytes: number): void {
    if (!(this.#held + bytes > MOST_BYTES)) return
    throw new RangeError(fill(this.#words.memory, { megabytes: MOST_BYTES / 1024 / 1024 }))
  }

  /** Counts the bytes of an object until the browser has freed it. */
  hold(made: object, bytes: number): void {
    if (bytes === 0) return
    this.#held += bytes
    this.#freed.register(made, bytes)
  }
}

/** Smaller objects are not counted. */
const SMALL = 1024

/** Makes every constructor that allocates memory outside the heap check the limit first. */
export function limitBuffers(memory: RealMemory): void {
  const counted = <Own extends Build>(
    name: string,
    own: Own,
    bytesOf: (given: readonly unknown[]) => number,
  ): void => {
    const limited: Own = new Proxy(own, {
      construct(target, given: unknown[], newTarget) {
        const bytes = bytesOf(given)
        if (bytes < SMALL)
          return Reflect.construct(target, given, newTarget === limited ? target : newTarget) as object
        memory.check(bytes)
        const made = Reflect.construct(target, given, newTarget === limited ? target : newTarget) as object
        memory.hold(made, bytes)
        return made
      },
    })
    define(globalThis, name, limited)
    define(own.prototype as object, 'constructor', limited)
  }

  counted('ArrayBuffer', ArrayBuffer, ([length, options]) =>
    Math.max(number(length), number((options as { maxByteLength?: unknown } | undefined)?.maxByteLength)),
  )
  for (const own of TYPED) {
    counted(
      own.name,
      own,
      ([given]) => own.BYTES_PER_ELEMENT * (typeof given === 'number' ? number(given) : lengthOf(given)),
    )
  }
  counted('Blob', Blob, ([parts]) => sizeOf(parts))
  counted('File', File, ([parts]) => sizeOf(parts))
  copies(memory)
}

const TYPED = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const

/** The same for methods that copy a buffer without its constructor. */
function copies(memory: RealMemory): void {
  const counted = (on: object, names: readonly string[]): void => {
    for (const name of names) {
      wrapMethod(
        on,
        name,
        (own) =>
          function (...given) {
            memory.check(
              Math.max(bytesOf(this), bytesOf(given[0]), name.startsWith('transfer') ? number(given[0]) : 0),
            )
            const made = Reflect.apply(own, this, given)
            if (bytesOf(made) >= SMALL) memory.hold(made as object, bytesOf(made))
            return made
          },
      )
    }
  }
  counted(ArrayBuffer.prototype, ['slice', 'transfer', 'transferToFixedLength'])
  counted(Reflect.getPrototypeOf(Uint8Array.prototype) ?? {}, ['toReversed', 'toSorted', 'with'])
  counted(TextEncoder.prototype, ['encode'])
  counted(globalThis, ['structuredClone'])
}

function bytesOf(given: unknown): number {
  return given instanceof ArrayBuffer || ArrayBuffer.isView(given) ? given.byteLength : 0
}

function number(given: unknown): number {
  return typeof given === 'number' && given > 0 ? given : 0
}

/** The number of entries that a constructor will allocate; 0 for a view of a buffer. */
function lengthOf(given: unknown): number {
  if (typeof given !== 'object' || given === null || given instanceof ArrayBuffer) return 0
  return 'length' in given ? number(given.length) : 0
}

function sizeOf(parts: unknown): number {
  if (!Array.isArray(parts)) return 0
  return parts.reduce<number>((sum, part: unknown) => sum + partSize(part), 0)
}

function partSize(part: unknown): number {
  if (typeof part === 'string') return part.length
  if (part instanceof Blob) return 0
  return typeof part === 'object' && part !== null && 'byteLength' in part ? number(part.byteLength) : 0
}
