/** The words of the playground: content/playground/<locale>.json. */
export type PlayWords = typeof import('../../content/playground/en.json')

/** Titles and URLs of chapters, by name; the page passes them to the element. */
export type Chapters = Readonly<Record<string, { readonly title: string; readonly href: string }>>
