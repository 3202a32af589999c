import readingTime from 'reading-time'

/** Words a minute; in Chinese and Korean, characters. */
const SPEED = { en: 200, 'zh-CN': 350, ko: 450 } as const

/** So many minutes it takes to read a page of this MDX text. Tags and imports are not read; code is. */
export function minutes(body: string, lang: string): number {
  const text = body
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^ *```.*$/gm, '')
    .replaceAll(/<\/?[A-Z][^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
  const wordsPerMinute = lang in SPEED ? SPEED[lang as keyof typeof SPEED] : SPEED.en
  return Math.max(1, Math.round(readingTime(text, { wordsPerMinute }).minutes))
}
