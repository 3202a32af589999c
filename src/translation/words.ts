import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { lookUp } from '../../simulator/manager/look-up.ts'
import { LANGUAGES } from './pages.ts'

/** The file with the hashes of the English texts that translated files translate, by file and section. */
export const MARKS = 'content/translated.json'

/** The state of a file of texts in a language: the sections whose English has changed since, or that were never marked. */
export interface WordsState {
  readonly file: string
  readonly source: string
  readonly behind: readonly string[]
}

type Words = Readonly<Record<string, unknown>>
type Marks = Readonly<Record<string, Readonly<Record<string, string>>>>

const read = (path: string): Words => JSON.parse(readFileSync(path, 'utf8')) as Words

/** The hashes of an English file, one for each section (a key of the top level); a list is one section. */
export function sectionMarks(source: string): Record<string, string> {
  const words = read(source)
  const flat = Object.values(words).every((text) => typeof text === 'string')
  return Object.fromEntries(
    Object.entries(flat ? { all: words } : words).map(([section, text]) => [
      section,
      createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 8),
    ]),
  )
}

/** The English files of texts with their translations: `en.json` and `ko.json`, or `en/x.json` and `ko/x.json`. */
export function wordFiles(): { source: string; file: string }[] {
  const sources = [
    ...globSync('content/{figures,gloss,i18n,lab,playground,policies,reference}/en.json'),
    ...globSync('content/labs/en/*.json'),
    ...globSync('simulator/**/words/en.json'),
  ].toSorted()
  return sources.flatMap((source) =>
    LANGUAGES.map((language) => {
      // Starlight names its files by language tag.
      const name = source.startsWith('content/i18n/') && language === 'zh-cn' ? 'zh-CN' : language
      return { source, file: source.replace(/\ben(?=\.json$|\/)/, name) }
    }),
  )
}

/** The state of every translated file of texts. */
export function wordStates(): WordsState[] {
  const marks = read(MARKS) as Marks
  return wordFiles()
    .filter(({ file }) => existsSync(file))
    .map(({ source, file }) => {
      const own = lookUp(marks, file)
      const behind = Object.entries(sectionMarks(source))
        .filter(([section, mark]) => lookUp(own, section) !== mark)
        .map(([section]) => section)
      return { file, source, behind }
    })
}
