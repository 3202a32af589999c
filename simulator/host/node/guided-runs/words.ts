import { wordsOf } from '../output/language.ts'
import type en from './words/en.json'

/** The messages of the guided runs. */
export type LabWords = typeof en

/** The messages in the language that the environment asks for. */
export function labWords(env?: NodeJS.ProcessEnv): LabWords {
  return wordsOf('labs/words', env)
}
