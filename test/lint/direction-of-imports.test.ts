import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Every folder of the house and the folders that it may import. */
const mayImport: Record<string, string[]> = {
  'simulator/manager': [],
  'simulator/machine': ['simulator/manager'],
  'simulator/worker': ['simulator/manager'],
  'simulator/command': ['simulator/terminal', 'simulator/manager'],
  'simulator/terminal': ['simulator/manager'],
  'simulator/scenario': ['simulator/machine', 'simulator/command', 'simulator/terminal', 'simulator/manager'],
  'simulator/shell': [
    'simulator/scenario',
    'simulator/machine',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
  'simulator/host/virtual': [
    'simulator/machine',
    'simulator/worker',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
  'simulator/behaviour': [
    'simulator/host/virtual',
    'simulator/machine',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
  'simulator/host/browser': [
    'simulator/host/virtual',
    'simulator/machine',
    'simulator/worker',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
  'simulator/host/node': [
    'simulator/scenario',
    'simulator/worker',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
  src: [
    'simulator/host/browser',
    'simulator/behaviour',
    'simulator/shell',
    'simulator/scenario',
    'simulator/machine',
    'simulator/command',
    'simulator/terminal',
    'simulator/manager',
  ],
}
const folders = Object.keys(mayImport)
const pure = ['simulator/manager', 'simulator/machine', 'simulator/scenario']
const withoutPlatform = [
  ...pure,
  'simulator/command',
  'simulator/terminal',
  'simulator/shell',
  'simulator/host/virtual',
  'simulator/behaviour',
]

/** A house with one empty file in each folder, judged by the project's own configuration. */
const house = mkdtempSync(join(tmpdir(), 'house-'))
const eslint = new ESLint({
  cwd: house,
  overrideConfigFile: join(import.meta.dirname, '../../eslint.config.js'),
  overrideConfig: [
    { settings: { 'boundaries/root-path': house } },
    { files: ['**/*.ts'], ...ts.configs.disableTypeChecked },
    { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } } },
  ],
})

beforeAll(() => {
  for (const folder of [...folders, 'simulator/other', 'test']) {
    mkdirSync(join(house, folder), { recursive: true })
    writeFileSync(join(house, folder, 'there.ts'), 'export const there = 1\n')
  }
  writeFileSync(join(house, 'package.json'), '{}')
})
afterAll(() => {
  rmSync(house, { recursive: true })
})

/** The rules that complain about `text` when it stands in `folder`. */
async function complaints(folder: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(house, folder, 'here.ts') })
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message)
}

const path = (from: string, to: string) => {
  const way = relative(join(house, from), join(house, to, 'there.ts'))
  return way.startsWith('.') ? way : `./${way}`
}

/** The ways in which one file can import another. */
const ways: Record<string, (path: string) => string> = {
  import: (path) => `import { there } from '${path}'\nexport const here = there\n`,
  'import type': (path) => `import type { there } from '${path}'\nexport type Here = typeof there\n`,
  'export from': (path) => `export { there } from '${path}'\n`,
  'dynamic import': (path) => `export const here = await import('${path}')\n`,
  'new URL': (path) => `export const here = new URL('${path}', import.meta.url)\n`,
}

describe.each(folders)('%s', (from) => {
  const forbidden = folders.filter((to) => to !== from && !mayImport[from]?.includes(to))
  const allowed = [from, ...(mayImport[from] ?? [])]

  test.each(forbidden)('may not import %s', async (to) => {
    for (const [way, text] of Object.entries(ways)) {
      expect(await complaints(from, text(path(from, to))), way).toEqual(['boundaries/dependencies'])
    }
  })

  test.each(allowed)('may import %s', async (to) => {
    for (const [way, text] of Object.entries(ways)) {
      expect(await complaints(from, text(path(from, to))), way).toEqual([])
    }
  })

  test('may import neither a test nor a file that is not there', async () => {
    const text = ways.import ?? String
    expect(await complaints(from, text(path(from, 'test')))).toEqual(['boundaries/dependencies'])
    expect(await complaints(from, text('./missing.ts'))).toEqual(['boundaries/no-unknown-dependencies'])
  })
})

test('the command and the site may read package.json, others may not', async () => {
  const text = (ups: string) => `export { version } from '${ups}/package.json'\n`
  expect(await complaints('simulator/host/node', text('../../..'))).toEqual([])
  expect(await complaints('src', text('..'))).toEqual([])
  expect(await complaints('simulator/manager', text('../..'))).toEqual(['boundaries/dependencies'])
})

test('a folder that has no row in the table is refused', async () => {
  expect(await complaints('simulator/other', 'export const here = 1\n')).toEqual([
    'boundaries/no-unknown-files',
  ])
})

describe.each(withoutPlatform)('%s knows no platform', (folder) => {
  test.each(['process', 'self', 'globalThis', 'window', 'fetch', 'setTimeout', 'performance', 'Worker'])(
    '%s',
    async (name) => {
      expect(await complaints(folder, `export const here = ${name}\n`)).toEqual(['no-restricted-globals'])
    },
  )

  test('modules of Node', async () => {
    expect(await complaints(folder, "export { readFileSync } from 'node:fs'\n")).toEqual([
      'no-restricted-imports',
    ])
  })
})

describe.each([...pure, 'simulator/host/virtual'])('%s is deterministic', (folder) => {
  test('no clock', async () => {
    expect(await complaints(folder, 'export const here = Date.now()\n')).toEqual(['no-restricted-properties'])
    expect(await complaints(folder, 'export const here = new Date()\n')).toEqual(['no-restricted-syntax'])
    expect(await complaints(folder, 'export const here = Date()\n')).toEqual(['no-restricted-syntax'])
    expect(await complaints(folder, 'export const here = Date.UTC(2026, 1)\n')).toEqual([])
  })

  test('no chance', async () => {
    expect(await complaints(folder, 'export const here = Math.random()\n')).toEqual([
      'no-restricted-properties',
    ])
  })
})

test.each(pure)('%s imports no package', async (folder) => {
  expect(await complaints(folder, "import 'comlink'\n")).toEqual(['no-restricted-imports'])
})
