import type { Health, HealthCheck } from '../../machine/keeper/api.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Clock } from './clock.ts'
import type { ScheduledEvent } from './queue.ts'

/** Starts the test in the container. @returns its PID */
export type RunTest = (
  write: (text: string) => void,
  onEnd: (status: ExitStatus) => void,
) => number | 'not-found'

interface Dependencies {
  readonly clock: Clock
  readonly kill: (pid: number) => void
}

/** How many results `docker inspect` keeps. */
const RESULTS = 5

/** HEALTHCHECK of one run of a container: starting, then healthy or unhealthy. Docker restarts nothing because of it. */
export class RunningHealthCheck {
  readonly #parts: Dependencies
  readonly #check: HealthCheck
  readonly #run: RunTest
  readonly #changed: (status: Health['status']) => void
  readonly #begun: number
  #due: ScheduledEvent | undefined
  #over = false
  health: Health = { status: 'starting', failing: 0, log: [] }

  constructor(
    parts: Dependencies,
    check: HealthCheck,
    run: RunTest,
    changed: (status: Health['status']) => void,
  ) {
    this.#parts = parts
    this.#check = check
    this.#run = run
    this.#changed = changed
    this.#begun = parts.clock.now
    this.#later()
  }

  end(): void {
    this.#over = true
    this.#parts.clock.cancel(this.#due)
  }

  #later(): void {
    if (!this.#over) this.#due = this.#parts.clock.after(this.#check.interval, () => this.#test())
  }

  #test(): void {
    const { clock, kill } = this.#parts
    const start = clock.now
    let output = ''
    let done = false
    const finish = (exitCode: number, text: string): void => {
      if (done || this.#over) return
      done = true
      clock.cancel(late)
      this.#result({ start, end: clock.now, exitCode, output: text })
      this.#later()
    }
    const pid = this.#run(
      (text) => (output += text),
      (status) => finish('code' in status ? status.code : -1, output),
    )
    const { timeout } = this.#check
    const late = clock.after(timeout, () => {
      finish(-1, `Health check exceeded timeout (${timeout / 1000}s)`)
      if (pid !== 'not-found') kill(pid)
    })
    if (pid === 'not-found') finish(127, 'executable file not found in $PATH')
  }

  #result(result: Health['log'][number]): void {
    const { retries, startPeriod } = this.#check
    const good = result.exitCode === 0
    // While it starts, a failure does not count.
    const early = !good && this.health.status === 'starting' && result.end - this.#begun < startPeriod
    const failing = good ? 0 : this.health.failing + (early ? 0 : 1)
    const status = good ? 'healthy' : failing >= retries ? 'unhealthy' : this.health.status
    const before = this.health.status
    this.health = { status, failing, log: [...this.health.log, result].slice(-RESULTS) }
    if (status !== before) this.#changed(status)
  }
}
