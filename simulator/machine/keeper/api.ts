import type { Stream } from '../../manager/log.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { SignalName } from '../../manager/signals.ts'

/** `-p IP:HOST:CONTAINER`. */
export interface Publish {
  readonly host: number
  readonly inner: number
  /** The machine's address that the port is published on; all of them (0.0.0.0) unless said otherwise. */
  readonly ip?: string
}

/** HEALTHCHECK; times in ms. */
export interface HealthCheck {
  readonly test: readonly string[]
  readonly interval: number
  readonly timeout: number
  readonly retries: number
  readonly startPeriod: number
}

/** What the health check has found since the container started. */
export interface Health {
  readonly status: 'starting' | 'healthy' | 'unhealthy'
  readonly failing: number
  readonly log: readonly {
    readonly start: number
    readonly end: number
    readonly exitCode: number
    readonly output: string
  }[]
}

/** What a kept program wrote at once: a line, or a part of one. They are numbered. */
export interface OutputLine {
  readonly number: number
  readonly at: number
  readonly stream: Stream
  readonly text: string
}

/** What keeps a program running, other than the init system. The restarts chapter compares what each does when the program ends. */
export type Keeper =
  /** Started once, and never restarted. */
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
  /** Docker with a restart policy: it waits 100 ms, doubling up to a minute; the delay is reset once the container has run for 10 s. */
  | {
      readonly by: 'container'
      readonly policy: 'no' | 'on-failure' | 'always' | 'unless-stopped'
      /** `on-failure:N`. */
      readonly maximum?: number
      /** `CMD ["a", "b"]`, or `CMD a b`: there a shell is PID 1 and does not pass signals on. */
      readonly form?: 'exec' | 'shell'
      /** `--init`: a small PID 1 that passes signals on and reaps. */
      readonly init?: boolean
      /** `--memory`, in bytes: the kernel kills inside the container when it is exceeded. */
      readonly memory?: number
      /** `-p HOST:CONTAINER`. */
      readonly ports?: readonly Publish[]
      /** The network of Docker that it is in (`bridge`), or `none`; absent when it has the machine's own. */
      readonly network?: string
      /** Its other DNS names in its network. */
      readonly names?: readonly string[]
      readonly image?: string
      readonly health?: HealthCheck
      /** The signal of `docker stop` (SIGTERM). */
      readonly stopSignal?: SignalName
      /** `--rm`. */
      readonly autoRemove?: boolean
      readonly labels?: Readonly<Record<string, string>>
      /** How long `docker stop` waits before SIGKILL, in seconds (10). */
      readonly grace?: number
    }
  /** Kubernetes, a container of a pod: it waits 10 s, doubling up to 5 minutes; the delay is reset once it has run for 10 minutes. */
  | {
      readonly by: 'pod'
      readonly policy?: 'Always' | 'OnFailure' | 'Never'
      readonly memory?: number
      /** `terminationGracePeriodSeconds` (30). */
      readonly grace?: number
    }

/** A program and what keeps it running. */
export interface KeptProgramSpec {
  readonly name: string
  readonly keeper: Keeper
  /** The command line, e.g. `uvicorn main:app --workers 4`. */
  readonly command: string
  readonly env?: Readonly<Record<string, string>>
  /** Its arguments; absent: `command` is split. */
  readonly argv?: readonly string[]
  /** The user that it runs as in a container (default: root). */
  readonly user?: string
  readonly cwd?: string
}

/**
 * The state of a kept program. `KeptProgram.stateText` has it in the keeper's own words: `RUNNING`, `BACKOFF`, `Restarting`, `CrashLoopBackOff`.
 */
export type KeptProgramState =
  | 'starting'
  | 'running'
  | 'waiting'
  | 'stopping'
  | 'stopped'
  /** The keeper gave up. */
  | 'failed'
  /** The program ended and is not restarted. */
  | 'exited'

export interface KeptProgram {
  readonly keeping: KeptProgramSpec
  readonly state: KeptProgramState
  /** The state as the keeper's own commands print it. */
  readonly stateText: string
  readonly pid: number | undefined
  /** Automatic restarts since the program was started by hand or at boot. */
  readonly restarts: number
  /** When it is to be started again (virtual ms). */
  readonly restartAt: number | undefined
  readonly status: ExitStatus | undefined
  readonly oomKilled: boolean
  readonly since: number
  readonly createdAt: number
  /** When its last run began, and ended. */
  readonly startedAt: number
  readonly finishedAt: number | undefined
  readonly health: Health | undefined
  /** Its address in its network while it runs. */
  readonly address: string | undefined
}

/** A program that is started in a running container (`docker exec`). */
export interface ContainerExec {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly user?: string
  readonly cwd?: string
  readonly write: (stream: Stream, text: string) => void
  readonly onEnd: (status: ExitStatus) => void
}

/** The keepers of the machine. */
export interface Keepers {
  /**
   * Adds a program and starts it, unless its keeper is set not to.
   * @throws RangeError when there is one of that name already.
   */
  add(keeping: KeptProgramSpec): void
  /** Stops the program as its keeper does: SIGTERM, then SIGKILL after the grace period; `patience` overrides that, in seconds. */
  stop(name: string, done?: () => void, patience?: number): 'done' | 'not-found'
  start(name: string): 'done' | 'not-found'
  /** `docker kill -s`: after its stop signal or SIGKILL it is not started again. */
  signal(name: string, signal: SignalName): 'done' | 'not-running'
  /** Starts a program in a running container. @returns its PID */
  exec(name: string, exec: ContainerExec): number | 'not-running' | 'not-found'
  /** Kills the program at once and removes it from the list. */
  remove(name: string): 'done' | 'not-found'
  list(): readonly KeptProgram[]
  /** The end of the program's output (`docker logs`). */
  output(name: string): readonly OutputLine[]
  /** The keeper's own log: supervisord's, or the events of Docker and of the pod. */
  log(name: string): readonly { readonly at: number; readonly text: string }[]
}
