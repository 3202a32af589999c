import { lookUp } from '../../../manager/look-up.ts'
import { readFileSync } from 'node:fs'
import type en from './words/en.json'

/** The sentences that only we say. */
export type CommandMessages = typeof en

/** The words in the language that the environment asks for. */
export function words(env?: NodeJS.ProcessEnv): CommandMessages {
  return wordsOf('words', env)
}

/** A sentence, or where the words cannot be read, because no more files may be opened, one that says that. */
export function sentence(of: (words: CommandMessages) => string): string {
  try {
    return of(words())
  } catch (error) {
    const said = tooManyFiles(error)
    if (said === undefined) throw error
    return said
  }
}

/** Reads them for when they are needed; where that cannot be done now, it is done then. */
export function readWords(): void {
  sentence(({ cannotFork }) => cannotFork)
}

/** What is said when this process may not open a file more; nothing when that was not the error. It needs no words from a file. */
export function tooManyFiles(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE'
    ? `This process may not open more files (${code}). Allow more, for example: ulimit -n 1024`
    : undefined
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
