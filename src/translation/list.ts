/**
 * `npm run translations`: how each page stands in each language.
 * `npm run translations -- ko/server-workers.mdx` marks a page as a translation of the English text as it is now.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { markOf } from './mark.ts'
import { LANGUAGES, translations } from './pages.ts'

const docs = 'content/docs'

function mark(path: string): void {
  const [language, ...rest] = path.replace(/^content\/docs\//, '').split('/')
  const page = rest.join('/')
  const own = join(docs, language ?? '', page)
  const source = join(docs, page)
  if (!LANGUAGES.some((name) => name === language) || !existsSync(own) || !existsSync(source)) {
    console.error(
      `Expected a translated page such as ${LANGUAGES[1]}/server-workers.mdx, but got "${path}". Try: npm run translations`,
    )
    process.exitCode = 1
    return
  }
  const line = `translates: '${markOf(readFileSync(source, 'utf8'))}'`
  const text = readFileSync(own, 'utf8')
  const marked = /^translates:.*$/m.test(text)
    ? text.replace(/^translates:.*$/m, line)
    : text.replace(/^---\r?\n[\s\S]*?(?=\r?\n---)/, (front) => `${front}\n${line}`)
  writeFileSync(own, marked)
  console.log(`${own} translates ${source} as it is now.`)
}

const asked = process.argv.slice(2)
for (const path of asked) mark(path)
if (asked.length === 0) {
  for (const { language, page, state } of translations(docs))
    console.log(`${state.padEnd(9)} ${language}/${page}`)
}
