/**
 * Builds the `server-workers` command into dist/command: plain JavaScript that any Node >= 20.16 runs, since Node
 * strips no types under node_modules. Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { builtins } from './builtins.ts'

const from = 'simulator/host/node'
const to = 'dist/command'

/** What makes certificates is mostly a library: it is dear to download. */
const MAKE = 'make-certificates'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** Files that others of the build load by their name, in the same folder, and only with `await import`: some are large. */
const APART: Plugin = {
  name: 'apart',
  setup: (context) => {
    context.onResolve({ filter: /^@hono\/node-server$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './fetch-adapter.mjs', external: true },
    )
    context.onResolve(
      { filter: /\/(?:begin|refuse|child|make)\.ts$/, namespace: 'file' },
      ({ path, kind }) => {
        if (kind === 'entry-point') return undefined
        const name = basename(path, '.ts')
        return { path: `./${name === 'make' ? MAKE : name}.mjs`, external: true }
      },
    )
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
    plugins: [APART, builtins()],
    define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
    // See there: it is dear to load.
    alias: { 'node:http2': `./${from}/worker/no-http2.ts` },
    ...options,
  })
}

rmSync(to, { recursive: true, force: true })
// What a process loads first keeps the compiled code of what it loads then: these are tiny.
await bundle({ 'server-workers': `${from}/main.ts`, worker: `${from}/worker.ts` })
await bundle({ begin: `${from}/begin.ts`, child: `${from}/child.ts` })
await bundle({ 'fetch-adapter': '@hono/node-server' })
await bundle({ refuse: `${from}/refuse.ts`, lab: `${from}/lab.ts` })
await bundle({ [MAKE]: `${from}/certificates/make.ts` }, { minify: true, plugins: [] })
cpSync(`${from}/demo`, `${to}/demo`, { recursive: true })
cpSync(`${from}/labs/apps`, `${to}/labs`, { recursive: true })
cpSync(`${from}/manager/sentinel.sh`, `${to}/sentinel.sh`)
const command = `${to}/server-workers.mjs`
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`)
// npx runs the file itself: without the run bit it says "Permission denied".
chmodSync(command, 0o755)
