import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
// Inside the project, so that the compiler finds its types as it does for the real folders.
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
const folder = mkdtempSync(join(root, 'node_modules/.cache/types-'))

beforeAll(() => {
  for (const world of ['pure', 'browser', 'node']) {
    const config = { extends: join(root, `tsconfig.${world}.json`), include: ['*.ts'], exclude: [] }
    writeFileSync(join(folder, `tsconfig.${world}.json`), JSON.stringify(config))
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What the compiler says of a line of code in one of the three worlds. */
function compile(world: 'pure' | 'browser' | 'node', line: string): string {
  writeFileSync(join(folder, 'line.ts'), `${line}\n`)
  return spawnSync('tsc', ['-p', join(folder, `tsconfig.${world}.json`)], { encoding: 'utf8' }).stdout
}

test.each([
  ['pure', "import 'node:fs'", 'node:fs'],
  ['pure', 'export const here = process.pid', 'process'],
  ['pure', 'export const here = document.title', 'document'],
  ['pure', 'export const here = setTimeout', 'setTimeout'],
  ['pure', "console.log('here')", 'console'],
  ['browser', 'export const here = process.pid', 'process'],
  ['browser', "import 'node:fs'", 'node:fs'],
] as const)('%s: %s does not compile', (world, line, name) => {
  expect(compile(world, line)).toContain(name)
})

test.each([
  ['pure', 'export const here = Math.max(1, 2)'],
  ['browser', 'export const here = document.title'],
  ['node', "export { readFileSync } from 'node:fs'\nexport const here = process.pid"],
] as const)('%s: %s compiles', (world, line) => {
  expect(compile(world, line)).toBe('')
})

test.each([
  [
    'an array may be shorter than thought',
    'const list: number[] = []\nexport const first: number = list[0]',
    'TS2322',
  ],
  [
    'undefined is not the same as left out',
    'export const here: { a?: number } = { a: undefined }',
    'exactOptionalPropertyTypes',
  ],
  ['an enum, which Node cannot strip', 'export enum Here { A }', 'erasableSyntaxOnly'],
  ['a type imported as a value', "import { X } from './other.ts'\nexport type Y = X", 'TS1484'],
])('strict: %s', (_, line, code) => {
  writeFileSync(join(folder, 'other.ts'), 'export type X = 1\n')
  expect(compile('pure', line)).toContain(code)
})
