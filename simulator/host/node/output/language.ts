import { lookUp } from '../../../manager/look-up.ts'
import { readFileSync } from 'node:fs'
import type en from './words/en.json'

/** The sentences that only we say. */
export type Words = typeof en

/** The words in the language that the environment asks for. */
export function words(env?: NodeJS.ProcessEnv): Words {
  return wordsOf('words', env)
}

const read = new Map<string, unknown>()

/** What a folder beside this program has in the language of the environment. Read when it is asked for: few processes say anything. */
export function wordsOf<Text>(folder: string, env: NodeJS.ProcessEnv = process.env): Text {
  const file = `./${folder}/${language(env)}.json`
  const found: unknown = read.get(file) ?? JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  read.set(file, found)
  return found as Text
}

/** The language of the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set, if it is supported; else English. */
export function language(env: NodeJS.ProcessEnv): 'en' | 'ko' | 'zh-cn' {
  const asked = (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '').toLowerCase()
  // Who asks for Traditional Chinese gets English: Simplified is another language, not another typeface.
  if (/^zh(?!.*(?:hant|[-_](?:tw|hk|mo)))/.test(asked)) return 'zh-cn'
  return asked.startsWith('ko') ? 'ko' : 'en'
}

/** Puts values where the sentence has `{name}`. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(lookUp(values, name) ?? whole))
}
