/**
 * `npm run translations`: prints the state of each page and each file of texts in each language.
 * `npm run translations -- ko/server-workers.mdx content/lab/ko.json` marks these files as translations of the current English text.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { headingLines, idsOf } from './headings.ts'
import { markOf } from './mark.ts'
import { LANGUAGES, translations } from './pages.ts'
import { MARKS, sectionMarks, wordFiles, wordStates } from './words.ts'

const docs = 'content/docs'

function complain(message: string): void {
  console.error(`${message} Try: npm run translations`)
  process.exitCode = 1
}

/** The page with `key` set in its front matter. */
function withLine(text: string, key: string, value: string): string {
  const line = `${key}: ${value}`
  const old = new RegExp(`^${key}:(?:.*\\[[^\\]]*\\]|.*)$`, 'm')
  return old.test(text)
    ? text.replace(old, line)
    : text.replace(/^---\r?\n[\s\S]*?(?=\r?\n---)/, (front) => `${front}\n${line}`)
}

function markPage(path: string): void {
  const [language, ...rest] = path.replace(/^content\/docs\//, '').split('/')
  const page = rest.join('/')
  const own = join(docs, language ?? '', page)
  const source = join(docs, page)
  if (!LANGUAGES.some((name) => name === language) || !existsSync(own) || !existsSync(source)) {
    complain(`Expected a translated page such as ${LANGUAGES[1]}/server-workers.mdx, but got "${path}".`)
    return
  }
  const english = readFileSync(source, 'utf8')
  const text = readFileSync(own, 'utf8')
  const levels = (of: string) => headingLines(of).map((line) => line.indexOf(' '))
  if (levels(english).join() !== levels(text).join()) {
    complain(`Expected ${own} to have the headings of ${source}, in their order; they differ.`)
    return
  }
  const ids = idsOf(english)
  const marked = withLine(text, 'translates', `'${markOf(english)}'`)
  writeFileSync(own, ids.length === 0 ? marked : withLine(marked, 'headings', `[${ids.join(', ')}]`))
  console.log(`${own} translates ${source} as it is now.`)
}

function markWords(file: string): void {
  const pair = wordFiles().find((each) => each.file === file)
  if (pair === undefined || !existsSync(file)) {
    complain(`Expected a translated file of words such as content/lab/ko.json, but got "${file}".`)
    return
  }
  const marks = JSON.parse(readFileSync(MARKS, 'utf8')) as Record<string, unknown>
  const sorted = Object.entries({ ...marks, [file]: sectionMarks(pair.source) }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  writeFileSync(MARKS, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
  console.log(`${file} translates ${pair.source} as it is now.`)
}

const asked = process.argv.slice(2)
for (const path of asked) {
  if (path.endsWith('.json')) markWords(path)
  else markPage(path)
}
if (asked.length === 0) {
  for (const { language, page, state } of translations(docs))
    console.log(`${state.padEnd(9)} ${language}/${page}`)
  for (const { file, behind } of wordStates())
    console.log(behind.length === 0 ? `current   ${file}` : `behind    ${file}: ${behind.join(', ')}`)
}
