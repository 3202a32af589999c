import { lookUp } from '../../manager/look-up.ts'
import en from './words/en.json' with { type: 'json' }

/** The simulator's own messages to an application in the page. */
export type ApplicationMessages = typeof en

/** The languages of these messages. */
export type Language = 'en' | 'zh-cn' | 'ko'

/** Loads the messages of one language. */
export async function loadWords(language: Language): Promise<ApplicationMessages> {
  switch (language) {
    case 'en':
      return en
    case 'zh-cn':
      return (await import('./words/zh-cn.json', { with: { type: 'json' } })).default
    case 'ko':
      return (await import('./words/ko.json', { with: { type: 'json' } })).default
  }
}

/** Replaces each `{name}` in a message by its value. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(lookUp(values, name) ?? whole))
}
