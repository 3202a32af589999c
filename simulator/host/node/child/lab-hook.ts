import { readFileSync } from 'node:fs'
// The whole module is imported: the Node that builds the command may lack names that the running Node has.
import module from 'node:module'

/** The specifier from which an application imports `compute` and `allocate`. */
const LAB = 'server-workers/lab'

/** The address of the helper module, which lies beside this program. */
const URL_OF_LAB = new URL('./lab.mjs', import.meta.url).href

type Resolved = { readonly url: string; readonly shortCircuit?: boolean }
type Resolve = (specifier: string, context: unknown) => Resolved
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: unknown, next: Resolve) => Resolved
}) => void

/**
 * Lets the application in `file` import the helper module even where the package is not installed (`npx server-workers`). Node 20 only has
 * hooks that run in a thread of their own and cost memory and time, so there they are set only for files that mention the module.
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
