/**
 * Puts the packed command beside the pages, as `server-workers.tgz` with its SHA-256: npx takes such an address, so a reader needs no
 * registry. A site that is built with REGISTRY=1 leaves the command to the registry.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

const NAME = 'server-workers.tgz'
const BUILT = 'dist/command'
/** What a package needs that is not built in this folder. */
const KEPT = [
  'name',
  'version',
  'description',
  'license',
  'author',
  'type',
  'bin',
  'exports',
  'files',
  'engines',
]

/** `package.json` of the packed command. */
function manifest(): object {
  const own = Object.entries(JSON.parse(readFileSync('package.json', 'utf8')) as object)
  return Object.fromEntries(own.filter(([key]) => KEPT.includes(key)))
}

/** Packs the command into a folder. @returns the file's SHA-256 */
export function packCommand(into: string): string {
  if (!existsSync(join(BUILT, 'server-workers.mjs'))) run(process.execPath, 'src/build/command.ts')
  const stage = mkdtempSync(join(tmpdir(), 'server-workers-'))
  try {
    cpSync(BUILT, join(stage, BUILT), { recursive: true })
    for (const name of ['LICENSE', 'README.md']) cpSync(name, join(stage, name))
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`)
    const packed = run('npm', 'pack', stage, '--ignore-scripts', '--silent', '--pack-destination', stage)
    const file = join(into, NAME)
    cpSync(join(stage, packed.trim()), `${file}.part`)
    renameSync(`${file}.part`, file)
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    // As `sha256sum --check` reads it.
    writeFileSync(`${file}.sha256`, `${hash}  ${NAME}\n`)
    return hash
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The Astro integration. */
export function packedCommand(): AstroIntegration {
  return {
    name: 'packed-command',
    hooks: {
      'astro:build:done': ({ dir, logger }) => {
        if (process.env.REGISTRY) return
        logger.info(`${NAME} has the SHA-256 ${packCommand(fileURLToPath(dir))}`)
      },
    },
  }
}
