import { build, type Plugin } from 'esbuild'
import { expect, test } from 'vitest'
import { builtins } from '../../../src/build/builtins.ts'
import { late } from '../../../src/build/late.ts'

async function bundled(contents: string, ...plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins,
  })
  return outputFiles[0]?.text ?? ''
}

/** What a bundle exports when it runs. */
const run = async (text: string) =>
  (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<string, unknown>

const WAYS: Readonly<Record<string, string>> = {
  names: `import { join as put, type ParsedPath } from 'node:path'\nexport const made = put('a', 'b')`,
  'several lines': `import {\n  join, // a comment\n} from "node:path"; export const made = join('a', 'b')`,
  namespace: `import * as path from 'node:path'\nexport const made = path.join('a', 'b')`,
  default: `import path, { sep } from 'node:path'\nexport const made = path.join('a', sep, 'b')`,
  'on from': `export { join } from 'node:path'\nexport const made = 'a/b'`,
}

test.each(Object.entries(WAYS))('a module of Node is loaded without import: %s', async (_, source) => {
  const text = await bundled(source, builtins())
  expect(text).toContain('process.getBuiltinModule("node:path")')
  expect(text).not.toMatch(/\bfrom ?"node:/)
  expect(text).not.toContain('dirname')
  expect((await run(text))['made']).toBe('a/b')
})

test('a module of Node of which nothing is used is not loaded', async () => {
  expect(await bundled(`import { join } from 'node:path'\nexport const made = 1`, builtins())).not.toContain(
    'node:',
  )
})

test('an import of what Node does not have fails the build, with its name', async () => {
  const text = (source: string) => bundled(source, builtins())
  await expect(text(`import { joyn } from 'node:path'\njoyn()`)).rejects.toThrow('import "joyn"')
  await expect(text(`import { join } from 'node:paths'\njoin()`)).rejects.toThrow(
    'has no module "node:paths"',
  )
})

test('a package that is loaded late is not run before its function is called', async () => {
  const text = await bundled(
    `import { eastAsianWidth as width } from "get-east-asian-width"; export const wide = () => width(0x6f22)`,
    late('get-east-asian-width'),
  )
  expect(text).toContain('__esm')
  const { wide } = await run(text)
  expect((wide as () => number)()).toBe(2)
})

test('a package that cannot be loaded late fails the build, and so does a name that it does not export', async () => {
  await expect(
    bundled(`import { eastWidth } from 'get-east-asian-width'\neastWidth()`, late('get-east-asian-width')),
  ).rejects.toThrow('import "eastWidth"')
  await expect(bundled(`import { html } from 'lit'\nhtml()`, late('lit'))).rejects.toThrow(
    /"lit" cannot be loaded late: its export "[\w$]+" is no function/,
  )
})
