/** Puts a value where the platform's own was; like the platform's, it does not show up in loops over the object. */
export function define(on: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true, enumerable: false })
}

/** The same for a property that is computed when it is read. */
export function defineGetter(on: object, name: PropertyKey, get: (this: never) => unknown): void {
  Object.defineProperty(on, name, { get, configurable: true, enumerable: false })
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown

/** Replaces a method of the platform by one that is made from it, if this browser has it. */
export function wrapMethod(on: object, name: string, wrap: (own: Method) => Method): void {
  const own: unknown = Reflect.get(on, name)
  if (typeof own === 'function') define(on, name, wrap(own as Method))
}
