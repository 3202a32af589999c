import type { Language } from '../words.ts'
import en from './words/en.json' with { type: 'json' }

/** The simulator's own messages to an application in Python. */
export type PythonWords = typeof en

/** Loads the messages of one language. */
export async function loadPythonWords(language: Language): Promise<PythonWords> {
  switch (language) {
    case 'en':
      return en
    case 'zh-cn':
      return (await import('./words/zh-cn.json', { with: { type: 'json' } })).default
    case 'ko':
      return (await import('./words/ko.json', { with: { type: 'json' } })).default
  }
}
