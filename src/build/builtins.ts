import type { Plugin } from 'esbuild'

/**
 * An esbuild plugin that loads Node's own modules by `process.getBuiltinModule` (Node 20.16). An `import` reads every export of a
 * module, and many of these getters load another module: six such imports cost each process 40 ms of processor time and 4 MB.
 * What only some versions of Node have is read from the module itself, `import net from 'node:net'`.
 */
export function builtins(): Plugin {
  return {
    name: 'builtins',
    setup: (context) => {
      context.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
        // command.ts replaces node:http2 by another module; `await import` is late as it stands.
        kind !== 'import-statement' || path === 'node:http2'
          ? undefined
          : { path, namespace: 'builtin', sideEffects: false },
      )
      context.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({ contents: exportsOf(path) }))
    },
  }
}

/** A module that exports what a module of Node exports. What nobody imports is left out of the bundle, and so is never read. */
function exportsOf(path: string): string {
  const builtin = process.getBuiltinModule(path)
  if (builtin === undefined) throw new Error(`Node ${process.version} has no module "${path}".`)
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule('${path}')`,
    'export default builtin',
    ...Object.keys(builtin).map(
      (name) => `export const ${name} = /* @__PURE__ */ Reflect.get(builtin, '${name}')`,
    ),
  ].join('\n')
}
