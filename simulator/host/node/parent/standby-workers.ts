import type { ExitStatus } from '../../../manager/machine.ts'
import { Failure } from '../output/failure.ts'
import { fill, sentence } from '../output/language.ts'
import type { WorkerBirthMessage } from '../ipc/protocol.ts'
import type { ChildEvents, Children } from './children.ts'
import { FIRST_INHERITED_FD } from './children.ts'
import type { NotListening } from './listeners.ts'

/**
 * Worker processes that are started before the manager forks them. Node cannot listen without accepting in the parent, so the first of them
 * calls `listen()` on the shared sockets; meanwhile all of them load what a worker needs.
 */
export class StandbyWorkers {
  readonly #children: Children
  readonly #waiting: Waiting[] = []

  constructor(children: Children) {
    this.#children = children
  }

  /**
   * Makes sockets listen, and starts `workers` processes that wait for their `birth`.
   * @returns which socket does not listen, and why; then no process waits.
   */
  async listen(fds: readonly number[], backlog: number, workers: number): Promise<NotListening | undefined> {
    const failure = await new Promise<NotListening | undefined>((resolve, reject) => {
      const first: ChildEvents = {
        onMessage: (message) => {
          if (message.says === 'listening') resolve(message.failure)
        },
        onExit: (status) => reject(neverBegan(status)),
        onStartFailure: (error) => reject(cannotFork(error)),
      }
      this.#start(fds, first, backlog, workers > 0)
      for (let i = 1; i < workers; i++) this.#start(fds, { onStartFailure: () => undefined })
    })
    if (failure !== undefined || workers === 0) this.end()
    return failure
  }

  /** Turns a waiting process into this worker. @returns its PID, or `undefined` when none waits. */
  take(birth: WorkerBirthMessage, events: ChildEvents): number | undefined {
    const next = this.#waiting.shift()
    if (next === undefined) return undefined
    next.events = events
    this.#children.tell(next.pid, { says: 'begin', birth })
    return next.pid
  }

  /** Ends the processes that still wait. */
  end(): void {
    for (const { pid } of this.#waiting.splice(0)) this.#children.kill(pid, 'KILL')
  }

  #start(fds: readonly number[], events: ChildEvents, backlog?: number, isWorker = true): void {
    const inherited = fds.map((_, i) => FIRST_INHERITED_FD + i)
    // Duplicated; these copies are closed as soon as the sockets listen.
    const again = inherited.map((fd) => fd + fds.length)
    const listen = backlog === undefined ? {} : { listen: { fds: again, backlog } }
    const waiting: Waiting = { pid: 0, events }
    const pid = this.#children.start(
      { do: isWorker ? 'work' : 'listen', fds: inherited, ...listen },
      backlog === undefined ? fds : [...fds, ...fds],
      {
        onMessage: (message) => waiting.events.onMessage?.(message),
        onExit: (status) => {
          const place = this.#waiting.indexOf(waiting)
          if (place >= 0) this.#waiting.splice(place, 1)
          waiting.events.onExit?.(status)
        },
        onStartFailure: (error) => waiting.events.onStartFailure(error),
      },
    )
    if (pid === undefined) return
    waiting.pid = pid
    this.#waiting.push(waiting)
  }
}

/** The failure when not even the first process can be started. */
export function cannotFork({ code = '' }: { readonly code?: string }): Failure {
  return new Failure(sentence((said) => fill(said.cannotFork, { code })))
}

/**
 * The failure when a process ended before it could begin. Ctrl+C reaches it and us alike, and then, as in the original, nothing is printed.
 */
function neverBegan(status: ExitStatus): Failure {
  if ('signal' in status && status.signal === 'INT') return new Failure('', 0)
  const end = 'signal' in status ? `SIG${status.signal}` : `exit code ${status.code}`
  const { NODE_OPTIONS: value = '' } = process.env
  const text = sentence(({ nodeOptions, noBegin }) =>
    fill(noBegin, { end, options: value === '' ? '' : fill(nodeOptions, { value }) }).trimEnd(),
  )
  return new Failure(text)
}

interface Waiting {
  pid: number
  events: ChildEvents
}
