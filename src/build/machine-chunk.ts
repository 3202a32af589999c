import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** What of the site uses most of a simulated machine. */
const ROOT = fileURLToPath(new URL('../playground/index.ts', import.meta.url))

/** The folders of which the machine, its shell and the view of it are made. */
const OF_THE_MACHINE = /\/(?:simulator|src\/machine-view|src\/simulated-machine)\//

/**
 * Puts the simulated machine into one file: whatever the playground loads of it at once. Labs and figures load parts of it, so the bundler
 * would make a file for each common part, and those are three hundredths larger together when they are compressed.
 */
export function machineChunk(): Plugin {
  let together: ReadonlySet<string> | undefined
  return {
    name: 'machine-chunk',
    // The pages are built in their turn; they are not sent to anybody.
    applyToEnvironment: ({ name }) => name === 'client',
    buildStart() {
      together = undefined
    },
    outputOptions(options) {
      return {
        ...options,
        codeSplitting: {
          groups: [
            {
              name(id, modules) {
                together ??= reachedFrom(ROOT, (each) => modules.getModuleInfo(each)?.importedIds ?? [])
                return together.has(id) && OF_THE_MACHINE.test(id) ? 'machine' : null
              },
            },
          ],
        },
      }
    },
  }
}

/** The modules that one imports, and those that they import, dynamic imports aside. */
function reachedFrom(root: string, importsOf: (id: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set([root])
  for (const id of reached) for (const imported of importsOf(id)) reached.add(imported)
  return reached
}
