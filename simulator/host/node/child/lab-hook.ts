import { readFileSync } from 'node:fs'
// The whole module: the Node that builds the command may not have what the Node that runs it has.
import module from 'node:module'

/** What an application writes to get `compute` and `allocate`. */
const LAB = 'server-workers/lab'

/** Where the helper module is: beside this program. */
const URL_OF_LAB = new URL('./lab.mjs', import.meta.url).href

type Resolved = { readonly url: string; readonly shortCircuit?: boolean }
type Resolve = (specifier: string, context: unknown) => Resolved
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: unknown, next: Resolve) => Resolved
}) => void

/**
 * Lets the application in `file` import the helper module also where the package is not installed
 * (`npx server-workers`). Node 20 has only hooks in a thread of their own, which cost memory and time: there they
 * are for files that mention the module.
 */
export function resolveLab(file: string): void {
  const { registerHooks, register } = module as {
    registerHooks?: RegisterHooks
    register?: (url: string) => void
  }
  if (registerHooks !== undefined) {
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === LAB ? { url: URL_OF_LAB, shortCircuit: true } : next(specifier, context),
    })
  } else if (readFileSync(file, 'utf8').includes(LAB)) {
    register?.(`data:text/javascript,${encodeURIComponent(HOOKS)}`)
  }
}

const HOOKS = `export const resolve = (specifier, context, next) =>
  specifier === '${LAB}' ? { url: '${URL_OF_LAB}', shortCircuit: true } : next(specifier, context)`
