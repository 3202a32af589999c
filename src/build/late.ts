import type { Plugin } from 'esbuild'

/**
 * An esbuild plugin that loads a package when one of its functions is first called: for what is slow to load and seldom needed.
 * The build fails when the package exports anything but functions, or when code imports a name that it does not export.
 */
export function late(name: string): Plugin {
  return {
    name: `late ${name}`,
    setup: (context) => {
      context.onResolve({ filter: new RegExp(`^${name}$`) }, ({ kind }) =>
        kind === 'import-statement' ? { path: name, namespace: 'late', sideEffects: false } : undefined,
      )
      context.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'late' }, async () => ({
        contents: functionsOf(name, (await import(name)) as object),
        resolveDir: process.cwd(),
      }))
    },
  }
}

function functionsOf(name: string, module: object): string {
  return Object.entries(module)
    .map(([key, value]) => {
      if (typeof value !== 'function')
        throw new Error(`"${name}" cannot be loaded late: its export "${key}" is no function.`)
      return `export const ${key} = (...given) => require('${name}').${key}(...given)`
    })
    .join('\n')
}
