import type { ExitStatus } from '../machine.ts'
import type { SettingsOfGunicorn } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { EMPTY_QUEUE, type Draft, type TaskQueue } from '../task-queue.ts'
import { arbiterRules, type ArbiterRules } from './rules.ts'
import type { ArbiterTask } from './tasks.ts'

/** The state of gunicorn's arbiter, its master process. */
export interface Arbiter extends TaskQueue<ArbiterTask> {
  readonly settings: SettingsOfGunicorn
  readonly phase: 'new' | 'preloading' | 'running' | 'ended'
  readonly pid: number
  readonly now: number
  readonly wanted: number
  readonly children: readonly ArbiterChild[]
  /** How many workers it has started; each worker keeps its number as its age. */
  readonly age: number
  readonly seed: number
  readonly signals: readonly SignalName[]
  /** 20.1.0: the arbiter's self-pipe is readable, so its next sleep ends at once. */
  readonly awake: boolean
  /** 26.1.0: children that have ended and were not waited for yet, in the order in which they were started. */
  readonly zombies: readonly Zombie[]
  /** Set while the arbiter halts. A worker that cannot boot meanwhile raises an exception that nothing catches. */
  readonly halting: Halt | undefined
  /** The control socket (26.1.0). A thread opens and closes it. */
  readonly control: 'closed' | 'opening' | 'open' | 'closing'
  /** PID of the first master, when this one was started by its SIGUSR2; `undefined` for the first master and for one that was promoted. */
  readonly successorOf: number | undefined
  readonly orphaned: boolean
  /** PID of the second master that this one has started, while that lives. */
  readonly successor: number | undefined
}

/** The state while a step changes it. */
export type ArbiterDraft = Draft<Arbiter>

/** A worker in the arbiter's table. */
export interface ArbiterChild {
  readonly pid: number
  readonly age: number
  /** Time of its last heartbeat, on the host's clock in ms; Infinity before the first one, so that `--timeout` does not apply. */
  readonly lastUpdate: number
  /** Whether it was sent SIGABRT because its heartbeat was overdue. */
  readonly aborted: boolean
  /** It ended because it could not boot. It is still in the table, but signals to it find no process. */
  readonly dead: boolean
}

interface Zombie {
  readonly pid: number
  readonly age: number
  readonly status: ExitStatus
}

/** Why the arbiter stops: the exception `HaltServer` with its reason, or without a reason when it was told to stop. */
export interface Halt {
  readonly reason?: string
  readonly code: number
}

/** An arbiter before its first event. `seed` decides the random pauses between forks. */
export function newArbiter(settings: SettingsOfGunicorn, seed: number): Arbiter {
  return {
    ...EMPTY_QUEUE,
    settings,
    phase: 'new',
    pid: 0,
    now: 0,
    wanted: settings.workers,
    children: [],
    age: 0,
    seed,
    signals: [],
    awake: false,
    zombies: [],
    halting: undefined,
    control: 'closed',
    successorOf: undefined,
    orphaned: false,
    successor: undefined,
  }
}

/** The rules of this gunicorn version. */
export function rulesOf({ settings }: Pick<Arbiter, 'settings'>): ArbiterRules {
  return arbiterRules(settings.speaks.version)
}

/** A worker has been started. */
export function addChild(draft: ArbiterDraft, pid: number): void {
  const lastUpdate = rulesOf(draft).timesUnreported ? draft.now : Infinity
  const child: ArbiterChild = { pid, age: draft.age, lastUpdate, aborted: false, dead: false }
  draft.children = [...draft.children, child]
}

/** A worker has been reaped. */
export function removeChild(draft: ArbiterDraft, pid: number): void {
  draft.children = draft.children.filter((child) => child.pid !== pid)
}

/** Changes fields of one worker's entry. */
export function updateChild(draft: ArbiterDraft, pid: number, news: Partial<ArbiterChild>): void {
  draft.children = draft.children.map((child) => (child.pid === pid ? { ...child, ...news } : child))
}

/** A heartbeat arrived from a worker. */
export function recordHeartbeat(draft: ArbiterDraft, pid: number): void {
  updateChild(draft, pid, { lastUpdate: draft.now })
}

/** When a graceful stop that begins now is over, on the host's clock in ms. */
export function gracefulDeadline({ now, settings }: ArbiterDraft): number {
  return now + (settings.gracefulTimeout ?? 30) * 1000
}

/** `Master`; for a second master `Master.2`. */
export function masterName({ successorOf }: Pick<Arbiter, 'successorOf'>): string {
  return successorOf === undefined ? 'Master' : 'Master.2'
}
