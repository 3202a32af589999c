import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ExitStatus } from '../../../manager/machine.ts'
import { isSignalName, type SignalName } from '../../../manager/signals.ts'
import { readMessages, messageLine } from '../ipc/channel.ts'
import type { Assignment, ChildMessage, ChildTask, ManagerMessage } from '../ipc/protocol.ts'
import { BOOT_FLAG, TASK_VARIABLE } from '../ipc/protocol.ts'
import { startProcess } from '../system/start-process.ts'
import type { Sentinel } from './sentinel.ts'

/** The program of every child, built from `../child/worker.ts`; it lies beside this bundle. */
const CHILD_PROGRAM = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/** Callbacks for the events of a child. */
export interface ChildEvents {
  readonly onMessage?: (message: ChildMessage) => void
  /** Comes once, after the process was reaped. */
  readonly onExit?: (status: ExitStatus) => void
  /** The process could not be started, e.g. `EAGAIN` when there are too many. */
  readonly onStartFailure: (error: NodeJS.ErrnoException) => void
}

/** Signals that ask a process to end. */
export const STOP_SIGNALS: readonly SignalName[] = ['INT', 'TERM', 'QUIT']

/** The child processes of this one. */
export class Children {
  readonly #running = new Map<number, ChildProcess>()
  /** Those that were asked to end, and are still there. */
  readonly #leaving = new Set<number>()
  #onGone: (() => void) | undefined
  readonly #sentinel: Sentinel
  readonly #output: number | 'inherit'
  /** A copy: reading `process.env` itself looks every variable up again. */
  readonly #env = { ...process.env }

  readonly #ignoreHangUp: () => boolean

  /**
   * `output`: the descriptor that children print to, if it is not this process's own; `ignoreHangUp`: whether a child that is started now
   * inherits that SIGHUP is ignored.
   */
  constructor(sentinel: Sentinel, output: number | undefined, ignoreHangUp: () => boolean) {
    this.#sentinel = sentinel
    this.#ignoreHangUp = ignoreHangUp
    this.#output = output ?? 'inherit'
  }

  /**
   * Starts a child; `fds` become its descriptors 4, 5, … (3 is the channel).
   * @returns its PID, or `undefined` when the process could not be started.
   */
  start(task: ChildTask, fds: readonly number[], events: ChildEvents): number | undefined {
    const token = Math.random().toString(36).slice(2)
    const hangUp = this.#ignoreHangUp() ? { ignoresHangUp: true as const } : {}
    const assignment: Assignment = { ...task, token, ...hangUp }
    const child = startProcess(
      process.execPath,
      [BOOT_FLAG, ...process.execArgv, CHILD_PROGRAM],
      {
        stdio: ['ignore', this.#output, this.#output, 'pipe', ...fds],
        env: { ...this.#env, [TASK_VARIABLE]: JSON.stringify(assignment) },
      },
      events.onStartFailure,
    )
    const pid = child?.pid
    if (child === undefined || pid === undefined) return undefined
    this.#running.set(pid, child)
    this.#sentinel.watch(pid)
    const channel = child.stdio[3] as Socket
    readMessages(channel, (message) => {
      if (isOurs(message, token)) events.onMessage?.(message)
    })
    // A child that is just exiting cannot be told anything.
    channel.on('error', () => undefined)
    child.once('exit', (code, signal) => {
      this.#running.delete(pid)
      this.#leaving.delete(pid)
      this.#sentinel.forget(pid)
      events.onExit?.(exitStatus(code, signal))
      if (this.#running.size === 0) this.#onGone?.()
    })
    return pid
  }

  /** Sends a signal, unless the child has ended. */
  kill(pid: number, signal: SignalName): void {
    if (!this.#running.has(pid)) return
    if (STOP_SIGNALS.includes(signal)) this.#leaving.add(pid)
    if (signal === 'KILL') this.#leaving.delete(pid)
    this.#running.get(pid)?.kill(`SIG${signal}`)
  }

  /** Sends a message to a child, unless it has ended. */
  tell(pid: number, message: ManagerMessage): void {
    const channel = this.#running.get(pid)?.stdio[3] as Socket | undefined
    channel?.write(messageLine(message))
  }

  isRunning(pid: number): boolean {
    return this.#running.has(pid)
  }

  /** Asks all children to end. */
  askAll(): void {
    for (const pid of this.#running.keys()) this.kill(pid, 'TERM')
  }

  /**
   * Kills the children that are left: those that were asked to end after `ms`, the others at once.
   * @param gone called when none is left, before this returns if there is none to wait for
   */
  endAll(ms: number, gone: () => void): void {
    for (const pid of this.#running.keys()) if (!this.#leaving.has(pid)) this.kill(pid, 'KILL')
    if (this.#leaving.size === 0) return gone()
    this.#onGone = gone
    setTimeout(() => {
      for (const pid of this.#leaving) this.kill(pid, 'KILL')
    }, ms)
  }
}

function isOurs(message: unknown, token: string): message is ChildMessage {
  return (message as { token?: unknown } | null)?.token === token
}

/** The first descriptor after stdin, stdout, stderr and the channel for messages. */
export const FIRST_INHERITED_FD = 4

/** The exit status in the managers' terms. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  const name = signal?.slice('SIG'.length)
  if (name === undefined) return { code: code ?? 0 }
  return { signal: isSignalName(name) ? name : 'ABRT' }
}
