/**
 * Builds the `server-workers` command into dist/command: plain JavaScript that any Node >= 20.16 runs, since Node
 * strips no types under node_modules. Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { builtins } from './builtins.ts'

const from = 'simulator/host/node'
const to = 'dist/command'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** What is loaded with `await import` and has a file of its own in the build, so that nobody else pays for it. */
const APART: Readonly<Record<string, string>> = {
  '/begin.ts': 'begin',
  '/refuse.ts': 'refuse',
  '/child.ts': 'child',
  '/serve-alone.ts': 'serve-alone',
  '/lab.ts': 'guided-runs',
  '/cert.ts': 'certificates',
  // Mostly a library: it is dear to download.
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

/** One file for each entry: to find and read another one takes longer than to have more in it. Names stay: people read stack traces. */
function bundle(entryPoints: Readonly<Record<string, string>>, options: BuildOptions = {}): Promise<unknown> {
  return build({
    entryPoints,
    outdir: to,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'eof',
    logLevel: 'warning',
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [apart, builtins()],
    define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
    // See there: it is dear to load.
    alias: { 'node:http2': `./${from}/worker/no-http2.ts` },
    ...options,
  })
}

/** Every process reads those of one language at most. */
function copyWords(folder: string): void {
  mkdirSync(`${to}/${folder}words`, { recursive: true })
  for (const name of readdirSync(`${from}/${folder}words`)) {
    const text = readFileSync(`${from}/${folder}words/${name}`, 'utf8')
    writeFileSync(`${to}/${folder}words/${name}`, JSON.stringify(JSON.parse(text)))
  }
}

rmSync(to, { recursive: true, force: true })
// What a process loads first keeps the compiled code of what it loads then: these are tiny.
await bundle({ 'server-workers': `${from}/main.ts`, worker: `${from}/worker.ts` })
await bundle({
  begin: `${from}/begin.ts`,
  child: `${from}/child.ts`,
  'serve-alone': `${from}/serve-alone.ts`,
})
await bundle({ 'guided-runs': `${from}/labs/lab.ts`, certificates: `${from}/certificates/cert.ts` })
await bundle({ 'fetch-adapter': '@hono/node-server', lab: `${from}/lab.ts` })
// An old Node has no `process.getBuiltinModule`.
await bundle({ refuse: `${from}/refuse.ts` }, { plugins: [] })
await bundle({ 'make-certificates': `${from}/certificates/make.ts` }, { minify: true, plugins: [] })
for (const folder of ['', 'labs/', 'certificates/']) copyWords(folder)
cpSync(`${from}/demo`, `${to}/demo`, { recursive: true })
cpSync(`${from}/labs/apps`, `${to}/labs`, { recursive: true })
cpSync(`${from}/manager/sentinel.sh`, `${to}/sentinel.sh`)
const command = `${to}/server-workers.mjs`
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`)
// npx runs the file itself: without the run bit it says "Permission denied".
chmodSync(command, 0o755)
