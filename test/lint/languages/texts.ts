import { globSync, readFileSync } from 'node:fs'

export type Language = 'en' | 'zh-cn' | 'ko'

/** A text that a reader sees, with its location. */
export interface Text {
  readonly where: string
  readonly text: string
}

/** Replaces code, commands and placeholders by one Latin word, as a sentence treats them. */
export const asWord = (text: string): string =>
  text
    .replaceAll(/`[^`]*`/g, 'x')
    // Words of the interface that are put in are Chinese themselves.
    .replaceAll(/\{(?:terminal|title|expected|label)\}/g, '')
    .replaceAll(/\{\{?\w+\}?\}/g, 'x')

/** Every string of some words, by its path. */
function strings(words: unknown, where: string): Text[] {
  if (typeof words === 'string') return [{ where, text: words }]
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([key, value]) => strings(value, `${where}/${key}`))
}

/** The texts of one language in a file that has all languages side by side. */
function inLanguage(words: unknown, language: Language, where: string): Text[] {
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([key, value]) =>
    key === language
      ? strings(value, `${where}/${key}`).filter(({ where: at }) => !at.includes('/avoid/'))
      : inLanguage(value, language, `${where}/${key}`),
  )
}

/** The paragraphs of a page: without front matter's keys, code, output of programs, and tags. */
function paragraphs(page: string, where: string): Text[] {
  const front = /^---\n([\s\S]*?)\n---\n/.exec(page)?.[1] ?? ''
  const own = [...front.matchAll(/^(?:title|description): (.+)$/gm)].map(([, text = '']) => text)
  const body = page
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replaceAll(/^(?:import|export) .*$/gm, '')
    .replaceAll(/^ *(```+)[^\n]*\n[\s\S]*?^ *\1 *$/gm, '')
    .replaceAll(/\{\/\*[\s\S]*?\*\/\}/g, '')
    .replaceAll(/<\/?[A-Z][^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
  return [...own, ...body.split('\n')]
    .map((text) => ({ where, text: text.trim() }))
    .filter(({ text }) => text !== '')
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** All texts of a language, with code and values replaced by one Latin word each. */
export function textsIn(language: Language): Text[] {
  return rawTextsIn(language).map(({ where, text }) => ({ where, text: asWord(text) }))
}

/** The same unchanged: pages, texts of the interface, messages of the command. */
export function rawTextsIn(language: Language): Text[] {
  const tag = language === 'zh-cn' ? 'zh-CN' : language
  // English is the root language: its pages have no folder of their own.
  const pages = globSync(language === 'en' ? 'content/docs/*.mdx' : `content/docs/${language}/**/*.mdx`)
  const files = [
    ...globSync(`content/{figures,gloss,lab,playground,policies,reference}/${language}.json`),
    ...globSync(`content/labs/${language}/*.json`),
    `content/i18n/${tag}.json`,
    ...globSync(`simulator/**/words/${language}.json`),
  ]
  const shared = [
    'content/beliefs.json',
    'content/glossary.json',
    'content/concepts.json',
    'content/not-found.json',
    'content/titles.json',
  ]
  return [
    ...pages.flatMap((path) => paragraphs(readFileSync(path, 'utf8'), path)),
    ...files.flatMap((path) => strings(json(path), path)),
    ...shared.flatMap((path) => inLanguage(json(path), language, path)),
  ]
}
