import type { MachineData, DatabaseEntry, TableInfo } from '../../machine/data/api.ts'
import {
  Database,
  durationOf,
  isExclusive,
  MIGRATIONS,
  readStatement,
  type Migration,
  type Outcome,
} from '../../worker/lab/database.ts'
import type { Json } from './guest.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { MainThreads } from './main-threads.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Trace } from './trace.ts'

/** The result of a call: a value, or the text of an error. */
export type CallResult = { readonly value: Json } | { readonly error: string }

/** Latency to the store or the database, one way, in ms. */
const WAY = [0.1, 0.4] as const
/** PostgreSQL's default for max_connections. */
export const USUAL_CONNECTIONS = 100
/** PostgreSQL's message for too many connections (53300). */
const TOO_MANY = 'FATAL:  sorry, too many clients already'
/** How many entries of each log are kept. */
const KEPT = 2000

/** A lock: the process that holds it, and the processes that wait for it, in order. */
interface DatabaseLock {
  holder: number
  readonly waiting: { readonly pid: number; readonly since: number; readonly go: (waited: number) => void }[]
}

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly processes: Processes
  readonly threads: MainThreads
}

/** Data that all processes share and that outlives them: a tiny database, a key-value store, sent mail, channels. */
export class SharedData implements MachineData {
  readonly #parts: Dependencies
  readonly #database = new Database()
  readonly #log: DatabaseEntry[] = []
  readonly #locks = new Map<string, DatabaseLock>()
  readonly #keys = new Map<string, { value: string; until: number }>()
  readonly #sent: { at: number; pid: number; text: string }[] = []
  readonly #channels = new Map<string, Set<number>>()
  /** How many connections each process has open. A statement or a migration on its own opens one while it runs. */
  readonly #open = new Map<number, number>()
  readonly #most: number

  constructor(parts: Dependencies, most = USUAL_CONNECTIONS) {
    this.#parts = parts
    this.#most = most
  }

  tables(): readonly TableInfo[] {
    return this.#database.tables()
  }

  schemaVersion(): number {
    return this.#database.version
  }

  databaseLog(): readonly DatabaseEntry[] {
    return this.#log
  }

  connections(): { readonly open: number; readonly most: number } {
    return { open: [...this.#open.values()].reduce((sum, each) => sum + each, 0), most: this.#most }
  }

  keys(): readonly { readonly key: string; readonly value: string }[] {
    return [...this.#keys]
      .filter(([, { until }]) => until > this.#parts.clock.now)
      .map(([key, { value }]) => ({ key, value }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  outbox(): readonly { readonly at: number; readonly pid: number; readonly text: string }[] {
    return this.#sent
  }

  reset(): void {
    this.#database.reset()
    this.#log.length = 0
    this.#keys.clear()
    this.#sent.length = 0
    this.#parts.trace.record({ type: 'schema', version: 0 })
  }

  // Calls of applications

  /** Executes a call of an application; `reply` gets the result, unless the process has ended. */
  call(
    process: Process,
    method: string,
    args: readonly Json[],
    reply: (reply: CallResult) => void | Promise<void>,
  ): void {
    const { chance, clock } = this.#parts
    const answer = (value: CallResult): void => {
      clock.after(chance.within(WAY), () => {
        if (process.alive) return reply(value)
      })
    }
    clock.after(chance.within(WAY), () => {
      if (process.alive) this.#do(process, method, args, answer)
    })
  }

  #do(process: Process, method: string, args: readonly Json[], answer: (reply: CallResult) => void): void {
    const [, second, third] = args
    const [key = '', text = ''] = args.map(textOf)
    switch (method) {
      case 'store.get':
        return answer({ value: this.#get(key) ?? null })
      case 'store.set':
        return answer({ value: this.#set(process, key, text, third) })
      case 'store.incr': {
        const value = Number(this.#get(key) ?? 0) + Number(second ?? 1)
        if (Number.isNaN(value)) return answer({ error: 'ERR value is not an integer or out of range' })
        this.#set(process, key, String(value), null)
        return answer({ value })
      }
      case 'store.acquire': {
        if (this.#get(key) !== undefined) return answer({ value: false })
        this.#set(process, key, String(process.pid), second)
        return answer({ value: true })
      }
      case 'store.delete':
        return answer({ value: this.#keys.delete(key) })
      case 'send':
        this.#sent.push({ at: this.#parts.clock.now, pid: process.pid, text: key })
        if (this.#sent.length > KEPT) this.#sent.shift()
        this.#parts.trace.record({ type: 'sent', pid: process.pid, text: key })
        return answer({ value: null })
      case 'publish':
        return answer({ value: this.#publish(process, key, text) })
      case 'subscribe': {
        const members = this.#channels.get(key) ?? new Set()
        this.#channels.set(key, members.add(process.pid))
        return answer({ value: null })
      }
      case 'database.connect':
        return answer(this.#connect(process) ? { value: null } : { error: TOO_MANY })
      case 'database.close':
        this.#disconnect(process)
        return answer({ value: null })
      case 'database.run': {
        const run = (done: (reply: CallResult) => void): void =>
          this.#statement(process, key, (outcome) =>
            done('rows' in outcome ? { value: copy(outcome) } : outcome),
          )
        // The call uses a connection that is already open.
        if (second === true) return run(answer)
        return this.#connected(process, answer, run)
      }
      case 'database.migrate':
        return this.migrate(process, lockOf(args[0]), answer)
      default:
        return answer({ error: `there is no ${method}` })
    }
  }

  /** Opens a connection, does the work over it, and closes it. */
  #connected(
    process: Process,
    answer: (reply: CallResult) => void,
    work: (done: (reply: CallResult) => void) => void,
  ): void {
    if (!this.#connect(process)) return answer({ error: TOO_MANY })
    work((reply) => {
      this.#disconnect(process)
      answer(reply)
    })
  }

  /** Opens a connection; `false` when there are too many. */
  #connect({ pid }: Process): boolean {
    const { open, most } = this.connections()
    if (open < most) this.#open.set(pid, (this.#open.get(pid) ?? 0) + 1)
    this.#tell(pid, open < most ? 'opened' : 'refused')
    return open < most
  }

  #disconnect({ pid }: Process): void {
    const has = this.#open.get(pid)
    if (has === undefined) return
    if (has > 1) this.#open.set(pid, has - 1)
    else this.#open.delete(pid)
    this.#tell(pid, 'closed')
  }

  #tell(pid: number, step: 'opened' | 'closed' | 'refused'): void {
    this.#parts.trace.record({ type: 'database-connection', pid, step, ...this.connections() })
  }

  #get(key: string): string | undefined {
    const entry = this.#keys.get(key)
    if (entry === undefined || entry.until <= this.#parts.clock.now) return undefined
    return entry.value
  }

  #set(process: Process, key: string, value: string, ms: Json | undefined): Json {
    const until = typeof ms === 'number' ? this.#parts.clock.now + ms : Infinity
    this.#keys.set(key, { value, until })
    this.#parts.trace.record({ type: 'stored', pid: process.pid, key, value })
    return null
  }

  #publish(process: Process, channel: string, text: string): number {
    const { chance, clock, processes, threads, trace } = this.#parts
    const members = [...(this.#channels.get(channel) ?? [])]
      .map((pid) => processes.get(pid))
      .filter((member) => member?.alive === true)
    trace.record({ type: 'published', pid: process.pid, channel, receivers: members.length })
    for (const member of members) {
      if (member === undefined) continue
      clock.after(chance.within(WAY), () =>
        threads.deliver(member, () => threads.turn(member, { type: 'message', channel, text })),
      )
    }
    return members.length
  }

  // The database

  /** Applies the migrations that are missing. `lock`: `none`; `late` reads the version before it has the lock; `right` reads it after. */
  migrate(
    process: Process,
    lock: 'none' | 'late' | 'right',
    done: (reply: CallResult) => void,
    say: (migration: Migration) => void = () => undefined,
  ): void {
    this.#connected(process, done, (over) => this.#migrate(process, lock, over, say))
  }

  #migrate(
    process: Process,
    lock: 'none' | 'late' | 'right',
    done: (reply: CallResult) => void,
    say: (migration: Migration) => void,
  ): void {
    const { clock, trace } = this.#parts
    const begun = clock.now
    const finish = (reply: CallResult): void => {
      this.#release('migrations', process.pid)
      done(reply)
    }
    const apply = (from: number, at: number): void => {
      const migration = MIGRATIONS[at]
      if (!process.alive) return
      if (migration === undefined) {
        return finish({ value: { from, to: this.#database.version, ms: Math.round(clock.now - begun) } })
      }
      say(migration)
      this.#statement(process, migration.statement, (outcome) => {
        if ('error' in outcome) return finish(outcome)
        this.#database.version = Math.max(this.#database.version, at + 1)
        trace.record({ type: 'schema', version: this.#database.version })
        apply(from, at + 1)
      })
    }
    const look = (then: (version: number) => void): void => {
      clock.after(3, () => {
        if (process.alive) then(this.#database.version)
      })
    }
    if (lock === 'none') return look((version) => apply(version, version))
    if (lock === 'late') {
      return look((version) => this.#acquire('migrations', process, () => apply(version, version)))
    }
    this.#acquire('migrations', process, () => look((version) => apply(version, version)))
  }

  #statement(process: Process, sql: string, done: (outcome: Outcome) => void): void {
    const { clock, trace } = this.#parts
    const begun = clock.now
    const statement = readStatement(sql)
    const finish = (outcome: Outcome, waited: number): void => {
      const said = 'error' in outcome ? `ERROR:  ${outcome.error}` : 'ok'
      this.#log.push({ at: clock.now, pid: process.pid, statement: sql, outcome: said, waited })
      if (this.#log.length > KEPT) this.#log.shift()
      const took = clock.now - begun
      trace.record({ type: 'statement', pid: process.pid, statement: sql, outcome: said, waited, took })
      done(outcome)
    }
    if ('error' in statement) return finish(statement, 0)
    const work = (waited: number): void => {
      clock.after(durationOf(statement), () => {
        // A statement whose process died has no effect.
        const outcome = process.alive ? this.#database.run(statement) : undefined
        this.#release(statement.table, process.pid)
        if (outcome !== undefined) finish(outcome, waited)
      })
    }
    // Readers and writers wait only for statements that change the table itself.
    if (isExclusive(statement) || this.#locks.has(statement.table))
      this.#acquire(statement.table, process, work)
    else work(0)
  }

  #acquire(name: string, process: Process, go: (waited: number) => void): void {
    const { pid } = process
    const lock = this.#locks.get(name)
    if (lock === undefined) {
      this.#locks.set(name, { holder: pid, waiting: [] })
      this.#parts.trace.record({ type: 'lock', pid, name, step: 'has' })
      return go(0)
    }
    this.#parts.trace.record({ type: 'lock', pid, name, step: 'waits' })
    lock.waiting.push({ pid, since: this.#parts.clock.now, go })
  }

  #release(name: string, pid: number): void {
    const lock = this.#locks.get(name)
    if (lock?.holder !== pid) return
    this.#parts.trace.record({ type: 'lock', pid, name, step: 'gives-back' })
    const next = lock.waiting.shift()
    if (next === undefined) {
      this.#locks.delete(name)
      return
    }
    lock.holder = next.pid
    this.#parts.trace.record({ type: 'lock', pid: next.pid, name, step: 'has' })
    next.go(this.#parts.clock.now - next.since)
  }

  /** A process ended: its locks are released, and its waiting calls are dropped. */
  processEnded({ pid }: Process): void {
    if (this.#open.delete(pid)) this.#tell(pid, 'closed')
    for (const members of this.#channels.values()) members.delete(pid)
    for (const [name, lock] of [...this.#locks]) {
      const others = lock.waiting.filter((each) => each.pid !== pid)
      lock.waiting.splice(0, lock.waiting.length, ...others)
      this.#release(name, pid)
    }
  }
}

function copy({ rows }: { readonly rows: readonly (readonly (string | number | null)[])[] }): Json {
  return rows.map((row) => [...row])
}

/** Applications may pass anything as a key, a value or a text. */
function textOf(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function lockOf(options: Json | undefined): 'none' | 'late' | 'right' {
  const lock = options !== null && typeof options === 'object' && 'lock' in options ? options['lock'] : false
  if (lock === 'late') return 'late'
  return lock === true ? 'right' : 'none'
}
