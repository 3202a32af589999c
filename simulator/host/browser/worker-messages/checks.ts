import { lookUp } from '../../../manager/look-up.ts'

/** Readers for data that a worker sent. Each returns a new value with the fields of its type and no others. */

/** The data is not what our own code in a worker would send. */
export class MalformedMessage extends Error {
  override name = 'Malformed'
  /** The place of the wrong value, e.g. `acts[3].after`. */
  readonly path: string

  constructor(path: string, message: string) {
    super(`${path}: ${message}`)
    this.path = path
  }
}

export type Fields = Readonly<Record<string, unknown>>

/** @throws Malformed unless the data is an object as `{}` makes one */
export function fields(data: unknown, path: string): Fields {
  if (typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype) {
    return data as Fields
  }
  throw refused(path, 'an object', data)
}

/** One own field; those of a prototype do not count. */
export function ownField(data: Fields, name: string): unknown {
  return lookUp(data, name)
}

/** @throws Malformed unless the data is a list of at most `most` entries */
export function list(data: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(data)) throw refused(path, 'a list', data)
  if (data.length > most) throw refused(path, `at most ${most} entries`, data.length)
  return data as readonly unknown[]
}

/** @throws Malformed unless the data is a finite number that is not negative */
export function amount(data: unknown, path: string): number {
  if (typeof data === 'number' && data >= 0 && Number.isFinite(data)) return data
  throw refused(path, 'a number from 0', data)
}

/** @throws Malformed unless the data is a whole number from 0 to `most` */
export function wholeNumber(data: unknown, path: string, most: number): number {
  if (Number.isInteger(data) && (data as number) >= 0 && (data as number) <= most) return data as number
  throw refused(path, `a whole number from 0 to ${most}`, data)
}

/** @throws Malformed unless the data is a string of at most `most` characters */
export function text(data: unknown, path: string, most: number): string {
  if (typeof data !== 'string') throw refused(path, 'a text', data)
  if (data.length > most) throw refused(path, `at most ${most} characters`, data.length)
  return data
}

/** @throws Malformed unless the data is one of `words` */
export function oneOf<Word extends string>(data: unknown, path: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === data)
  if (found === undefined) throw refused(path, `one of ${words.join(', ')}`, data)
  return found
}

/** @throws Malformed unless the data is `true` or `false` */
export function booleanValue(data: unknown, path: string): boolean {
  if (typeof data === 'boolean') return data
  throw refused(path, 'true or false', data)
}

/** The error for a value at `path`. It names the value's kind only: to print the value itself could run the learner's code. */
export function refused(path: string, expected: string, got: unknown): MalformedMessage {
  const shown = typeof got === 'number' || typeof got === 'boolean' ? String(got) : kindOf(got)
  return new MalformedMessage(path, `${expected} was expected, but ${shown} came`)
}

function kindOf(data: unknown): string {
  if (data === null) return 'null'
  if (Array.isArray(data)) return 'a list'
  return data === undefined ? 'nothing' : `a value of type ${typeof data}`
}
