import { draw } from '../../../manager/random.ts'
import { define } from './define.ts'

/** Makes all random numbers come from a seed in [0, 1): the same seed gives the same numbers. */
export function seedRandomness(chance: number): void {
  let seed = Math.floor(chance * 4294967296) >>> 0
  const random = (): number => {
    const drawn = draw(seed)
    seed = drawn.seed
    return drawn.value
  }
  define(Math, 'random', random)

  const own: unknown = Reflect.get(globalThis, 'crypto')
  const fill = <Numbers extends ArrayBufferView>(numbers: Numbers): Numbers => {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256)
    return numbers
  }
  define(globalThis, 'crypto', {
    getRandomValues: fill,
    randomUUID: () => uuid(fill(new Uint8Array(16))),
    // The browser's digests and ciphers; a page that was not loaded over HTTPS has none.
    subtle: (own as Crypto | undefined)?.subtle,
  })
}

/** A version 4 UUID (RFC 9562). */
function uuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
