import type { LabTexts } from '../lab/tasks/texts.ts'
import type { Glosses } from './gloss.ts'

/** The words of labs and recordings: content/lab/<locale>.json. Placeholders stand in braces. */
export type LabWords = typeof import('../../content/lab/en.json')

const labs = import.meta.glob<LabWords>('../../content/lab/*.json', { import: 'default', eager: true })
const glosses = import.meta.glob<Glosses>('../../content/gloss/*.json', { import: 'default', eager: true })

/** The words of the playground: content/playground/<locale>.json. */
export type PlayWords = typeof import('../../content/playground/en.json')

const playgrounds = import.meta.glob<PlayWords>('../../content/playground/*.json', {
  import: 'default',
  eager: true,
})

/** The playground's words in a locale, English where a locale has no file. */
export function playWords(locale: string | undefined): PlayWords {
  return pick(playgrounds, '../../content/playground', locale)
}

/** The lab's words in a locale (`undefined` and `root`: English), English where a locale has no file. */
export function labWords(locale: string | undefined): LabWords {
  return pick(labs, '../../content/lab', locale)
}

const texts = import.meta.glob<LabTexts>('../../content/labs/*/*.json', { import: 'default', eager: true })

/** What one lab asks and says, in a locale; English where it is not translated. */
export function labTexts(locale: string | undefined, scenario: string): LabTexts {
  const path = (language: string): string => `../../content/labs/${language}/${scenario}.json`
  const own = texts[path(locale ?? 'en')]
  if (own !== undefined) return own
  const english = texts[path('en')]
  if (english === undefined) throw new Error(`Expected ${path('en')} to exist.`)
  return { ...english, lang: 'en' }
}

/** The glosses under log lines in a locale, English where a locale has no file. */
export function glossesOf(locale: string | undefined): Glosses {
  return pick(glosses, '../../content/gloss', locale)
}

/** The words of the reference chapter: content/reference/<locale>.json. */
export type ReferenceWords = typeof import('../../content/reference/en.json')

const references = import.meta.glob<ReferenceWords>('../../content/reference/*.json', {
  import: 'default',
  eager: true,
})

/** The words of the reference chapter in a locale, English where a locale has no file. */
export function referenceWords(locale: string | undefined): ReferenceWords {
  return pick(references, '../../content/reference', locale)
}

function pick<T>(files: Record<string, T>, folder: string, locale: string | undefined): T {
  const found = files[`${folder}/${locale ?? 'en'}.json`] ?? files[`${folder}/en.json`]
  if (found === undefined) throw new Error(`Expected ${folder}/en.json to exist.`)
  return found
}

/** `fill('worker {pid}', { pid: 7 })` is `worker 7`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/gi, (placeholder, name: string) => String(values[name] ?? placeholder))
}
