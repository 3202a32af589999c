import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/** The endings of files that can hold an application, in the order in which they are looked for. */
export const MODULE_ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const

/** The file that a module's name stands for (`pkg.main` is `pkg/main.js`), or nothing when there is none. */
export function findModule(module: string, folder: string): string | undefined {
  if (!/^[^./\\][^/\\]*$/.test(module)) return undefined
  const base = resolve(folder, ...module.split('.'))
  return MODULE_ENDINGS.map((ending) => base + ending).find(isFile)
}

/** Whether there is a file of that name. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Whether this Node strips types by itself. */
export function isTypeScript(file: string): boolean {
  return /\.[mc]?ts$/.test(file)
}

/** Whether the Node that runs now can run TypeScript files. */
export const runsTypeScript = Boolean((process.features as { typescript?: string | false }).typescript)
