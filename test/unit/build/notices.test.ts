import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Notices } from '../../../src/build/notices.ts'

const shipped = readFileSync('dist/command/THIRD-PARTY-NOTICES.txt', 'utf8')

/** An import that is no file of ours: `from`, by itself, or late. */
const IMPORT =
  /^(?:import|export)\b[^']*from '([^'.][^']*)'|^import '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm

/** The packages that a folder's code imports, by what stands in the code. */
function importedBy(folder: string): string[] {
  const names = globSync(`${folder}/**/*.ts`, { exclude: ['**/apps/**', '**/demo/**'] }).flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return [...text.matchAll(IMPORT)].flatMap(([, from, bare, late]) => {
      const name = from ?? bare ?? late ?? ''
      return name.startsWith('node:') ? [] : [/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name]
    })
  })
  return [...new Set(names)].sort()
}

test('the command ships the licence of each package whose code is in it', () => {
  const packages = importedBy('simulator/{host/node,worker,command,terminal,manager}')
  expect(packages).toContain('@hono/node-server')
  for (const name of packages) expect(shipped).toMatch(new RegExp(`^${name}@\\d`, 'm'))
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

test('a package that is not installed is named', () => {
  expect(() => {
    new Notices().addPackage('no-such-package')
  }).toThrow('"no-such-package": it is not installed')
})
