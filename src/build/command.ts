/**
 * Builds the `server-workers` command into dist/command: plain JavaScript that any Node >= 20 runs, since Node
 * strips no types under node_modules. Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const from = 'simulator/host/node'
const to = 'dist/command'

/** The programs by their name in the build: the command, a child process of it, and the helper module of applications. */
const programs = { 'server-workers': `${from}/main.ts`, worker: `${from}/worker.ts`, lab: `${from}/lab.ts` }

rmSync(to, { recursive: true, force: true })
const entryPoints = Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(file)))
await build({
  entryPoints,
  outdir: to,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'eof',
  logLevel: 'warning',
})
if (existsSync(`${from}/demo`)) cpSync(`${from}/demo`, `${to}/demo`, { recursive: true })
if ('server-workers' in entryPoints) {
  const command = `${to}/server-workers.mjs`
  const text = readFileSync(command, 'utf8')
  if (!text.startsWith('#!')) writeFileSync(command, `#!/usr/bin/env node\n${text}`)
  // npx runs the file itself: without the run bit it says "Permission denied".
  chmodSync(command, 0o755)
} else console.error(`${programs['server-workers']} is not there yet: no command was built`)
