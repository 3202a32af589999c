import en from './words/en.json' with { type: 'json' }

/** The sentences that only we say to an application in the page. */
export type Words = typeof en

/** The languages that they are in. */
export type Language = 'en' | 'zh-cn' | 'ko'

/** Loads the words of a language; those of the others stay where they are. */
export async function loadWords(language: Language): Promise<Words> {
  switch (language) {
    case 'en':
      return en
    case 'zh-cn':
      return (await import('./words/zh-cn.json', { with: { type: 'json' } })).default
    case 'ko':
      return (await import('./words/ko.json', { with: { type: 'json' } })).default
  }
}

/** Puts values where the sentence has `{name}`. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
