import { lookUp } from '../../../manager/look-up.ts'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  Database,
  durationOf,
  MIGRATIONS,
  readStatement,
  type SqlValue,
  type TableInfo,
} from '../../../worker/lab/database.ts'
import { alone, readShared, sharedFolder, writeShared } from './lab-files.ts'
import { now } from '../system/now.ts'

/** The allocated memory, referenced so that it is not freed. */
const kept: Uint8Array[] = []

/**
 * Keeps the processor busy for this many ms, as a calculation does: meanwhile the worker answers no other request.
 * @throws TypeError when `ms` is not a number of milliseconds.
 */
export function compute(ms: number): void {
  check('compute', 'milliseconds', ms)
  const end = now() + ms
  while (now() < end) continue
}

/**
 * Allocates this many bytes for the rest of the process's life, as a loaded model or a cache does.
 * @throws TypeError when `bytes` is not a number of bytes.
 */
export function allocate(bytes: number): void {
  check('allocate', 'bytes', bytes)
  // Written to: the system only reserves memory that was never touched.
  kept.push(new Uint8Array(Math.ceil(bytes)).fill(1))
}

function check(name: string, unit: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return
  throw new TypeError(`${name}() expects a number of ${unit}, got ${String(value)}`)
}

// Data that all processes of an application share. In the page the simulated machine keeps it, here files in the computer's temporary
// folder.

type Stored = Record<string, { readonly value: string; readonly until?: number }>

function present(stored: Stored, key: string): string | undefined {
  const entry = lookUp(stored, key)
  return entry === undefined || (entry.until ?? Infinity) <= Date.now() ? undefined : entry.value
}

/** Changes the store under a lock. */
function change<Value>(work: (stored: Stored) => Value): Promise<Value> {
  return alone('store', () => {
    const stored = readShared<Stored>('store.json', {})
    const value = work(stored)
    writeShared('store.json', stored)
    return value
  })
}

/** A key-value store that all processes share, like Redis. */
export const store = {
  get: (key: string): Promise<string | undefined> =>
    Promise.resolve(present(readShared<Stored>('store.json', {}), key)),
  set: (key: string, value: string | number): Promise<void> =>
    change((stored) => {
      stored[key] = { value: String(value) }
    }),
  /** @throws Error when the value is not a number */
  incr: (key: string, by = 1): Promise<number> =>
    change((stored) => {
      const value = Number(present(stored, key) ?? 0) + by
      if (Number.isNaN(value)) throw new Error('ERR value is not an integer or out of range')
      stored[key] = { value: String(value) }
      return value
    }),
  delete: (key: string): Promise<boolean> =>
    change((stored) => {
      const there = present(stored, key) !== undefined
      delete stored[key]
      return there
    }),
  /** Sets a key for this many ms unless it is set: only one caller gets `true` (a lock). */
  acquire: (key: string, ms: number): Promise<boolean> =>
    change((stored) => {
      if (present(stored, key) !== undefined) return false
      stored[key] = { value: String(process.pid), until: Date.now() + ms }
      return true
    }),
}

interface Saved {
  readonly version: number
  readonly tables: readonly TableInfo[]
}

/** Opens the database's file, works on it, and saves it. */
function inDatabase<Value>(work: (database: Database) => Value): Value {
  const { version, tables } = readShared<Saved>('database.json', { version: 0, tables: [] })
  const database = new Database()
  database.restore(tables, version)
  const value = work(database)
  writeShared('database.json', { version: database.version, tables: database.tables() })
  return value
}

/** Executes a statement; one that changes a table holds a lock for as long as the statement takes. */
async function statement(sql: string): Promise<readonly (readonly SqlValue[])[]> {
  const read = readStatement(sql)
  if ('error' in read) throw new Error(read.error)
  return alone('database', async () => {
    await wait(durationOf(read))
    const outcome = inDatabase((database) => database.run(read))
    if ('error' in outcome) throw new Error(outcome.error)
    return outcome.rows
  })
}

async function migrations(from: number): Promise<void> {
  for (const [index, { statement: sql }] of MIGRATIONS.entries()) {
    if (index < from) continue
    await statement(sql)
    await alone('database', () => {
      inDatabase((database) => {
        database.version = Math.max(database.version, index + 1)
      })
    })
  }
}

/** PostgreSQL's default for max_connections. */
const CONNECTIONS = 100

/** How many connections each living process has open. */
function openConnections(change: (open: Record<string, number>, all: number) => void): Promise<void> {
  return alone('connections', () => {
    const open = Object.fromEntries(
      Object.entries(readShared<Record<string, number>>('connections.json', {})).filter(
        ([pid, count]) => count > 0 && isAlive(Number(pid)),
      ),
    )
    change(
      open,
      Object.values(open).reduce((sum, count) => sum + count, 0),
    )
    writeShared('connections.json', open)
  })
}

const schemaVersion = (): number => readShared<Saved>('database.json', { version: 0, tables: [] }).version

/** A tiny database with the migrations of a shop. */
export const database = {
  /** @throws Error with the database's message */
  run: (sql: string): Promise<readonly (readonly SqlValue[])[]> => statement(sql),
  /**
   * A connection that stays open until it is closed, or the process ends.
   * @throws Error when the database already has as many as it allows
   */
  async connect(): Promise<{
    run: (sql: string) => Promise<readonly (readonly SqlValue[])[]>
    close: () => Promise<void>
  }> {
    const { pid } = process
    await openConnections((open, all) => {
      if (all >= CONNECTIONS) throw new Error('FATAL:  sorry, too many clients already')
      open[pid] = (open[pid] ?? 0) + 1
    })
    return {
      run: (sql) => statement(sql),
      close: () =>
        openConnections((open) => {
          open[pid] = (open[pid] ?? 1) - 1
        }),
    }
  },
  /**
   * Applies the migrations that are missing; `lock: true` first waits until no other process is migrating, `'late'` reads the version
   * before it waits.
   */
  async migrate(
    options: { readonly lock?: boolean | 'late' } = {},
  ): Promise<{ from: number; to: number; ms: number }> {
    const begun = now()
    let from = schemaVersion()
    if (options.lock === true || options.lock === 'late') {
      await alone('migrations', async () => {
        if (options.lock === true) from = schemaVersion()
        await migrations(from)
      })
    } else await migrations(from)
    return { from, to: schemaVersion(), ms: Math.round(now() - begun) }
  },
}

/** Sends a mail: on your own computer it is written to standard output, and nowhere else. */
export function send(text: string): Promise<void> {
  process.stdout.write(`mail from ${process.pid}: ${text}\n`)
  return Promise.resolve()
}

const channels = (name: string): string => join(sharedFolder(), `channel-${encodeURIComponent(name)}`)

/** Publishes to all subscribers. @returns the number of processes that got it */
export function publish(channel: string, text: string): Promise<number> {
  const folder = channels(channel)
  if (!existsSync(folder)) return Promise.resolve(0)
  let receivers = 0
  for (const file of readdirSync(folder)) {
    if (isAlive(Number(file))) {
      appendFileSync(join(folder, file), `${JSON.stringify(text)}\n`)
      receivers += 1
    } else rmSync(join(folder, file), { force: true })
  }
  return Promise.resolve(receivers)
}

/** Calls back with every text that is published on a channel from now on. It does not keep the process alive. */
export function subscribe(channel: string, hear: (text: string) => void): Promise<void> {
  const folder = channels(channel)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, String(process.pid))
  if (!existsSync(file)) writeFileSync(file, '')
  let read = statSync(file).size
  watch(file, { persistent: false }, () => {
    const bytes = readFileSync(file)
    const lines = bytes.subarray(read).toString('utf8').split('\n').slice(0, -1)
    read = bytes.length
    for (const line of lines) hear(JSON.parse(line) as string)
  })
  return Promise.resolve()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
