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

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

rmSync(to, { recursive: true, force: true })
await build({
  entryPoints: programs,
  outdir: to,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // A process loads only what it needs. All files lie in one folder: they find each other by their place.
  splitting: true,
  chunkNames: '[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
  // See there: both are dear to load.
  alias: { 'node:http': `./${from}/worker/http.ts`, 'node:http2': `./${from}/worker/no-http2.ts` },
  legalComments: 'eof',
  logLevel: 'warning',
})
cpSync(`${from}/demo`, `${to}/demo`, { recursive: true })
cpSync(`${from}/manager/sentinel.sh`, `${to}/sentinel.sh`)
const command = `${to}/server-workers.mjs`
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`)
// npx runs the file itself: without the run bit it says "Permission denied".
chmodSync(command, 0o755)
