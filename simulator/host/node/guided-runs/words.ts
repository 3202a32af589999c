import { wordsOf } from '../output/language.ts'
import type en from './words/en.json'

/** What the labs say. */
export type LabWords = typeof en

/** The words in the language that the environment asks for. */
export function labWords(env?: NodeJS.ProcessEnv): LabWords {
  return wordsOf('labs/words', env)
}
