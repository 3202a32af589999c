/** The language of the command: what the environment asks for, of those that there are. */
import { expect, test } from 'vitest'
import { wrap } from '../../../simulator/host/node/guided-runs/parts/wrap.ts'
import { language } from '../../../simulator/host/node/output/language.ts'

test.each([
  ['zh_CN.UTF-8', 'zh-cn'],
  ['zh_SG.UTF-8', 'zh-cn'],
  ['zh', 'zh-cn'],
  ['zh_TW.UTF-8', 'en'],
  ['zh_HK', 'en'],
  ['zh_MO.UTF-8', 'en'],
  ['zh-Hant-CN', 'en'],
  ['ko_KR.UTF-8', 'ko'],
  ['de_DE.UTF-8', 'en'],
  ['', 'en'],
])('LANG=%s is answered in %s', (LANG, expected) => {
  expect(language({ LANG })).toBe(expected)
})

test.each([
  [
    '워커 네 개가 `main.js`를 임포트합니다(import).',
    16,
    ['워커 네 개가', '`main.js`를', '임포트합니다(import).'],
  ],
  ['四个 worker 在服务。', 10, ['四个', 'worker 在', '服务。']],
])('a guided run breaks %j between words', (text, columns, lines) => {
  expect(wrap(text, columns)).toEqual(lines)
})
