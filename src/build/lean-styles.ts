import type { Plugin } from 'vite'

/** Where the elements' styles stand, in templates that nothing else makes smaller. */
const STYLES = /\/src\/(?:lab|playground)\/(?:[\w/]*\/)?styles(?:\/\w+)?\.ts$/

/** Takes comments and indentation out of the elements' styles. */
export function leanStyles(): Plugin {
  return {
    name: 'lean-styles',
    apply: 'build',
    enforce: 'pre',
    transform: (code, id) =>
      STYLES.test(id)
        ? { code: code.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\n\s+/g, '\n'), map: null }
        : undefined,
  }
}
