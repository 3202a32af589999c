/** The command's bundles and their options; `command.ts` builds them. */
import { readFileSync } from 'node:fs'
import type { BuildOptions, Plugin } from 'esbuild'
import { builtins } from './builtins.ts'
import { late } from './late.ts'

/** The folder of its sources. */
export const from = 'simulator/host/node'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** Modules that are loaded with `await import` and get a file of their own, by the ends of their paths: only the processes that need one load it. */
const APART: Readonly<Record<string, string>> = {
  '/begin.ts': 'begin',
  '/refuse.ts': 'refuse',
  '/child.ts': 'child',
  '/serve-alone.ts': 'serve-alone',
  '/lab.ts': 'guided-runs',
  '/cert.ts': 'certificates',
  // Mostly a large library.
  '/make.ts': 'make-certificates',
  '@hono/node-server': 'fetch-adapter',
}

const apart: Plugin = {
  name: 'apart',
  setup: (context) => {
    context.onResolve({ filter: /./ }, ({ path, kind }) => {
      const [, name] = Object.entries(APART).find(([end]) => path.endsWith(end)) ?? []
      return kind !== 'dynamic-import' || name === undefined
        ? undefined
        : { path: `./${name}.mjs`, external: true }
    })
  },
}

/** Each entry is bundled into one file, since reading a second file takes longer than parsing more code. Names are not minified, for stack traces. */
const bundle = (entryPoints: Readonly<Record<string, string>>, options: BuildOptions = {}) =>
  ({
    entryPoints,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // All notices are in a file of their own.
    legalComments: 'none',
    logLevel: 'warning',
    // A namespace import fixes the names when the bundle is built, and a missing one would stay undefined on every Node: `import net from
    // 'node:net'` reads it at run time.
    logOverride: { 'import-is-undefined': 'error' },
    minifySyntax: true,
    minifyWhitespace: true,
    // get-east-asian-width builds tables of all characters when it is loaded; most processes never need them.
    plugins: [apart, builtins(), late('get-east-asian-width')],
    define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
    // node:http2 is slow to load; see no-http2.ts.
    alias: { 'node:http2': `./${from}/server/no-http2.ts` },
    ...options,
    metafile: true,
  }) as const satisfies BuildOptions

/** The command's bundles; each has a metafile that says what is in it. */
export const bundles = [
  // These two are tiny: they turn on the cache of compiled code and then load the rest.
  bundle({ 'server-workers': `${from}/cli/main.ts`, worker: `${from}/child/worker.ts` }),
  bundle({
    begin: `${from}/cli/begin.ts`,
    child: `${from}/child/child.ts`,
    'serve-alone': `${from}/child/serve-alone.ts`,
  }),
  bundle({ 'guided-runs': `${from}/guided-runs/lab.ts`, certificates: `${from}/certificates/cert.ts` }),
  bundle({ 'fetch-adapter': '@hono/node-server', lab: `${from}/app-helpers/lab.ts` }),
  // It must run on an old Node, which has no `process.getBuiltinModule`.
  bundle({ refuse: `${from}/cli/refuse.ts` }, { plugins: [] }),
  bundle({ 'make-certificates': `${from}/certificates/make.ts` }, { minify: true, plugins: [] }),
]
