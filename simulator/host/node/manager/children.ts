import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ExitStatus } from '../../../manager/machine.ts'
import { isSignalName, type SignalName } from '../../../manager/signals.ts'
import { hearLines, lineOf } from '../channel.ts'
import type { ChildMessage, ChildTask, ManagerMessage } from '../protocol.ts'
import { BOOT_FLAG, TASK_VARIABLE } from '../protocol.ts'
import type { Sentinel } from './sentinel.ts'

/** The program of every child, beside this file in the bundle. */
const CHILD_PROGRAM = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/** What a child's starter wants to hear of it. */
export interface ChildEvents {
  readonly onMessage?: (message: ChildMessage) => void
  /** Comes once, after the process was reaped. */
  readonly onExit?: (status: ExitStatus) => void
  /** No process could be made, e.g. `EAGAIN` when there are too many. */
  readonly onStartFailure: (error: NodeJS.ErrnoException) => void
}

/** The child processes of this one. */
export class Children {
  readonly #running = new Map<number, ChildProcess>()
  readonly #sentinel: Sentinel
  readonly #output: number | 'inherit'
  /** A copy: to take one of `process.env` reads every variable anew. */
  readonly #env = { ...process.env }

  /** `output`: where children print to, when it is not where this process does. */
  constructor(sentinel: Sentinel, output: number | undefined) {
    this.#sentinel = sentinel
    this.#output = output ?? 'inherit'
  }

  /**
   * Starts a child; `fds` become its descriptors 4, 5, … (3 is for messages).
   *
   * @returns its PID, or nothing when no process could be made.
   */
  start(task: ChildTask, fds: readonly number[], events: ChildEvents): number | undefined {
    const child = spawn(process.execPath, [BOOT_FLAG, ...process.execArgv, CHILD_PROGRAM], {
      stdio: ['ignore', this.#output, this.#output, 'pipe', ...fds],
      env: { ...this.#env, [TASK_VARIABLE]: JSON.stringify(task) },
    })
    const { pid } = child
    if (pid === undefined) {
      child.once('error', events.onStartFailure)
      return undefined
    }
    this.#running.set(pid, child)
    this.#sentinel.watch(pid)
    const channel = child.stdio[3] as Socket
    hearLines(channel, (message) => events.onMessage?.(message as ChildMessage))
    // One that is just leaving hears nothing any more.
    channel.on('error', () => undefined)
    child.once('exit', (code, signal) => {
      this.#running.delete(pid)
      this.#sentinel.forget(pid)
      events.onExit?.(exitStatus(code, signal))
    })
    return pid
  }

  /** Sends a signal, unless the child is gone already. */
  kill(pid: number, signal: SignalName): void {
    this.#running.get(pid)?.kill(`SIG${signal}`)
  }

  /** Says something to a child, unless it is gone already. */
  tell(pid: number, message: ManagerMessage): void {
    const channel = this.#running.get(pid)?.stdio[3] as Socket | undefined
    channel?.write(lineOf(message))
  }

  isRunning(pid: number): boolean {
    return this.#running.has(pid)
  }

  /** Ends whoever is left, at once. */
  killAll(): void {
    for (const child of this.#running.values()) child.kill('SIGKILL')
  }
}

/** The first descriptor after stdin, stdout, stderr and the channel for messages. */
export const FIRST_INHERITED_FD = 4

/** How a process ended, as the machines know it. */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  const name = signal?.slice('SIG'.length)
  if (name === undefined) return { code: code ?? 0 }
  return { signal: isSignalName(name) ? name : 'ABRT' }
}
