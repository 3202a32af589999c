/**
 * Builds the `server-workers` command: simulator/host/node bundled into one file that any Node >= 20 runs.
 * Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import { chmodSync, existsSync } from 'node:fs'
import { build } from 'esbuild'

const entry = 'simulator/host/node/main.ts'
const outfile = 'dist/command/server-workers.mjs'

if (existsSync(entry)) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    legalComments: 'eof',
    logLevel: 'warning',
  })
  // npx runs the file itself: without the run bit it says "Permission denied".
  chmodSync(outfile, 0o755)
} else {
  console.error(`${entry} is not there yet: no command was built`)
}
