import { fill, type ApplicationMessages } from './words.ts'

/** The names under which an application may import `compute` and `allocate`. */
const HELPERS: ReadonlySet<string> = new Set(['server-workers/lab', 'server-workers', './server-workers.js'])

/** Whether a module specifier names the helper module. */
export function isHelpers(specifier: string): boolean {
  return HELPERS.has(specifier)
}

/** The message that says why an application in the page cannot import this module. */
export function importRefusal(file: string, module: string, words: ApplicationMessages): string {
  const { imports } = words
  const values = { file, module }
  if (/^\.{0,2}\//.test(module)) return fill(imports.file, values)
  return fill(/^(https?|data|blob|file):/.test(module) ? imports.address : imports.package, values)
}

/** Thrown when the application imports a module that does not exist in the page. */
export class ImportError extends Error {
  override name = 'ImportError'
}
