import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize, relative } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'
import table from './rules/may-import.json' with { type: 'json' }
import { importsOf } from './rules/imports-of.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Every folder of the project and the folders that it may import: the source of the lint rule. */
const mayImport: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  // What is not code is no folder of this house.
  table.map(({ folder, imports }) => [folder, imports.filter((each) => each !== 'content')]),
)
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

/** A project with one empty file in each folder, linted with the project's own configuration. */
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

/** The rules that `text` violates in `folder`. */
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

/** The innermost folder of the table, or `content`, that contains a path of the repository. */
const folderOf = (path: string) =>
  [...folders, 'content']
    .toSorted((a, b) => b.length - a.length)
    .find((folder) => path === folder || path.startsWith(`${folder}/`))

/** Which folders the code of one really imports. */
function importedBy(folder: string): Set<string | undefined> {
  const files = globSync(`${folder}/**/*.{ts,astro,mjs,js}`).filter((file) => folderOf(file) === folder)
  return new Set(
    files.flatMap((file) =>
      importsOf(file, readFileSync(file, 'utf8'))
        .filter((address) => address.startsWith('.'))
        .map((address) => folderOf(normalize(join(dirname(file), address.replace(/\?.*$/, ''))))),
    ),
  )
}

test.each([
  ...Object.entries(ways).map(([way, text]) => [way, text('./a.ts')]),
  ['a type in place', "export type Here = import('./a.ts').There\n"],
  ['many files', "export const here = import.meta.glob<string>('./a.ts', { eager: true })\n"],
])('%s counts as an import', (_, text = '') => {
  expect(importsOf('here.ts', text)).toEqual(['./a.ts'])
  expect(
    importsOf('here.astro', `---\n${text}---\n<p>from './b.ts'</p>\n<script>\n${text}</script>`),
  ).toEqual(['./a.ts', './a.ts'])
})

test('what a comment or a text says is no import', () => {
  expect(
    importsOf(
      'here.ts',
      "// import { a } from './a.ts'\n/* import('./a.ts') */ export const b = `from './a.ts'`",
    ),
  ).toEqual([])
})

test.each(table)(
  '$folder imports from every folder that it may: a row that nobody needs is taken out',
  ({ folder, imports }) => {
    const used = importedBy(folder)
    expect(imports.filter((each) => !used.has(each))).toEqual([])
  },
)

test("CONTRIBUTING's picture is that of the table", () => {
  const short = (each: string) => each.replace('simulator/', '')
  const wide = Math.max(...folders.map((folder) => short(folder).length))
  const picture = table
    .toReversed()
    .map(({ folder, imports, what }) => {
      const to = imports.length === 0 ? 'nothing of ours' : imports.map(short).join(', ')
      return `${short(folder).padEnd(wide)}  ->  ${to}\n${' '.repeat(wide + 6)}(${what})`
    })
    .join('\n')
  expect(readFileSync('CONTRIBUTING.md', 'utf8')).toContain(`\`\`\`\n${picture}\n\`\`\``)
})
