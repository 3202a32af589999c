import type { ExitStatus } from '../../manager/machine.ts'
import type { Keeper, KeptProgramState } from './api.ts'

/** How a kept program ended: the input of its keeper's decision. */
export interface ProgramEnd {
  readonly status: ExitStatus
  /** How long the program ran, in ms. */
  readonly ran: number
}

/** The keeper's decision: restart the program after a delay in ms, or not at all. */
export type RestartDecision =
  | { readonly again: true; readonly after: number; readonly stateText: string }
  | { readonly again: false; readonly state: KeptProgramState; readonly stateText: string }

/** What a keeper remembers of earlier ends of its program. */
export interface RestartHistory {
  /** How many runs in a row ended too early. */
  readonly failures: number
  /** The last delay, in ms. */
  readonly delay: number
  /** Restarts since it was started by hand. */
  readonly restarts: number
}

export const FRESH: RestartHistory = { failures: 0, delay: 0, restarts: 0 }

/** Decides what happens after a program's end. Pure: the same ends give the same delays. */
export function decideRestart(
  keeper: Keeper,
  memory: RestartHistory,
  end: ProgramEnd,
): { decision: RestartDecision; memory: RestartHistory } {
  const decided = RULES[keeper.by](keeper as never, memory, end)
  const { decision } = decided
  return decision.again
    ? { decision, memory: { ...decided.memory, restarts: memory.restarts + 1 } }
    : { decision, memory: decided.memory }
}

/** Whether a keeper ever restarts its program. */
export function startsAgain(keeper: Keeper): boolean {
  switch (keeper.by) {
    case 'nobody':
      return false
    case 'loop':
      return true
    case 'supervisor':
      return keeper.autorestart !== false
    case 'container':
      return keeper.policy !== 'no'
    case 'pod':
      return keeper.policy !== 'Never'
  }
}

type Rule<By extends Keeper['by']> = (
  keeper: Keeper & { by: By },
  memory: RestartHistory,
  end: ProgramEnd,
) => { decision: RestartDecision; memory: RestartHistory }

const RULES: { readonly [By in Keeper['by']]: Rule<By> } = {
  nobody: (_keeper, memory) => over(memory, 'exited', 'ended'),
  loop: ({ pause }, memory) => again(memory, pause, 'sleep'),
  supervisor,
  container,
  pod,
}

/** Supervisor 4.2 (`supervisor/process.py`): a program that ends before `startsecs` has failed to start; retries wait 1 s, 2 s, 3 s, … */
function supervisor(
  keeper: Keeper & { by: 'supervisor' },
  memory: RestartHistory,
  { status, ran }: ProgramEnd,
): ReturnType<Rule<'supervisor'>> {
  const { autorestart = 'unexpected', exitcodes = [0], startsecs = 1, startretries = 3 } = keeper
  if (ran < startsecs * 1000) {
    const failures = memory.failures + 1
    if (failures > startretries) return over({ ...memory, failures }, 'failed', 'FATAL')
    return again({ ...memory, failures }, failures * 1000, 'BACKOFF')
  }
  const fresh = { ...memory, failures: 0 }
  const expected = 'code' in status && exitcodes.includes(status.code)
  if (autorestart === false || (autorestart === 'unexpected' && expected))
    return over(fresh, 'exited', 'EXITED')
  return again(fresh, 0, 'STARTING')
}

/** Docker (`restartmanager`): 100 ms, doubling, a minute at most; after a run of 10 s the delay begins at 100 ms again. */
function container(
  { policy, maximum }: Keeper & { by: 'container' },
  memory: RestartHistory,
  { status, ran }: ProgramEnd,
): ReturnType<Rule<'container'>> {
  const failed = !('code' in status) || status.code !== 0
  if (policy === 'no' || (policy === 'on-failure' && !failed)) return over(memory, 'exited', 'Exited')
  if (policy === 'on-failure' && maximum !== undefined && memory.restarts >= maximum) {
    return over(memory, 'failed', 'Exited')
  }
  const delay = ran >= 10_000 || memory.delay === 0 ? 100 : Math.min(memory.delay * 2, 60_000)
  return again({ ...memory, delay }, delay, 'Restarting')
}

/**
 * Kubernetes (kubelet): restarts at once the first time, then after 10 s, doubling, 5 minutes at most; a run of 10 minutes resets the
 * delay.
 */
function pod(
  { policy = 'Always' }: Keeper & { by: 'pod' },
  memory: RestartHistory,
  { status, ran }: ProgramEnd,
): ReturnType<Rule<'pod'>> {
  const failed = !('code' in status) || status.code !== 0
  if (policy === 'Never' || (policy === 'OnFailure' && !failed)) {
    return over(memory, failed ? 'failed' : 'exited', failed ? 'Error' : 'Completed')
  }
  const first = ran >= 600_000 || memory.failures === 0
  const delay = first ? 0 : Math.min(memory.delay === 0 ? 10_000 : memory.delay * 2, 300_000)
  const failures = first ? 1 : memory.failures + 1
  return again({ ...memory, delay, failures }, delay, delay === 0 ? 'Running' : 'CrashLoopBackOff')
}

function again(
  memory: RestartHistory,
  after: number,
  stateText: string,
): { decision: RestartDecision; memory: RestartHistory } {
  return { decision: { again: true, after, stateText }, memory }
}

function over(
  memory: RestartHistory,
  state: KeptProgramState,
  stateText: string,
): { decision: RestartDecision; memory: RestartHistory } {
  return { decision: { again: false, state, stateText }, memory }
}

/** Whether a keeper starts its program at boot. @param stopped whether somebody had stopped it by hand */
export function startsAtBoot(keeper: Keeper, stopped: boolean): boolean {
  switch (keeper.by) {
    case 'supervisor':
      return keeper.autostart ?? true
    case 'container':
      // `always` also starts what was stopped by hand; `on-failure` starts nothing at boot.
      return keeper.policy === 'always' || (keeper.policy === 'unless-stopped' && !stopped)
    case 'pod':
      return (keeper.policy ?? 'Always') === 'Always' && !stopped
    default:
      return false
  }
}

/** How long a stop waits between SIGTERM and SIGKILL, in ms. */
export function gracePeriod(keeper: Keeper): number {
  switch (keeper.by) {
    case 'container':
      return (keeper.grace ?? 10) * 1000
    case 'pod':
      return (keeper.grace ?? 30) * 1000
    case 'supervisor':
      return (keeper.stopwaitsecs ?? 10) * 1000
    default:
      return Infinity
  }
}
