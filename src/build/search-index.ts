/**
 * Checks whether the search's index was written completely. pagefind reports that it has written its files before they are on the disk, and
 * Starlight then ends it: on a busy computer a file stays empty or is cut off, and the search finds nothing.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { AstroIntegration } from 'astro'
import { close, createIndex } from 'pagefind'

/** The Astro integration; it must come after Starlight. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const broken = brokenFiles(fileURLToPath(new URL('pagefind/', dir)))
        if (broken.length === 0) return
        logger.warn(`pagefind left ${broken.join(', ')} unfinished; its files are written again.`)
        await writeIndex(fileURLToPath(dir))
      },
    },
  }
}

/** The damaged files of an index: compressed ones that do not unpack, and empty ones. */
export function brokenFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isWhole(path))
    .map((path) => path.slice(folder.length))
}

function isWhole(path: string): boolean {
  const bytes = readFileSync(path)
  if (bytes.length === 0) return false
  if (!/\.(pagefind|pf_\w+)$/.test(path)) return true
  try {
    gunzipSync(bytes)
    return true
  } catch {
    return false
  }
}

/** Makes the index of a built site again and writes it from this process, where a write is complete when it is reported. */
export async function writeIndex(site: string): Promise<void> {
  try {
    const { index } = await createIndex({})
    if (index === undefined) throw new Error('pagefind made no index')
    await index.addDirectory({ path: site })
    const { files } = await index.getFiles()
    for (const { path, content } of files) {
      const to = join(site, 'pagefind', path)
      mkdirSync(dirname(to), { recursive: true })
      writeFileSync(to, content)
    }
  } finally {
    await close()
  }
}
