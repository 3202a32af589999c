import { define } from './define.ts'

/**
 * The one name that the application's rewritten text refers to, and the helper module with it:
 * a module cannot reach this script's variables otherwise.
 */
export const BRIDGE = '__serverWorkers'

/** What is behind that name. */
export interface Bridge {
  /** The application's own text begins to run: everything that it imports is loaded. */
  readonly begun: () => void
  /** Stands in the place of every `import(…)` of the text. */
  readonly importModule: (specifier: unknown) => Promise<unknown>
  readonly compute: (ms: number) => void
  readonly allocate: (bytes: number) => void
}

/** The text of the module that the application imports as `server-workers/lab`. */
export const HELPERS = `export const { compute, allocate } = ${BRIDGE}`

/** Puts the bridge where the application's text finds it. */
export function openBridge(bridge: Bridge): void {
  define(globalThis, BRIDGE, Object.freeze(bridge))
}
