export type { PlayWords } from '../components/locale.ts'

/** What the page gives the element: titles and addresses of chapters, by their names. */
export type Chapters = Readonly<Record<string, { readonly title: string; readonly href: string }>>
