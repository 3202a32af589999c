import type { ExitStatus } from '../machine.ts'
import type { SettingsOfGunicorn } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { EMPTY_QUEUE, type Draft, type TaskQueue } from '../task-queue.ts'
import { arbiterRules, type ArbiterRules } from './rules.ts'
import type { ArbiterTask } from './tasks.ts'

/** The state of gunicorn's process manager, its master. */
export interface Arbiter extends TaskQueue<ArbiterTask> {
  readonly settings: SettingsOfGunicorn
  readonly phase: 'new' | 'preloading' | 'running' | 'ended'
  readonly pid: number
  readonly now: number
  readonly wanted: number
  readonly children: readonly ArbiterChild[]
  /** How many workers it has started. */
  readonly age: number
  readonly seed: number
  readonly signals: readonly SignalName[]
  /** 20.1.0: the pipe of the arbiter is readable, its next sleep ends at once. */
  readonly awake: boolean
  /** 26.1.0: children that have ended and were not waited for yet, in the order in which they were started. */
  readonly zombies: readonly Zombie[]
  /** What it halts for. A worker that cannot boot while it does is an exception that nobody catches. */
  readonly halting: Halt | undefined
  /** The control socket (26.1.0): not there, being opened by a thread, there, or being closed by it. */
  readonly control: 'closed' | 'opening' | 'open' | 'closing'
  /** The first master, of which this one was started by SIGUSR2; nothing when this is the first, or was promoted. */
  readonly successorOf: number | undefined
  readonly orphaned: boolean
  /** The second master that this one has started, while it lives. */
  readonly successor: number | undefined
}

/** The state while a step changes it. */
export type ArbiterDraft = Draft<Arbiter>

/** A worker as the arbiter knows it. */
export interface ArbiterChild {
  readonly pid: number
  readonly age: number
  /** When it last said that it lives, in the host's milliseconds; Infinity: never yet, and that does not count against it. */
  readonly lastUpdate: number
  /** Whether it was told to abort because it was silent for too long. */
  readonly aborted: boolean
  /** It ended because it could not boot: still among the workers, but a signal finds nobody. */
  readonly dead: boolean
}

interface Zombie {
  readonly pid: number
  readonly age: number
  readonly status: ExitStatus
}

/** Why the server stops: the exception `HaltServer`, or no reason where somebody wanted it to. */
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

/** The rules of the gunicorn that it is. */
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

/** Writes down something about one worker. */
export function updateChild(draft: ArbiterDraft, pid: number, news: Partial<ArbiterChild>): void {
  draft.children = draft.children.map((child) => (child.pid === pid ? { ...child, ...news } : child))
}

/** A worker said that it lives. */
export function recordHeartbeat(draft: ArbiterDraft, pid: number): void {
  updateChild(draft, pid, { lastUpdate: draft.now })
}

/** Until when a graceful stop may take. */
export function gracefulDeadline({ now, settings }: ArbiterDraft): number {
  return now + (settings.gracefulTimeout ?? 30) * 1000
}

/** `Master`, or of a second one `Master.2`. */
export function masterName({ successorOf }: Pick<Arbiter, 'successorOf'>): string {
  return successorOf === undefined ? 'Master' : 'Master.2'
}
