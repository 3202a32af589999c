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
import { build } from 'esbuild'
import { bundledFiles } from './bundled-files.ts'
import { bundles, from } from './command-bundles.ts'
import { Notices } from './notices.ts'

const done = 'dist/command'
/** The build is written here and moved into place at the end, so that an interrupted build, or a server started meanwhile, finds the last one. */
const to = `${done}.${process.pid}`

process.once('exit', () => rmSync(to, { recursive: true, force: true }))

const notices = new Notices()

/** Copies the messages of a folder, one file per language: a process reads at most one of them. */
function copyWords(folder: string, into: string): void {
  mkdirSync(`${to}/${into}`, { recursive: true })
  for (const name of readdirSync(`${from}/${folder}`)) {
    const text = readFileSync(`${from}/${folder}/${name}`, 'utf8')
    writeFileSync(`${to}/${into}/${name}`, JSON.stringify(JSON.parse(text)))
  }
}

for (const options of bundles) {
  const { metafile } = await build({ ...options, outdir: to })
  for (const file of bundledFiles(metafile)) notices.addFile(file)
}
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

/** Replaces the last build by two renames, so that no process finds a part of one. */
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
