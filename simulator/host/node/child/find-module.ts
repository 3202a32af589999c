import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/** File name endings of applications, in the order in which they are tried. */
export const MODULE_ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const

/** The file of a module (`pkg.main` is `pkg/main.js`); `undefined` when there is none. */
export function findModule(module: string, folder: string): string | undefined {
  if (!/^[^./\\][^/\\]*$/.test(module)) return undefined
  const base = resolve(folder, ...module.split('.'))
  return MODULE_ENDINGS.map((ending) => base + ending).find(isFile)
}

/** Whether there is a file of that name. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Whether a file is TypeScript, whose types Node strips. */
export function isTypeScript(file: string): boolean {
  return /\.[mc]?ts$/.test(file)
}

/** Whether this Node can run TypeScript files. */
export const runsTypeScript = Boolean((process.features as { typescript?: string | false }).typescript)
