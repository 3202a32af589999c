import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { bundledFiles } from '../../../src/build/bundled-files.ts'
import { bundles } from '../../../src/build/command-bundles.ts'
import { Notices } from '../../../src/build/notices.ts'
import { namedIn, packagesOf } from '../../setup/packages.ts'

test('the command ships the licence of each package whose code is in it, and of no other', async () => {
  const built = await Promise.all(
    bundles.map((options) => build({ ...options, outdir: 'dist/command', write: false })),
  )
  const packages = packagesOf(built.flatMap(({ metafile }) => bundledFiles(metafile)))
  expect(packages.map((name) => name.replace(/@[\d.]+$/, ''))).toContain('@hono/node-server')
  // `npm run prepare` builds what is compared.
  expect(namedIn(readFileSync('dist/command/THIRD-PARTY-NOTICES.txt', 'utf8'))).toEqual(packages)
})

test('a package inside another is told from it, and a file of ours is of none', () => {
  const files = [
    'simulator/manager/log.ts',
    'node_modules/lit-html/directives/ref.js',
    '/home/me/project/node_modules/@codemirror/view/dist/index.js'.replace('/home/me/project', process.cwd()),
    '\0vite/preload-helper.js',
    '\0virtual:starlight/pagefind-config',
  ]
  expect(packagesOf(files).map((name) => name.replace(/@[\d.]+$/, ''))).toEqual([
    '@codemirror/view',
    'lit-html',
    'vite',
  ])
  const notices = new Notices()
  for (const file of files) notices.addFile(file)
  expect(notices.packages).toEqual(packagesOf(files))
  expect(notices.text()).toContain('Vite is released under the MIT license')
  // Of its build tools nothing is in a page.
  expect(notices.text()).not.toContain('jridgewell')
})

test('a licence stands there whole, and once for all packages that share it', () => {
  const notices = new Notices()
  notices.addPackage('lit')
  notices.addFile('node_modules/lit-html/lit-html.js')
  notices.addFile('node_modules/lit-html/directives/ref.js?v=1')
  notices.addFile('simulator/manager/log.ts')
  notices.addFile('\0virtual:module')
  expect(notices.packages.map((name) => name.replace(/@[\d.]+$/, ''))).toEqual(['lit-html', 'lit'])
  const text = notices.text()
  for (const name of ['lit', 'lit-html']) expect(text).toContain(`${name}@`)
  expect(text).toContain(readFileSync('node_modules/lit/LICENSE', 'utf8').trim())
})

test('of two packages with the same licence, added by its text, both are named', () => {
  const notices = new Notices()
  notices.addText('pydantic 2.12.0', 'The MIT License\n')
  notices.addText('pydantic_core 2.41.1', 'The MIT License')
  expect(notices.text()).toBe('pydantic 2.12.0\npydantic_core 2.41.1\n\nThe MIT License\n')
})

test('a package that is not installed is named', () => {
  expect(() => {
    new Notices().addPackage('no-such-package')
  }).toThrow('"no-such-package": it is not installed')
})
