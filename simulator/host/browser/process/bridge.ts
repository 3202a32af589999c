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
  readonly store: LabStore
  readonly database: LabDatabase
  readonly send: (text: string) => Promise<void>
  readonly publish: (channel: string, text: string) => Promise<number>
  readonly subscribe: (channel: string, hear: (text: string) => void) => Promise<void>
}

/** A store of keys that all processes share, as Redis is one. */
export interface LabStore {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string | number): Promise<void>
  incr(key: string, by?: number): Promise<number>
  delete(key: string): Promise<boolean>
  /** Takes a key that nobody has, for so many ms: who gets `true` is the only one. */
  acquire(key: string, ms: number): Promise<boolean>
}

/** A tiny database with the migrations of a shop. */
export interface LabDatabase {
  /** @throws Error with the database's own words */
  run(sql: string): Promise<readonly (readonly (string | number | null)[])[]>
  /**
   * A connection that stays open until it is closed, or the process ends.
   * @throws Error when the database has as many as it allows
   */
  connect(): Promise<LabConnection>
  /** Applies what is not applied yet; `lock: true` first waits until nobody else does. */
  migrate(options?: { lock?: boolean | 'late' }): Promise<{ from: number; to: number; ms: number }>
}

/** An open connection to the database. */
export interface LabConnection {
  /** @throws Error with the database's own words */
  run(sql: string): Promise<readonly (readonly (string | number | null)[])[]>
  close(): Promise<void>
}

/** The text of the module that the application imports as `server-workers/lab`. */
export const HELPERS = `export const { compute, allocate, store, database, send, publish, subscribe } = ${BRIDGE}`

/** Puts the bridge where the application's text finds it. */
export function openBridge(bridge: Bridge): void {
  define(globalThis, BRIDGE, Object.freeze(bridge))
}
