/** A value in a row. */
export type Cell = string | number | null

/** A table as it stands. */
export interface TableInfo {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What happened in the database, for a table that can be read. */
export interface DatabaseEntry {
  readonly at: number
  readonly pid: number
  /** The statement as it was sent. */
  readonly statement: string
  /** `ok`, or the error as PostgreSQL words it. */
  readonly outcome: string
  /** How long it waited for a lock, in ms. */
  readonly waited: number
}

/** What is shared by all processes and outlives them: a tiny database, a store of keys as Redis is one, sent mail. */
export interface Data {
  tables(): readonly TableInfo[]
  /** The version that the schema is at: how many migrations were applied. */
  schemaVersion(): number
  databaseLog(): readonly DatabaseEntry[]
  /** How many connections are open, and how many may be. */
  connections(): { readonly open: number; readonly most: number }
  /** The shared store. */
  keys(): readonly { readonly key: string; readonly value: string }[]
  /** What applications sent: mails by a scheduler, who sent them and when. */
  outbox(): readonly { readonly at: number; readonly pid: number; readonly text: string }[]
  /** Empties all of it. */
  reset(): void
}
