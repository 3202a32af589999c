/** The header fields of a message, in their order. A name may stand in it more than once, in any case. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** All values of a field, in their order. */
export function valuesOf(headers: HeaderList, name: string): readonly string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

/** The first value of a field. @param name in lower case */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1]
}
