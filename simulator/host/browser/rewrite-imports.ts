import type { ImportSpecifier, ImportType } from 'es-module-lexer/js'
import { importRefusal, isHelpers } from './import-rules.ts'
import { BRIDGE } from './process/bridge.ts'
import type { ApplicationMessages } from './words.ts'

// es-module-lexer exports these numbers as types only.
const STATIC: ImportType.Static = 1
const DYNAMIC: ImportType.Dynamic = 2
const META: ImportType.ImportMeta = 3

/** An application's text with its imports rewritten, or the first import that is impossible in the page. */
export type Rewritten =
  /** The worker joins the pieces with the address of the helper module. Line numbers do not change. */
  | { readonly pieces: readonly string[] }
  | { readonly refusal: { readonly line: number; readonly message: string } }

/**
 * Prepares the imports of an application's one file for a Web Worker: `server-workers/lab` gets the address of the helper module,
 * `import(…)` becomes a call of the process, any other import is refused. Text that is not valid
 * JavaScript is not changed: the browser reports what is wrong with it.
 */
export async function rewriteImports(
  file: string,
  source: string,
  words: ApplicationMessages,
): Promise<Rewritten> {
  const text = source.replace(/^#!/, '//')
  const imports = await importsOf(text)
  const pieces: string[] = []
  let piece = ''
  let from = 0
  for (const { n: specifier, t: type, s, e, ss } of imports) {
    if (type === META) continue
    if (type === DYNAMIC) {
      piece += `${text.slice(from, ss)}${BRIDGE}.importModule`
      from = ss + 'import'.length
    } else if (specifier !== undefined && type === STATIC && isHelpers(specifier)) {
      pieces.push(piece + text.slice(from, s))
      piece = ''
      from = e
    } else {
      const line = text.slice(0, ss).split('\n').length
      return { refusal: { line, message: importRefusal(file, specifier ?? text.slice(s, e), words) } }
    }
  }
  return { pieces: [...pieces, piece + text.slice(from)] }
}

async function importsOf(text: string): Promise<readonly ImportSpecifier[]> {
  // Most applications import nothing, and then the lexer is not loaded. (`export … from` is an import too.)
  if (!/import|from/.test(text)) return []
  const { parse } = await import('es-module-lexer/js')
  try {
    return parse(text)[0]
  } catch {
    return []
  }
}
