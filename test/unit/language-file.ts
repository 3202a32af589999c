/** What the tests of the language files share. */
export type Words = { readonly [key: string]: string | Words }

/** The forms that a plural may have. */
export const PLURALS = ['zero', 'one', 'two', 'few', 'many', 'other']

/** Each text by its path; the forms of a plural are one text. */
export function texts(words: Words, path = ''): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [key, value] of Object.entries(words)) {
    const here = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(here, [value])
    else if (Object.keys(value).every((form) => PLURALS.includes(form))) {
      found.set(here, Object.values(value).map(String))
    } else for (const [below, forms] of texts(value, here)) found.set(below, forms)
  }
  return found
}

/** The names in braces, in order. */
export const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()
