import { lookUp } from '../../simulator/manager/look-up.ts'
import type { CommonWords, FigureWords, FigureTexts } from '../figures/words.ts'
import type { LabTexts } from '../lab/tasks/texts.ts'
import type { LabWords } from '../machine-view/words.ts'
import type { PlayWords } from '../playground/words.ts'
import type { Glosses } from './gloss.ts'

const labs = import.meta.glob<LabWords>('../../content/lab/*.json', { import: 'default', eager: true })
const glosses = import.meta.glob<Glosses>('../../content/gloss/*.json', { import: 'default', eager: true })

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

/**
 * The locale of a lab: the reader's, or English (`undefined`) until its questions are translated, so that a lab is never in two languages
 * at once.
 */
export function labLocale(locale: string | undefined, scenario: string): string | undefined {
  return lookUp(texts, `../../content/labs/${locale}/${scenario}.json`) === undefined ? undefined : locale
}

/** The texts of one lab in a locale; English where it is not translated. */
export function labTexts(locale: string | undefined, scenario: string): LabTexts {
  const path = (language: string): string => `../../content/labs/${language}/${scenario}.json`
  const own = lookUp(texts, path(locale ?? 'en'))
  if (own !== undefined) return own
  const english = lookUp(texts, path('en'))
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

/** The texts of Policies.astro: content/policies/<locale>.json. */
export type PolicyWords = typeof import('../../content/policies/en.json')

const policies = import.meta.glob<PolicyWords>('../../content/policies/*.json', {
  import: 'default',
  eager: true,
})

/** The words of Policies.astro in a locale, English where a locale has no file. */
export function policyWords(locale: string | undefined): PolicyWords {
  return pick(policies, '../../content/policies', locale)
}

const figures = import.meta.glob<{ readonly common: CommonWords } & Readonly<Record<string, unknown>>>(
  '../../content/figures/*.json',
  { import: 'default', eager: true },
)

/** The words of a small figure: content/figures/<locale>.json. */
export function figureWords(locale: string | undefined, id: string): FigureTexts {
  const words = pick(figures, '../../content/figures', locale)
  const figure = lookUp(words, id) as FigureWords | undefined
  if (figure === undefined) throw new Error(`Expected content/figures to have the words of "${id}".`)
  return { common: words.common, figure }
}

function pick<T>(files: Record<string, T>, folder: string, locale: string | undefined): T {
  const found = lookUp(files, `${folder}/${locale ?? 'en'}.json`) ?? lookUp(files, `${folder}/en.json`)
  if (found === undefined) throw new Error(`Expected ${folder}/en.json to exist.`)
  return found
}

/** `fill('worker {pid}', { pid: 7 })` is `worker 7`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/gi, (placeholder, name: string) =>
    String(lookUp(values, name) ?? placeholder),
  )
}
