/** A value in a row. */
export type SqlValue = string | number | null

/** A table with its present rows. */
export interface TableInfo {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** A parsed statement. */
export type Statement =
  | {
      readonly kind: 'create'
      readonly table: string
      readonly columns: readonly string[]
      readonly ifNotExists: boolean
    }
  | {
      readonly kind: 'add-column'
      readonly table: string
      readonly column: string
      readonly ifNotExists: boolean
    }
  | { readonly kind: 'drop'; readonly table: string }
  | { readonly kind: 'insert'; readonly table: string; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: 'select'; readonly table: string; readonly count: boolean }
  | { readonly kind: 'delete'; readonly table: string }

/** The result of a statement: rows, or the error in PostgreSQL's words. */
export type Outcome = { readonly rows: readonly (readonly SqlValue[])[] } | { readonly error: string }

interface Table {
  readonly columns: string[]
  readonly rows: SqlValue[][]
}

/** A tiny database: tables of text and numbers, and the few statements that an experiment needs. It has no time and no locks. */
export class Database {
  readonly #tables = new Map<string, Table>()
  /** How many migrations were applied; a migration tool keeps it in a table of its own. */
  version = 0

  tables(): readonly TableInfo[] {
    return [...this.#tables].map(([name, { columns, rows }]) => ({
      name,
      columns: [...columns],
      rows: rows.map((row) => [...row]),
    }))
  }

  /** Executes a statement. */
  run(statement: Statement): Outcome {
    const table = this.#tables.get(statement.table)
    if (statement.kind === 'create') {
      if (table !== undefined) {
        return statement.ifNotExists ? NOTHING : { error: `relation "${statement.table}" already exists` }
      }
      this.#tables.set(statement.table, { columns: [...statement.columns], rows: [] })
      return NOTHING
    }
    if (table === undefined) return { error: `relation "${statement.table}" does not exist` }
    switch (statement.kind) {
      case 'add-column':
        return addColumn(table, statement)
      case 'drop':
        this.#tables.delete(statement.table)
        return NOTHING
      case 'insert':
        return insert(table, statement)
      case 'select':
        return { rows: statement.count ? [[table.rows.length]] : table.rows.map((row) => [...row]) }
      case 'delete':
        table.rows.length = 0
        return NOTHING
    }
  }

  /** Restores what `tables` returned before. */
  restore(tables: readonly TableInfo[], version: number): void {
    this.#tables.clear()
    for (const { name, columns, rows } of tables) {
      this.#tables.set(name, { columns: [...columns], rows: rows.map((row) => [...row]) })
    }
    this.version = version
  }

  reset(): void {
    this.#tables.clear()
    this.version = 0
  }
}

const NOTHING: Outcome = { rows: [] }

function addColumn(table: Table, statement: Statement & { kind: 'add-column' }): Outcome {
  if (table.columns.includes(statement.column)) {
    if (statement.ifNotExists) return NOTHING
    return { error: `column "${statement.column}" of relation "${statement.table}" already exists` }
  }
  table.columns.push(statement.column)
  for (const row of table.rows) row.push(null)
  return NOTHING
}

function insert(table: Table, { table: name, rows }: Statement & { kind: 'insert' }): Outcome {
  const wide = rows.find((row) => row.length > table.columns.length)
  if (wide !== undefined) return { error: `INSERT has more expressions than target columns of "${name}"` }
  for (const row of rows) {
    table.rows.push([...row, ...Array<null>(table.columns.length - row.length).fill(null)])
  }
  return NOTHING
}

/** Parses a statement; like PostgreSQL, the error names the place where parsing failed. */
export function readStatement(sql: string): Statement | { readonly error: string } {
  const text = sql.trim().replace(/;$/, '')
  for (const [form, make] of FORMS) {
    const match = form.exec(text)
    if (match !== null) return make(match.slice(1).map((group) => group as string | undefined))
  }
  return { error: `syntax error at or near "${text.split(/\s+/)[0] ?? ''}"` }
}

type Groups = readonly (string | undefined)[]

const FORMS: readonly (readonly [RegExp, (groups: Groups) => Statement])[] = [
  [
    /^create\s+table\s+(if\s+not\s+exists\s+)?(\w+)\s*\((.*)\)$/is,
    ([ifNotExists, table = '', columns = '']) => ({
      kind: 'create',
      table,
      columns: columns
        .split(',')
        .map((column) => column.trim().split(/\s+/)[0] ?? '')
        .filter((column) => column !== ''),
      ifNotExists: ifNotExists !== undefined,
    }),
  ],
  [
    /^alter\s+table\s+(\w+)\s+add\s+(?:column\s+)?(if\s+not\s+exists\s+)?(\w+)\b.*$/is,
    ([table = '', ifNotExists, column = '']) => ({
      kind: 'add-column',
      table,
      column,
      ifNotExists: ifNotExists !== undefined,
    }),
  ],
  [/^drop\s+table\s+(\w+)$/is, ([table = '']) => ({ kind: 'drop', table })],
  [
    /^insert\s+into\s+(\w+)\s*(?:\([^)]*\)\s*)?values\s*(.*)$/is,
    ([table = '', rows = '']) => ({
      kind: 'insert',
      table,
      rows: [...rows.matchAll(/\(((?:[^()']|'(?:[^']|'')*')*)\)/g)].map(([, row = '']) => cells(row)),
    }),
  ],
  [
    /^select\s+(count\(\*\)|\*|[\w\s,]+?)\s+from\s+(\w+)\b.*$/is,
    ([what = '', table = '']) => ({ kind: 'select', table, count: /^count/i.test(what) }),
  ],
  [/^delete\s+from\s+(\w+)$/is, ([table = '']) => ({ kind: 'delete', table })],
]

function cells(row: string): SqlValue[] {
  return [...row.matchAll(/\s*('(?:[^']|'')*'|[^,']+)\s*(?:,|$)/g)].map(([, cell = '']) => {
    const text = cell.trim()
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
    if (/^null$/i.test(text)) return null
    return Number.isNaN(Number(text)) ? text : Number(text)
  })
}

/** A step that takes the schema from one version to the next. */
export interface Migration {
  readonly revision: string
  readonly about: string
  readonly statement: string
}

/** The migrations of the shop that the experiments are about. */
export const MIGRATIONS: readonly Migration[] = [
  { revision: '8f1c', about: 'create items', statement: 'CREATE TABLE items (id int, name text)' },
  {
    revision: '2b9d',
    about: 'first items',
    statement: "INSERT INTO items VALUES (1, 'Foo'), (2, 'Bar')",
  },
  { revision: 'c3e7', about: 'add price', statement: 'ALTER TABLE items ADD COLUMN price int' },
]

/** How long a statement takes once it has its locks, in ms; a modelled number. */
export function durationOf({ kind }: Statement): number {
  switch (kind) {
    case 'create':
      return 60
    case 'add-column':
      return 250
    case 'drop':
      return 30
    case 'insert':
    case 'delete':
      return 6
    case 'select':
      return 2
  }
}

/** Whether it locks the whole table (ACCESS EXCLUSIVE). */
export function isExclusive({ kind }: Statement): boolean {
  return kind === 'create' || kind === 'add-column' || kind === 'drop'
}
