import { lookUp } from '../../../manager/look-up.ts'
import { readFileSync } from 'node:fs'
import type en from './words/en.json'

/** Messages that only this command prints, not the originals. */
export type CommandMessages = typeof en

/** The messages in the language that the environment asks for. */
export function words(env?: NodeJS.ProcessEnv): CommandMessages {
  return wordsOf('words', env)
}

/** A message; where the messages cannot be read because no more files may be opened, one that says so. */
export function sentence(of: (words: CommandMessages) => string): string {
  try {
    return of(words())
  } catch (error) {
    const said = tooManyFiles(error)
    if (said === undefined) throw error
    return said
  }
}

/** Reads the messages in advance; where that is not possible now, they are read when needed. */
export function readWords(): void {
  sentence(({ cannotFork }) => cannotFork)
}

/** The message when this process may not open another file; `undefined` for other errors. It is not read from a file. */
export function tooManyFiles(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE'
    ? `This process may not open more files (${code}). Allow more, for example: ulimit -n 1024`
    : undefined
}

const read = new Map<string, unknown>()

/** The messages of a folder beside this program, in the language of the environment. Read on demand: few processes print any. */
export function wordsOf<Text>(folder: string, env: NodeJS.ProcessEnv = process.env): Text {
  const file = `./${folder}/${language(env)}.json`
  const found: unknown = read.get(file) ?? JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  read.set(file, found)
  return found as Text
}

/** The language of the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set, if it is supported; otherwise English. */
export function language(env: NodeJS.ProcessEnv): 'en' | 'ko' | 'zh-cn' {
  const asked = (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '').toLowerCase()
  // Traditional Chinese gets English: Simplified Chinese is another written language, not another typeface.
  if (/^zh(?!.*(?:hant|[-_](?:tw|hk|mo)))/.test(asked)) return 'zh-cn'
  return asked.startsWith('ko') ? 'ko' : 'en'
}

/** Replaces each `{name}` in a message by its value. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(lookUp(values, name) ?? whole))
}
