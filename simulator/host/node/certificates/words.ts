import { wordsOf } from '../output/language.ts'
import type en from './words/en.json'

/** The messages of `cert`. */
export type CertificateWords = typeof en

/** The messages in the language that the environment asks for. */
export function certificateWords(env?: NodeJS.ProcessEnv): CertificateWords {
  return wordsOf('certificates/words', env)
}
