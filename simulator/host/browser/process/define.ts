/** Replaces a property of the platform; like the original it is not enumerable. */
export function define(on: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true, enumerable: false })
}

/** The same for a getter. */
export function defineGetter(on: object, name: PropertyKey, get: (this: never) => unknown): void {
  Object.defineProperty(on, name, { get, configurable: true, enumerable: false })
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown

/** Replaces a method of the platform by a wrapper around it, if this browser has it. */
export function wrapMethod(on: object, name: string, wrap: (own: Method) => Method): void {
  const own: unknown = Reflect.get(on, name)
  if (typeof own === 'function') define(on, name, wrap(own as Method))
}
