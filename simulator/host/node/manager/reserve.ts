import type { Birth } from '../protocol.ts'
import type { ChildEvents, Children } from './children.ts'
import { FIRST_INHERITED_FD } from './children.ts'
import type { NotListening } from './listeners.ts'

/**
 * Workers that are started before they are asked for. `listen()` without accepting is left to a child, which shares the socket:
 * the first of them does it, and meanwhile all of them load what a worker needs.
 */
export class Reserve {
  readonly #children: Children
  readonly #waiting: Waiting[] = []

  constructor(children: Children) {
    this.#children = children
  }

  /**
   * Makes sockets listen, and has so many workers wait for their birth.
   *
   * @returns what kept one of them from it; then nobody waits.
   */
  async listen(fds: readonly number[], backlog: number, workers: number): Promise<NotListening | undefined> {
    const failure = await new Promise<NotListening | undefined>((resolve) => {
      const lost = (code: string) => resolve({ at: 0, code })
      const first: ChildEvents = {
        onMessage: (message) => {
          if (message.says === 'listening') resolve(message.failure)
        },
        onExit: (status) => lost('signal' in status ? status.signal : 'ECHILD'),
        onStartFailure: ({ code = '' }) => lost(code),
      }
      this.#start(fds, first, backlog, workers > 0)
      for (let i = 1; i < workers; i++) this.#start(fds, { onStartFailure: () => undefined })
    })
    if (failure !== undefined || workers === 0) this.end()
    return failure
  }

  /**
   * One that waits comes into the world.
   *
   * @returns its PID, or nothing when nobody waits.
   */
  take(birth: Birth, events: ChildEvents): number | undefined {
    const next = this.#waiting.shift()
    if (next === undefined) return undefined
    next.events = events
    this.#children.tell(next.pid, { says: 'begin', birth })
    return next.pid
  }

  /** Ends those who still wait. */
  end(): void {
    for (const { pid } of this.#waiting.splice(0)) this.#children.kill(pid, 'KILL')
  }

  #start(fds: readonly number[], events: ChildEvents, backlog?: number, isWorker = true): void {
    const inherited = fds.map((_, i) => FIRST_INHERITED_FD + i)
    // Once more, to be closed again as soon as they listen.
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

interface Waiting {
  pid: number
  events: ChildEvents
}
