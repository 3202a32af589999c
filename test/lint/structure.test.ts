/** Files have at most 400 lines, and do not import each other in a circle; exceptions are in rules/not-yet.json, which only shrinks. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'
import { expect, onTestFinished, test } from 'vitest'
import notYet from './rules/not-yet.json' with { type: 'json' }

const MOST_LINES = 400
const long: Readonly<Record<string, number>> = notYet.long
const circles: readonly string[] = notYet.circles

/** The files below `paths` that are part of a circle of imports (types and `import()` included), and how many files were looked at. */
function circlesIn(cwd: string, ...paths: string[]): { inCircle: string[]; looked: number } {
  const config = resolve('test/lint/rules/circles.json')
  const oxlint = resolve('node_modules/.bin/oxlint')
  const { stdout } = spawnSync(oxlint, ['-c', config, '--format', 'json', ...paths], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  })
  const report = JSON.parse(stdout) as { diagnostics: { filename: string }[]; number_of_files: number }
  const inCircle = new Set(report.diagnostics.map(({ filename }) => filename))
  return { inCircle: [...inCircle].sort(), looked: report.number_of_files }
}

test.each([
  ['a value', "import { b } from './b.ts'\nexport const a = () => b\n"],
  ['a type', "import type { B } from './b.ts'\nexport type A = B\n"],
  ['an export', "export * from './b.ts'\n"],
])('two files that import each other are found: %s', (_, a) => {
  const folder = mkdtempSync(join(tmpdir(), 'circle-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.ts'), a)
  writeFileSync(
    join(folder, 'b.ts'),
    "import type { C } from './c.ts'\nexport type B = C\nexport const b = 1\n",
  )
  writeFileSync(join(folder, 'c.ts'), 'export type C = 1\n')
  expect(circlesIn(folder, '.')).toEqual({ inCircle: [], looked: 3 })
  writeFileSync(join(folder, 'c.ts'), "import type * as A from './a.ts'\nexport type C = keyof typeof A\n")
  expect(circlesIn(folder, '.').inCircle).toEqual(['a.ts', 'b.ts', 'c.ts'])
})

test('no file imports itself by way of others, but for those in not-yet.json; whoever left the circle is taken out there', () => {
  const { inCircle, looked } = circlesIn('.', 'simulator', 'src')
  expect(looked).toBeGreaterThan(500)
  expect(inCircle).toEqual(circles)
})

test('the parts of the simulated kernel are put together in kernel.ts, and none of them knows it', () => {
  const parts = globSync('simulator/host/virtual/**/*.ts')
  expect(parts.length).toBeGreaterThan(30)
  expect(parts.filter((file) => readFileSync(file, 'utf8').includes("/kernel.ts'"))).toEqual([])
  expect(readFileSync('simulator/host/virtual/kernel.ts', 'utf8').split('\n').length).toBeLessThan(200)
})

test('each part that kernel.ts makes has a test of its own, which builds it without the kernel', () => {
  const text = readFileSync('simulator/host/virtual/kernel.ts', 'utf8')
  const files = new Map(
    [...text.matchAll(/^import \{ ([^}]*) \} from '\.\/([\w-]+)\.ts'$/gm)].flatMap(
      ([, names = '', file = '']) => names.split(', ').map((name): [string, string] => [name, file]),
    ),
  )
  const parts = [...text.matchAll(/ = new (\w+)\(/g)].map(([, name = '']) => files.get(name) ?? name)
  expect(parts.length).toBeGreaterThan(25)
  expect(parts.filter((part) => !existsSync(`test/unit/virtual/parts/${part}.test.ts`))).toEqual([])
  const tests = globSync('test/unit/virtual/parts/*.ts')
  expect(tests.filter((file) => /\/(kernel|machine\/support)\.ts'/.test(readFileSync(file, 'utf8')))).toEqual(
    [],
  )
})

test.each(Object.entries(long))(
  '%s (%i lines once) is still too long: else it is taken out of not-yet.json',
  (file) => {
    expect(existsSync(file), `${file} is gone`).toBe(true)
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(MOST_LINES)
  },
)

const eslint = new ESLint({
  overrideConfig: [
    { files: ['**/*.ts'], ...ts.configs.disableTypeChecked },
    { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } } },
  ],
})
async function complaints(file: string, lines: number): Promise<(string | null)[]> {
  const [result] = await eslint.lintText('export {}\n'.repeat(lines), { filePath: resolve(file) })
  return (result?.messages ?? []).map(({ ruleId }) => ruleId).filter((rule) => rule === 'max-lines')
}

test('the lint rule knows how long a file may be', async () => {
  expect(await complaints('simulator/shell/complete.ts', MOST_LINES)).toEqual([])
  expect(await complaints('simulator/shell/complete.ts', MOST_LINES + 1)).toEqual(['max-lines'])
  for (const [file, lines] of Object.entries(long)) {
    expect(await complaints(file, lines), file).toEqual([])
    expect(await complaints(file, lines + 1), file).toEqual(['max-lines'])
  }
})
