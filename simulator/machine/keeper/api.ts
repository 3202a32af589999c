import type { ExitStatus } from '../../manager/machine.ts'

/** Ways to keep a program running, beside the init system: to compare what each does when the program ends. */
export type Keeper =
  /** Started once, and that was it. */
  | { readonly by: 'nobody' }
  /** `while true; do PROGRAM; sleep PAUSE; done` (ms). */
  | { readonly by: 'loop'; readonly pause: number }
  /** Supervisor 4.2: times in seconds, as in its file. */
  | {
      readonly by: 'supervisor'
      readonly autostart?: boolean
      /** `unexpected`: only when the exit code is none of `exitcodes`. */
      readonly autorestart?: boolean | 'unexpected'
      readonly exitcodes?: readonly number[]
      readonly startsecs?: number
      readonly startretries?: number
      readonly stopwaitsecs?: number
    }
  /** Docker: the restart policy of a container (100 ms, doubling, up to a minute; from the start again after 10 s of running). */
  | {
      readonly by: 'container'
      readonly policy: 'no' | 'on-failure' | 'always' | 'unless-stopped'
      /** `on-failure:N`. */
      readonly maximum?: number
      /** `CMD ["a", "b"]` or `CMD a b`, which puts a shell before the program: signals end there. */
      readonly form?: 'exec' | 'shell'
      /** `--init`: a small PID 1 that passes signals on and reaps. */
      readonly init?: boolean
      /** `--memory`, in bytes: the kernel kills inside the container when it is exceeded. */
      readonly memory?: number
      /** `docker stop` waits so long, in seconds (10). */
      readonly grace?: number
    }
  /** Kubernetes: a container of a pod (10 s, doubling, up to 5 minutes; from the start again after 10 minutes of running). */
  | {
      readonly by: 'pod'
      readonly policy?: 'Always' | 'OnFailure' | 'Never'
      readonly memory?: number
      /** `terminationGracePeriodSeconds` (30). */
      readonly grace?: number
    }

/** A program and how it is kept. */
export interface Keeping {
  readonly name: string
  readonly keeper: Keeper
  /** The command line, e.g. `uvicorn main:app --workers 4`. */
  readonly command: string
  readonly env?: Readonly<Record<string, string>>
}

/** The state in the keeper's own words: `RUNNING`, `BACKOFF`, `Restarting`, `CrashLoopBackOff`. */
export type KeptState =
  | 'starting'
  | 'running'
  | 'waiting'
  | 'stopping'
  | 'stopped'
  /** It gave up. */
  | 'failed'
  /** It ended, and nobody starts it again. */
  | 'exited'

export interface Kept {
  readonly keeping: Keeping
  readonly state: KeptState
  /** As the keeper calls it. */
  readonly word: string
  readonly pid: number | undefined
  /** How often the keeper started it again since it was started by hand or at boot. */
  readonly restarts: number
  /** When it is to be started again (virtual ms). */
  readonly restartAt: number | undefined
  readonly status: ExitStatus | undefined
  readonly oomKilled: boolean
  readonly since: number
}

/** The keepers of the machine. */
export interface Keepers {
  /**
   * Sets a program up and starts it, unless the keeper says otherwise.
   * @throws RangeError when there is one of that name already.
   */
  add(keeping: Keeping): void
  /** Stops it as its keeper does: SIGTERM, patience, SIGKILL. */
  stop(name: string, done?: () => void): 'done' | 'not-found'
  start(name: string): 'done' | 'not-found'
  /** Ends it at once and forgets it. */
  remove(name: string): 'done' | 'not-found'
  list(): readonly Kept[]
  /** What the program wrote, the last of it (`docker logs`). */
  output(name: string): string
  /** What the keeper wrote down: supervisord's log, the events of Docker and of the pod. */
  log(name: string): readonly { readonly at: number; readonly text: string }[]
}
