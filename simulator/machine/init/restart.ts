import type { ExitStatus } from '../../manager/machine.ts'
import type { UnitResult } from './api.ts'
import type { RestartPolicy, Service } from './service.ts'

/** Signals that a service may end by without having failed (systemd: `is_clean_exit` for daemons); `on-abort` counts every other one as a crash. */
const CLEAN_SIGNALS: readonly string[] = ['HUP', 'INT', 'TERM', 'PIPE']

/** The `Result=` of a service whose main process ended like this. */
export function unitResultOf(
  status: ExitStatus,
  service: Pick<Service, 'successStatus' | 'type'>,
): UnitResult {
  if ('code' in status) {
    return status.code === 0 || service.successStatus.includes(status.code) ? 'success' : 'exit-code'
  }
  const clean = service.type !== 'oneshot' && CLEAN_SIGNALS.includes(status.signal)
  return clean || service.successStatus.includes(status.signal) ? 'success' : 'signal'
}

/** Whether systemd restarts a service after this result (`service_shall_restart`, systemd 252). */
export function shouldRestart(policy: RestartPolicy, result: UnitResult): boolean {
  switch (policy) {
    case 'no':
      return false
    case 'always':
      return true
    case 'on-success':
      return result === 'success'
    case 'on-failure':
      return result !== 'success'
    case 'on-abnormal':
      return result !== 'success' && result !== 'exit-code'
    case 'on-abort':
      return result === 'signal' || result === 'oom-kill'
    case 'on-watchdog':
      return false
  }
}

/** Whether `RestartPreventExitStatus=` keeps a service from being restarted after its main process ended like this. */
export function preventsRestart(
  { preventStatus }: Pick<Service, 'preventStatus'>,
  status: ExitStatus | undefined,
): boolean {
  return status !== undefined && preventStatus.includes('code' in status ? status.code : status.signal)
}

/**
 * The start limit (`StartLimitBurst=` starts within `StartLimitIntervalSec=`; src/basic/ratelimit.c): counts starts in windows of time. A
 * window begins with the first start after the last window is over.
 */
export class StartLimit {
  #begin = -Infinity
  #count = 0

  /** Counts a start at `now`, if it is allowed. @returns whether it is. Times in ms; an interval or a burst of 0 turns the limit off. */
  take(now: number, interval: number, burst: number): boolean {
    if (interval === 0 || burst === 0) return true
    if (this.#begin === -Infinity || now - this.#begin > interval) {
      this.#begin = now
      this.#count = 1
      return true
    }
    if (this.#count >= burst) return false
    this.#count += 1
    return true
  }

  reset(): void {
    this.#begin = -Infinity
    this.#count = 0
  }
}
