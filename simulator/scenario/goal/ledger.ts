import type { ProcessKind, TraceEvent } from '../../machine/trace.ts'
import { RequestLedger } from '../../machine/requests.ts'
import type { Quantity, ProcessRole } from './goal.ts'

/** A process in the ledger. */
interface Known {
  readonly kind: ProcessKind
  readonly ppid: number
  phase: string
  alive: boolean
  frozen: boolean
  memory: number
}

const MB = 1_000_000

/** What is counted from a machine's trace: its processes and their roles, requests, memory. */
export class Ledger {
  readonly #processes = new Map<number, Known>()
  readonly #answers = new Map<number, number>()
  readonly #requests = new RequestLedger()
  #peak = 0
  #used = 0
  #lastAnswer: string | undefined

  take(event: TraceEvent): void {
    this.#requests.take(event)
    switch (event.type) {
      case 'forked': {
        const { kind, ppid } = event
        this.#processes.set(event.pid, { kind, ppid, phase: 'new', alive: true, frozen: false, memory: 0 })
        return
      }
      case 'phase':
        return this.#change(event.pid, { phase: event.phase })
      case 'stopped':
        return this.#change(event.pid, { frozen: true })
      case 'continued':
        return this.#change(event.pid, { frozen: false })
      case 'ended':
        return this.#change(event.pid, { alive: false, memory: 0 })
      case 'memory':
        this.#change(event.pid, { memory: event.bytes })
        this.#peak = Math.max(this.#peak, this.count('memory'))
        return
      case 'memory-used':
        this.#used = event.used
        return
      case 'request-ended':
        if (event.end === 'answered') {
          this.#answeredBy(event.pid)
          this.#lastAnswer = event.answer
        }
        return
      default:
        return
    }
  }

  #change(pid: number, change: Partial<Known>): void {
    const known = this.#processes.get(pid)
    if (known !== undefined) Object.assign(known, change)
  }

  /** The role of a process. A manager that was started by another (an upgrade) is a parent, too. */
  role(pid: number): ProcessRole | undefined {
    const kind = this.#processes.get(pid)?.kind
    if (kind === 'manager') return 'parent'
    return kind === undefined || kind === 'worker' || kind === 'helper' ? kind : 'command'
  }

  parentOf(pid: number): number | undefined {
    return this.#processes.get(pid)?.ppid
  }

  /** Living processes of a role, by PID. */
  living(role: ProcessRole): readonly number[] {
    return [...this.#processes]
      .filter(([pid, { alive }]) => alive && this.role(pid) === role)
      .map(([pid]) => pid)
      .toSorted((a, b) => a - b)
  }

  /** Processes that serve, and are not stopped. */
  serving(): readonly number[] {
    return [...this.#processes]
      .filter(([, { alive, phase, frozen }]) => alive && phase === 'serving' && !frozen)
      .map(([pid]) => pid)
  }

  /** The body of the last complete response, or its beginning. */
  get lastAnswer(): string | undefined {
    return this.#lastAnswer
  }

  /** A process has answered a request. A proxy only forwards the responses of others. */
  #answeredBy(pid: number | undefined): void {
    if (pid === undefined || this.#processes.get(pid)?.kind === 'proxy') return
    this.#answers.set(pid, this.#answered(pid) + 1)
  }

  #answered(pid: number): number {
    return this.#answers.get(pid) ?? 0
  }

  count(quantity: Quantity): number {
    const living = [...this.#processes.values()].filter(({ alive }) => alive)
    const workers = living.filter(({ kind }) => kind === 'worker')
    switch (quantity) {
      case 'serving':
        return this.serving().length
      case 'workers':
        return workers.length
      case 'parents':
        return living.filter(({ kind }) => kind === 'manager').length
      case 'orphans':
        return workers.filter(({ ppid }) => this.#processes.get(ppid)?.alive !== true).length
      case 'frozen':
        return living.filter(({ frozen }) => frozen).length
      case 'answering':
        return this.#answers.size
      case 'most':
        return Math.max(0, ...this.#answers.values())
      case 'least':
        return Math.min(...this.serving().map((pid) => this.#answered(pid)))
      case 'answered':
      case 'errors':
      case 'lost':
      case 'unaccepted':
      case 'refused':
        return this.#requests.fates[quantity]
      case 'open':
        return this.#requests.open
      case 'memory':
        return living.reduce((sum, { memory }) => sum + memory, 0) / MB
      case 'peak':
        return this.#peak
      case 'used':
        return this.#used / MB
    }
  }
}
