import { inLanguage } from '../language.ts'
import en from './words/en.json' with { type: 'json' }
import ko from './words/ko.json' with { type: 'json' }
import zhCn from './words/zh-cn.json' with { type: 'json' }

/** What the labs say. */
export type LabWords = typeof en

/** The words in the language that the environment asks for. */
export function labWords(env?: NodeJS.ProcessEnv): LabWords {
  return inLanguage({ en, ko, 'zh-cn': zhCn }, env)
}
