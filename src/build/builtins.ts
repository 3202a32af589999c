import { readFileSync } from 'node:fs'
import type { Loader, Plugin } from 'esbuild'

/** An import of names from a module of Node. Those of types alone are gone before it runs. */
const IMPORT = /^import (?:\* as (?<all>\w+)|\{(?<names>[^}]*)\}) from ['"](?<module>node:[\w/]+)['"];?$/gm

/**
 * Gets Node's own modules by `process.getBuiltinModule` (Node 20.16): an `import` looks at every name that a module exports, and many
 * of them load another one when they are looked at. Six such imports cost each process 40 ms of processor time and 4 MB.
 */
export function builtins(): Plugin {
  return {
    name: 'builtins',
    setup: (context) => {
      context.onLoad({ filter: /\.(?:ts|mjs|js)$/ }, ({ path }) => {
        const loader: Loader = path.endsWith('.ts') ? 'ts' : 'js'
        return { contents: withoutImports(readFileSync(path, 'utf8')), loader }
      })
    },
  }
}

/** Tables of all characters, made when it is loaded: most processes never measure a text. */
const WIDTH = /^import \{ eastAsianWidth \} from '(get-east-asian-width)'$/m

function withoutImports(text: string): string {
  const lazy = text.replace(WIDTH, "const eastAsianWidth = (point) => require('$1').eastAsianWidth(point)")
  return lazy.replace(IMPORT, (whole, all: string | undefined, names: string | undefined, module: string) => {
    // It has a stand-in.
    if (module === 'node:http2') return whole
    return `const ${all ?? pattern(names ?? '')} = process.getBuiltinModule('${module}');${names?.replaceAll(/[^\n]/g, '') ?? ''}`
  })
}

/** `{ a, type B, c as d }` of an import as what takes an object apart. */
function pattern(names: string): string {
  const values = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
  return `{ ${values.map((name) => name.replace(' as ', ': ')).join(', ')} }`
}
