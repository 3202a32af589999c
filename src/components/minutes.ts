import readingTime from 'reading-time'

/** Reading speed in words per minute; characters per minute in Chinese and Korean. */
const SPEED = { en: 200, 'zh-CN': 350, ko: 450 } as const

/** How many minutes it takes to read this MDX text. Tags and imports do not count; code does. */
export function minutes(body: string, lang: string): number {
  const text = body
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^ *```.*$/gm, '')
    .replaceAll(/<\/?[A-Z][^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
  const wordsPerMinute = Object.hasOwn(SPEED, lang) ? SPEED[lang as keyof typeof SPEED] : SPEED.en
  return Math.max(1, Math.round(readingTime(text, { wordsPerMinute }).minutes))
}
