/**
 * Builds the `server-workers` command into dist/command: plain JavaScript that any Node >= 20.16 runs, since Node
 * strips no types under node_modules. Runs in `prepare`, so that a clone and a packed tarball both have it.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { builtins } from './builtins.ts'
import { late } from './late.ts'
import { Notices } from './notices.ts'

const from = 'simulator/host/node'
const done = 'dist/command'
/** The build is written here and moved into place at the end, so that an interrupted build, or a server started meanwhile, finds the last one. */
const to = `${done}.${process.pid}`

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

process.once('exit', () => rmSync(to, { recursive: true, force: true }))

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

const notices = new Notices()

/** Bundles each entry into one file, since reading a second file takes longer than parsing more code. Names are not minified, for stack traces. */
async function bundle(
  entryPoints: Readonly<Record<string, string>>,
  options: BuildOptions = {},
): Promise<void> {
  const { metafile } = await build({
    entryPoints,
    outdir: to,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // All notices are in a file of their own.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // A namespace's member that this Node does not have would be undefined on every other: `import net from 'node:net'` asks at run time.
    logOverride: { 'import-is-undefined': 'error' },
    minifySyntax: true,
    minifyWhitespace: true,
    // get-east-asian-width builds tables of all characters when it is loaded; most processes never need them.
    plugins: [apart, builtins(), late('get-east-asian-width')],
    define: { SERVER_WORKERS_VERSION: JSON.stringify(version) },
    // node:http2 is slow to load; no-http2.ts says more.
    alias: { 'node:http2': `./${from}/server/no-http2.ts` },
    ...options,
  })
  for (const output of Object.values(metafile?.outputs ?? {})) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput > 0) notices.addFile(file)
    }
  }
}

/** Copies the messages of a folder, one file a language: a process reads at most one of them. */
function copyWords(folder: string, into: string): void {
  mkdirSync(`${to}/${into}`, { recursive: true })
  for (const name of readdirSync(`${from}/${folder}`)) {
    const text = readFileSync(`${from}/${folder}/${name}`, 'utf8')
    writeFileSync(`${to}/${into}/${name}`, JSON.stringify(JSON.parse(text)))
  }
}

// These two are tiny: they turn on the cache of compiled code and then load the rest.
await bundle({ 'server-workers': `${from}/cli/main.ts`, worker: `${from}/child/worker.ts` })
await bundle({
  begin: `${from}/cli/begin.ts`,
  child: `${from}/child/child.ts`,
  'serve-alone': `${from}/child/serve-alone.ts`,
})
await bundle({ 'guided-runs': `${from}/guided-runs/lab.ts`, certificates: `${from}/certificates/cert.ts` })
await bundle({ 'fetch-adapter': '@hono/node-server', lab: `${from}/app-helpers/lab.ts` })
// It must run on an old Node, which has no `process.getBuiltinModule`.
await bundle({ refuse: `${from}/cli/refuse.ts` }, { plugins: [] })
await bundle({ 'make-certificates': `${from}/certificates/make.ts` }, { minify: true, plugins: [] })
copyWords('output/words', 'words')
copyWords('guided-runs/words', 'labs/words')
copyWords('certificates/words', 'certificates/words')
cpSync(`${from}/cli/demo`, `${to}/demo`, { recursive: true })
cpSync(`${from}/guided-runs/apps`, `${to}/labs`, { recursive: true })
cpSync(`${from}/parent/sentinel.sh`, `${to}/sentinel.sh`)
writeFileSync(`${to}/THIRD-PARTY-NOTICES.txt`, notices.text())
const command = `${to}/server-workers.mjs`
writeFileSync(command, `#!/usr/bin/env node\n${readFileSync(command, 'utf8')}`)
// npx runs the file itself: without the run bit it says "Permission denied".
chmodSync(command, 0o755)

replace()

/** Replaces the last build by two renames, so that nobody finds half of one. */
function replace(): void {
  try {
    renameSync(to, done)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    const old = mkdtempSync(`${to}.old.`)
    renameSync(done, old)
    renameSync(to, done)
    rmSync(old, { recursive: true })
  }
}
