import { define } from './define.ts'

/**
 * The name of a global through which the application's rewritten text and the helper module reach this script:
 * a module cannot see the variables of a classic script otherwise.
 */
export const BRIDGE = '__serverWorkers'

/** The value of that global. */
export interface Bridge {
  /** Called as the first thing of the application's text: everything that it imports is loaded. */
  readonly begun: () => void
  /** Replaces every `import(…)` of the text. */
  readonly importModule: (specifier: unknown) => Promise<unknown>
  readonly compute: (ms: number) => void
  readonly allocate: (bytes: number) => void
  readonly store: LabStore
  readonly database: LabDatabase
  readonly send: (text: string) => Promise<void>
  readonly publish: (channel: string, text: string) => Promise<number>
  readonly subscribe: (channel: string, hear: (text: string) => void) => Promise<void>
}

/** A key-value store that all processes share, like Redis. */
export interface LabStore {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string | number): Promise<void>
  incr(key: string, by?: number): Promise<number>
  delete(key: string): Promise<boolean>
  /** Sets a key for this many ms unless it is set: only one caller gets `true` (a lock). */
  acquire(key: string, ms: number): Promise<boolean>
}

/** A tiny database with the migrations of a shop. */
export interface LabDatabase {
  /** @throws Error with the database's message */
  run(sql: string): Promise<readonly (readonly (string | number | null)[])[]>
  /**
   * A connection that stays open until it is closed, or the process ends.
   * @throws Error when the database already has as many as it allows
   */
  connect(): Promise<LabConnection>
  /** Applies the migrations that are not applied yet; `lock: true` waits until no other process is migrating. */
  migrate(options?: { lock?: boolean | 'late' }): Promise<{ from: number; to: number; ms: number }>
}

/** An open connection to the database. */
export interface LabConnection {
  /** @throws Error with the database's message */
  run(sql: string): Promise<readonly (readonly (string | number | null)[])[]>
  close(): Promise<void>
}

/** The text of the module that the application imports as `server-workers/lab`. */
export const HELPERS = `export const { compute, allocate, store, database, send, publish, subscribe } = ${BRIDGE}`

/** Defines the bridge as a global. */
export function openBridge(bridge: Bridge): void {
  define(globalThis, BRIDGE, Object.freeze(bridge))
}
