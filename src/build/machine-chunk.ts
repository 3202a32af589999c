import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const inTheRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** What of the site uses most of a simulated machine. */
const ROOT = inTheRepository('src/playground/index.ts')

/** Who has this has a simulated machine. */
const KERNEL = inTheRepository('simulator/host/virtual/kernel.ts')

/** Modules that no file has begin so, as the bundler's own do. */
const VIRTUAL = '\0'

/** The folders of which the machine, its shell and the view of it are made. */
const OF_THE_MACHINE = /\/(?:simulator|src\/machine-view|src\/simulated-machine)\//

/**
 * Puts the simulated machine into one file: whatever the playground loads of it at once, except for what pages without a machine load too.
 * Labs and figures load parts of it, so the bundler would make a file for each common part, and those are three hundredths larger together
 * when they are compressed.
 */
export function machineChunk(): Plugin {
  const together = new Set<string>()
  const everywhere = new Set<string>()
  return {
    name: 'machine-chunk',
    // The pages themselves are built elsewhere, and sent to nobody.
    applyToEnvironment: ({ name }) => name === 'client',
    buildEnd() {
      const importsOf = (id: string) => this.getModuleInfo(id)?.importedIds ?? []
      const scripts = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry === true)
      const light = scripts.map((id) => reachedFrom(id, importsOf)).filter((reached) => !reached.has(KERNEL))
      together.clear()
      everywhere.clear()
      for (const id of reachedFrom(ROOT, importsOf)) {
        if (light.some((reached) => reached.has(id))) everywhere.add(id)
        else if (OF_THE_MACHINE.test(id)) together.add(id)
      }
    },
    outputOptions(options) {
      const groups = [
        // First: a group takes along what its modules import, unless another one has it.
        {
          name: (id: string) => (everywhere.has(id) || id.startsWith(VIRTUAL) ? 'common' : null),
          priority: 2,
        },
        { name: (id: string) => (together.has(id) ? 'machine' : null), priority: 1 },
      ]
      return { ...options, codeSplitting: { groups } }
    },
  }
}

/** The modules that one imports, and those that they import, dynamic imports aside. */
function reachedFrom(root: string, importsOf: (id: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set([root])
  for (const id of reached) for (const imported of importsOf(id)) reached.add(imported)
  return reached
}
