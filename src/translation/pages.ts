import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { markOf } from './mark.ts'

/** The folders of the languages other than English, which is at the root. */
export const LANGUAGES = ['zh-cn', 'ko'] as const

/** The state of a page in a language. `behind`: the English text has changed since the translation. */
export interface Translation {
  readonly language: (typeof LANGUAGES)[number]
  /** The page's path without the language, e.g. `server-workers.mdx`. */
  readonly page: string
  readonly state: 'current' | 'behind' | 'missing' | 'unmarked' | 'without-source'
}

const TRANSLATES = /^---\r?\n[\s\S]*?^translates: *['"]?([0-9a-f]+)['"]?\s*$[\s\S]*?^---/m

/** The state of every page in every language. @param docs the folder of the pages */
export function translations(docs: string): Translation[] {
  const all = globSync('**/*.{md,mdx}', { cwd: docs })
  const foreign = (path: string) => LANGUAGES.some((language) => path.startsWith(`${language}/`))
  // The 404 page has all languages in one file.
  const pages = all.filter((path) => !foreign(path) && path !== '404.mdx').toSorted()
  return LANGUAGES.flatMap((language) => {
    const known = pages.map((page) => ({ language, page, state: stateOf(docs, language, page) }) as const)
    const lost = all
      .filter((path) => path.startsWith(`${language}/`))
      .map((path) => relative(language, path))
      .filter((page) => !pages.includes(page))
    return [...known, ...lost.map((page) => ({ language, page, state: 'without-source' }) as const)]
  })
}

function stateOf(docs: string, language: string, page: string): Translation['state'] {
  const path = join(docs, language, page)
  if (!existsSync(path)) return 'missing'
  const mark = TRANSLATES.exec(readFileSync(path, 'utf8'))?.[1]
  if (mark === undefined) return 'unmarked'
  return mark === markOf(readFileSync(join(docs, page), 'utf8')) ? 'current' : 'behind'
}
