import { describe, expect, test } from 'vitest'
import { rewriteImports } from '../../../simulator/host/browser/rewrite-imports.ts'
import en from '../../../simulator/host/browser/words/en.json' with { type: 'json' }

/** The text as it is run, with `HELPERS` for the address of the helper module; or the refusal. */
async function rewritten(source: string): Promise<string> {
  const result = await rewriteImports('main.js', source, en)
  return 'pieces' in result
    ? result.pieces.join('HELPERS')
    : `line ${result.refusal.line}: ${result.refusal.message}`
}

describe('the helper module gets its address, and no line moves', () => {
  test.each([
    [`import { compute } from 'server-workers/lab'`, `import { compute } from 'HELPERS'`],
    [`import * as lab from "server-workers"`, `import * as lab from "HELPERS"`],
    [`import './server-workers.js'`, `import 'HELPERS'`],
    [`export { compute } from 'server-workers/lab'\n`, `export { compute } from 'HELPERS'\n`],
    [
      `import {\n  compute,\n} from\n  'server-workers/lab';\nf()`,
      `import {\n  compute,\n} from\n  'HELPERS';\nf()`,
    ],
    [
      `import {compute}from'server-workers/lab';import{allocate}from'server-workers/lab'`,
      `import {compute}from'HELPERS';import{allocate}from'HELPERS'`,
    ],
    [`import { x } from 'server\\x2dworkers/lab'`, `import { x } from 'HELPERS'`],
  ])('%j', async (source, expected) => {
    expect(await rewritten(source)).toBe(expected)
  })
})

describe('a dynamic import goes through the process', () => {
  test.each([
    [`await import('./db.js')`, `await __serverWorkers.importModule('./db.js')`],
    [
      `const f = (x) => import(/* c */ x, {})`,
      `const f = (x) => __serverWorkers.importModule(/* c */ x, {})`,
    ],
    ['`${await import(`./${name}.js`)}`', '`${await __serverWorkers.importModule(`./${name}.js`)}`'],
    [`import(await import('a'))`, `__serverWorkers.importModule(await __serverWorkers.importModule('a'))`],
  ])('%j', async (source, expected) => {
    expect(await rewritten(source)).toBe(expected)
  })
})

describe('what only looks like an import stays', () => {
  test.each([
    `// import './db.js'`,
    `/* import('./db.js') */ 1`,
    `const text = "import './db.js'"`,
    'const text = `import "./db.js" ${1}`',
    `const pattern = /import ".\\/db.js"/`,
    `const address = import.meta.url`,
    `object.import('./db.js')`,
    `const { import: x } = { import: 1 }`,
    // No JavaScript: the browser says what is wrong with it.
    `const a = }\nimport './db.js'`,
  ])('%j', async (source) => {
    expect(await rewritten(source)).toBe(source)
  })

  test('but a hashbang, which may stand in the first line alone, becomes a comment', async () => {
    expect(await rewritten('#!/usr/bin/env node\n1')).toBe('///usr/bin/env node\n1')
  })
})

describe('any other module is refused, with its line', () => {
  test.each([
    [
      `\n\nimport db from './db.js'`,
      /^line 3: main\.js imports '\.\/db\.js', but in the page an application is one file/,
    ],
    [
      `import express from 'express'`,
      /^line 1: main\.js imports 'express', but in the page there are no packages/,
    ],
    [`export * from 'https://example.com/x.js'`, /^line 1: .* loads no code from elsewhere/],
    [`import source x from 'server-workers/lab'`, /^line 1: /],
  ])('%j', async (source, expected) => {
    expect(await rewritten(source)).toMatch(expected)
  })
})
