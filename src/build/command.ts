/**
 * Builds the `server-workers` command into dist/command: plain JavaScript that any Node >= 20 runs, since Node
 * strips no types under node_modules. Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const from = 'simulator/host/node'
const to = 'dist/command'

/** The programs by their name in the build: the command, a child process of it, and the helper module of applications. */
const programs = { 'server-workers': `${from}/main.ts`, worker: `${from}/worker.ts`, lab: `${from}/lab.ts` }

/** What makes certificates is mostly a library, which is dear to download: it is a file of its own, and minified. */
const MAKE = 'make-certificates.mjs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'eof',
  logLevel: 'warning',
} as const

rmSync(to, { recursive: true, force: true })
await build({
  ...common,
  entryPoints: programs,
  outdir: to,
  outExtension: { '.js': '.mjs' },
  // A process loads only what it needs. All files lie in one folder: they find each other by their place.
  splitting: true,
  chunkNames: '[name]-[hash]',
  plugins: [
    {
      name: MAKE,
      setup: (context) =>
        context.onResolve({ filter: /\/make\.ts$/ }, () => ({ path: `./${MAKE}`, external: true })),
    },
  ],
  define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
  // See there: both are dear to load.
  alias: { 'node:http': `./${from}/worker/http.ts`, 'node:http2': `./${from}/worker/no-http2.ts` },
})
await build({
  ...common,
  entryPoints: [`${from}/certificates/make.ts`],
  outfile: `${to}/${MAKE}`,
  minify: true,
})
cpSync(`${from}/demo`, `${to}/demo`, { recursive: true })
cpSync(`${from}/labs/apps`, `${to}/labs`, { recursive: true })
cpSync(`${from}/manager/sentinel.sh`, `${to}/sentinel.sh`)
const command = `${to}/server-workers.mjs`
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`)
// npx runs the file itself: without the run bit it says "Permission denied".
chmodSync(command, 0o755)
