/** A value in a row. */
export type SqlValue = string | number | null

/** A table with its present rows. */
export interface TableInfo {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** One statement that a process ran in the database, as a row of its log. */
export interface DatabaseEntry {
  readonly at: number
  readonly pid: number
  /** The SQL text as the process sent it. */
  readonly statement: string
  /** `ok`, or the error as PostgreSQL words it. */
  readonly outcome: string
  /** How long the statement waited for a lock, in ms. */
  readonly waited: number
}

/** Data that all processes share and that outlives them: a small database, a key-value store like Redis, sent mail. */
export interface MachineData {
  tables(): readonly TableInfo[]
  /** The schema version: the number of migrations that were applied. */
  schemaVersion(): number
  databaseLog(): readonly DatabaseEntry[]
  /** How many connections are open, and how many the database allows. */
  connections(): { readonly open: number; readonly most: number }
  /** The entries of the key-value store. */
  keys(): readonly { readonly key: string; readonly value: string }[]
  /** The mails that applications sent, each with its time (virtual ms) and the PID of the sender. */
  outbox(): readonly { readonly at: number; readonly pid: number; readonly text: string }[]
  /** Empties the database, the store and the outbox. */
  reset(): void
}
