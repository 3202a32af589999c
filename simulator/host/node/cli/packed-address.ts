import { readFileSync } from 'node:fs'

/**
 * The address of the packed command when npx runs it from one, as beside the guide's pages: npx notes what it was asked for in the folder
 * that it installs into.
 */
export function packedAddress(
  folder: URL = new URL('../../../../package.json', import.meta.url),
): string | undefined {
  try {
    const { _npx: asked } = JSON.parse(readFileSync(folder, 'utf8')) as { _npx?: { packages?: unknown } }
    const packages: unknown[] = Array.isArray(asked?.packages) ? asked.packages : []
    return packages.map(String).find((each) => /^https?:\/\/.*\/server-workers\.tgz$/.test(each))
  } catch {
    return undefined
  }
}
