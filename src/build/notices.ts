/** Collects the licences of the packages whose code is in a bundle: most require that their notice is shipped with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:\.\w+)?$/i

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
}

/** The packages that bundles contain, and the text of their notices. */
export class Notices {
  /** Each package's folder, by `name@version`. */
  readonly #packages = new Map<string, string>()
  readonly #texts = new Map<string, string>()
  readonly #seen = new Set<string>()

  /** Adds the package of a bundled file, or of a virtual module that a package makes (`\0vite/preload-helper.js`). Our own files add nothing. */
  addFile(file: string): void {
    const [, maker] = /^\0([\w-]+)\//.exec(file) ?? []
    if (maker !== undefined) return this.addPackage(maker)
    const path = resolve(file.replace(/^\0/, '').replace(/\?.*$/, ''))
    if (path.includes('/node_modules/')) this.#addFolder(dirname(path))
  }

  /** Adds an installed package. @throws Error when it is not installed */
  addPackage(name: string): void {
    const folder = resolve('node_modules', name)
    if (!existsSync(folder)) throw new Error(`No notice for "${name}": it is not installed. Try: npm ci`)
    this.#addFolder(folder)
  }

  #addFolder(folder: string): void {
    if (this.#seen.has(folder) || folder.endsWith('/node_modules')) return
    this.#seen.add(folder)
    const file = join(folder, 'package.json')
    const { name, version } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {}
    // A package's folders may contain further package.json files, without a version.
    if (name !== undefined && version !== undefined) this.#packages.set(`${name}@${version}`, folder)
    else this.#addFolder(dirname(folder))
  }

  /** Adds software that is contained in a package, with the text of its licence. */
  addText(names: string, text: string): void {
    this.#texts.set(names, text)
  }

  /** All packages as `name@version`, sorted. */
  get packages(): readonly string[] {
    return [...this.#packages.keys()].sort()
  }

  /** The notices: each licence text below the packages that have it. @throws Error when a package has neither text nor name of a licence */
  text(): string {
    const byText = new Map<string, string[]>()
    for (const [names, text] of this.#texts) {
      byText.set(text.trim(), [...(byText.get(text.trim()) ?? []), names])
    }
    for (const name of this.packages) {
      const text = licenceOf(name, this.#packages.get(name) ?? '')
      byText.set(text, [...(byText.get(text) ?? []), name])
    }
    return [...byText]
      .map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
      .join(`\n${'-'.repeat(80)}\n\n`)
  }
}

/** The heading in Vite's licence after which those of its bundled build tools follow: no page contains their code. */
const NOT_IN_PAGES = '# Licenses of bundled dependencies'

function licenceOf(name: string, folder: string): string {
  const file = readdirSync(folder, { withFileTypes: true }).find(
    (each) => each.isFile() && LICENCE_FILE.test(each.name),
  )
  if (file) return readFileSync(join(folder, file.name), 'utf8').split(NOT_IN_PAGES)[0]?.trim() ?? ''
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  if (license === undefined) throw new Error(`${name} says nowhere under which licence it is.`)
  return `Licence: ${license} (the package brings no text of it)`
}
