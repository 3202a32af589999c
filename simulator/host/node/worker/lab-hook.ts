import * as module from 'node:module'

/** What an application writes to get `compute` and `allocate`. */
const LAB = 'server-workers/lab'

type Resolve = (specifier: string, context: unknown) => { url: string; shortCircuit?: boolean }
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: unknown, next: Resolve) => { url: string; shortCircuit?: boolean }
}) => void

/**
 * Lets an application import the helper module also where the package is not installed (`npx server-workers`).
 * Needs Node 22.15; an older one finds the module only when the package is installed.
 */
export function resolveLab(): void {
  const register = (module as { registerHooks?: RegisterHooks }).registerHooks
  const url = new URL('./lab.mjs', import.meta.url).href
  register?.({
    resolve: (specifier, context, next) =>
      specifier === LAB ? { url, shortCircuit: true } : next(specifier, context),
  })
}
