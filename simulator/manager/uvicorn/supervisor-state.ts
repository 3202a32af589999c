import type { ExitStatus } from '../machine.ts'
import type { SettingsOfFastapi, SettingsOfUvicorn } from '../settings.ts'
import type { SignalName } from '../signals.ts'
import { EMPTY_QUEUE, type Draft, type TaskQueue } from '../task-queue.ts'
import { uvicornInside } from '../versions.ts'
import { supervisorRules, type SupervisorRules } from './rules.ts'
import type { SupervisorTask } from './tasks.ts'

/** The state of uvicorn's process manager (`uvicorn/supervisors/multiprocess.py`). */
export interface Supervisor extends TaskQueue<SupervisorTask> {
  readonly settings: SettingsOfFastapi | SettingsOfUvicorn
  readonly phase: 'new' | 'binding' | 'running' | 'serving' | 'ended'
  readonly pid: number
  readonly wanted: number
  /** PIDs of the workers, one per slot, the oldest slot first. */
  readonly slots: readonly number[]
  /** PID of a worker that boots beside the one that it will replace. */
  readonly candidate: number | undefined
  readonly forks: number
  readonly ready: readonly number[]
  /** Exit statuses of children that the supervisor has not joined yet. */
  readonly exits: Readonly<Record<number, ExitStatus>>
  readonly signals: readonly SignalName[]
  readonly shouldExit: boolean
}

/** The state while a step changes it. */
export type SupervisorDraft = Draft<Supervisor>

/** A supervisor before its first event. */
export function newSupervisor(settings: Supervisor['settings']): Supervisor {
  return {
    ...EMPTY_QUEUE,
    settings,
    phase: 'new',
    pid: 0,
    wanted: settings.workers,
    slots: [],
    candidate: undefined,
    forks: 0,
    ready: [],
    exits: {},
    signals: [],
    shouldExit: false,
  }
}

/** Whether this child has ended. */
export function hasExited({ exits }: SupervisorDraft, pid: number): boolean {
  return exits[pid] !== undefined
}

/** Forgets the children that were joined and have no slot. */
export function forgetJoined(draft: SupervisorDraft): void {
  const known = new Set(draft.slots)
  draft.ready = draft.ready.filter((pid) => known.has(pid))
  draft.exits = Object.fromEntries(Object.entries(draft.exits).filter(([pid]) => known.has(Number(pid))))
}

/** The rules of this uvicorn version. */
export function rulesOf({ settings }: SupervisorDraft): SupervisorRules {
  return supervisorRules(uvicornInside(settings.speaks))
}
