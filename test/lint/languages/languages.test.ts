/**
 * Pages and texts of the interface use the terms of the glossary, and follow the rules of their language: one register, its own
 * punctuation, plain words.
 */
import { existsSync, globSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import glossary from '../../../content/glossary.json' with { type: 'json' }
import { PARTICLE, RULES } from './rules.ts'
import { asWord, rawTextsIn, textsIn, type Language, type Text } from './texts.ts'

type Avoided = string | { readonly word: string; readonly except: string }
type Name = { readonly term: string; readonly avoid?: readonly Avoided[] }
const terms: readonly Readonly<Record<Language, Name>>[] = Object.values(glossary).flat()

/** What may stay, and why. */
const EXCEPTIONS: readonly { readonly where: string; readonly text: string; readonly because: string }[] = [
  {
    where: 'content/docs/index.mdx',
    text: '## Six questions before anybody uses it',
    because: 'the address of a heading',
  },
  {
    where: 'content/docs/memory.mdx',
    text: '## Preload: share until somebody writes',
    because: 'the address of a heading',
  },
  {
    where: 'content/docs/memory.mdx',
    text: '## Out of memory: who kills whom',
    because: 'the address of a heading',
  },
  {
    where: 'content/gloss/en.json/Starting gunicorn {version}',
    text: 'The manager, which gunicorn calls arbiter or master, is up.',
    because: 'a word of gunicorn',
  },
  {
    where: 'content/glossary.json/processes/5/en/text',
    text: 'The program that starts workers, watches them and replaces those that die; gunicorn calls its own arbiter or master.',
    because: 'a word of gunicorn',
  },
]
const isException = (at: Text) => EXCEPTIONS.some(({ where, text }) => where === at.where && text === at.text)

/** The violations of a language's rules in a text. */
function breaches(language: Language, text: string, where = 'content/docs/'): string[] {
  const signs = RULES[language]
    .filter(({ found, except }) => found.test(text) && except?.test(where) !== true)
    .map(({ found, say }) => `“${found.exec(text)?.[0] ?? ''}”: ${say}`)
  const words = terms.flatMap(({ [language]: { term, avoid = [] } }) =>
    avoid
      .filter((each) =>
        typeof each === 'string'
          ? text.includes(each)
          : text.includes(each.word) && !new RegExp(each.except, 'u').test(text),
      )
      .map((each) => `“${typeof each === 'string' ? each : each.word}”: ${term}`),
  )
  return [...signs, ...words]
}

test.each(['zh-cn', 'ko'])('%s has every page', (language) => {
  // A page that does not exist is shown in English to whoever follows a wrong address.
  const missing = globSync('content/docs/*.mdx')
    .map((path) => basename(path))
    .filter((page) => page !== '404.mdx' && !existsSync(`content/docs/${language}/${page}`))
  expect(missing).toEqual([])
})

describe.each(['en', 'zh-cn', 'ko'] as const)('%s', (language) => {
  test('has texts in every place', () => {
    const places = new Set(textsIn(language).map(({ where }) => where.split('/').slice(0, 2).join('/')))
    expect([...places]).toEqual(expect.arrayContaining(['content/docs', 'content/labs', 'simulator/host']))
  })

  test('keeps to its terms, its register and its signs', () => {
    const found = textsIn(language).flatMap((at) =>
      isException(at)
        ? []
        : breaches(language, at.text, at.where).map((breach) => `${at.where}: ${breach} in “${at.text}”`),
    )
    expect(found).toEqual([])
  })
})

test.each(EXCEPTIONS)('$text is in the guide, and would be a breach', ({ where, text }) => {
  expect(textsIn('en')).toContainEqual({ where, text })
  expect(breaches('en', text)).not.toEqual([])
})

/** Five English words in a row. */
const ENGLISH = /(?:\b[A-Za-z][a-z’']*[,:]? ){4}[A-Za-z][a-z]+/

test.each(['zh-cn', 'ko'] as const)('%s has no sentence in English', (language) => {
  expect('这时 the worker ends at once, and 父进程').toMatch(ENGLISH)
  const found = textsIn(language)
    // Commands and their output are English everywhere.
    .filter(({ where }) => !where.includes('/shell/commands/'))
    .map(({ where, text }) => ({ where, text: text.replaceAll(/[“"][^”"]*[”"]/g, '') }))
    .filter(({ text }) => ENGLISH.test(text))
  expect(found).toEqual([])
})

test('in Korean a value takes its particle through a noun', () => {
  const found = rawTextsIn('ko').filter(({ text }) => PARTICLE.test(text))
  expect(found).toEqual([])
})

test.each([
  ['en', 'Somebody must be able to die with it.'],
  ['en', 'Everybody is told.'],
  ['en', 'It dies with a request in its hands.'],
  ['en', 'Ask whom systemd starts.'],
  ['en', 'It stays down, for nothing restarts it.'],
  ['en', 'The worker is started anew.'],
  ['en', 'In order to stop it, press Ctrl+C.'],
  ['en', 'It is simply a process.'],
  ['en', 'Use a proxy, e.g. Caddy.'],
  ['en', 'That belongs into a store.'],
  ['en', 'The manifest stands below.'],
  ['en', 'The boss restarts it.'],
  ['en', 'The master process replaces it.'],
  ['en', `It ${'waits and then it '.repeat(10)}ends.`],
  ['zh-cn', '请按「启动」。'],
  ['zh-cn', '您可以重启worker。'],
  ['zh-cn', '进程退出, 然后重启。'],
  ['zh-cn', '输入 “help”，然后回车。'],
  ['zh-cn', '管理进程会替换它。'],
  ['zh-cn', '十个请求得到了回答。'],
  ['ko', '워커가 죽는다.'],
  ['ko', '서버를 시작하라.'],
  ['ko', '누가 받을까?'],
  ['ko', '{file}을(를) 찾을 수 없습니다.'],
  ['ko', '프로세스 관리자가 시작합니다.'],
  ['ko', '소켓 (socket)에서 기다립니다.'],
] as const)('%s: %s is a breach', (language, text) => {
  expect(breaches(language, asWord(text))).not.toEqual([])
})

test.each([
  ['en', 'You wait for it, and `whoever` asks gets an answer: see [restarts], for example.'],
  ['en', `It waits. ${'Then it ends. '.repeat(30)}`],
  ['zh-cn', '容器的主进程收到 SIGTERM，`kill -9` 则不同（见“重启”）。'],
  ['ko', '{pid}번 프로세스가 `main.py`를 임포트합니다. 소켓(socket)에서 기다릴까요?'],
  ['ko', '이름이 같으면 충돌합니다. 아니요, 바꾸세요.'],
] as const)('%s: %s is none', (language, text) => {
  expect(breaches(language, asWord(text))).toEqual([])
})

test('a value before a particle is found, and one before a noun is not', () => {
  expect(PARTICLE.test('{signal}을 받았습니다.')).toBe(true)
  expect(PARTICLE.test('{signal} 시그널을 받았습니다. {count}개가 {row}에 있습니다.')).toBe(false)
})
