import en from './words/en.json' with { type: 'json' }
import ko from './words/ko.json' with { type: 'json' }
import zhCn from './words/zh-cn.json' with { type: 'json' }

/** The sentences that only we say. */
export type Words = typeof en

/** The words in the language that the environment asks for. */
export function words(env?: NodeJS.ProcessEnv): Words {
  return inLanguage({ en, ko, 'zh-cn': zhCn }, env)
}

/** Which of these the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`); English unless it is another one. */
export function inLanguage<Text>(
  texts: Readonly<Record<'en' | 'ko' | 'zh-cn', Text>>,
  env: NodeJS.ProcessEnv = process.env,
): Text {
  const language = (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '').toLowerCase()
  if (language.startsWith('zh')) return texts['zh-cn']
  return language.startsWith('ko') ? texts.ko : texts.en
}

/** Puts values where the sentence has `{name}`. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
