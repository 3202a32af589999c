import { getSystemErrorName } from 'node:util'
import type { BindError } from '../../../manager/machine.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import { bindError, cannotListen } from '../bind-error.ts'
import type { Children } from './children.ts'
import { FIRST_INHERITED_FD } from './children.ts'
import type { Listening } from './listening.ts'
import { openListening } from './listening.ts'

/** What became of an attempt to bind. */
export type Opened = { readonly binds: readonly Bind[] } | { readonly bind: Bind; readonly error: BindError }

/** The sockets of this process: bound here, inherited by the workers, and never accepted on. */
export class Listeners {
  readonly #children: Children
  readonly #settings: Settings
  #open: Listening[] = []

  constructor(children: Children, settings: Settings) {
    this.#children = children
    this.#settings = settings
  }

  /** The descriptors that a worker inherits. */
  get fds(): readonly number[] {
    return this.#open.map(({ fd }) => fd)
  }

  /** What is listened on, with the ports that were given. */
  get binds(): readonly Bind[] {
    return this.#open.map(({ bind }) => bind)
  }

  /**
   * Binds every address. gunicorn's arbiter also listens on them, so that a taken port shows and clients wait in the
   * backlog from then on; with uvicorn that is up to the workers.
   *
   * @throws Failure when the system's reason has no words in the originals.
   */
  async open(binds: readonly Bind[], backlog: number): Promise<Opened> {
    const gunicorn = this.#settings.speaks.program === 'gunicorn'
    for (const bind of binds) {
      try {
        const listening = await openListening(bind, gunicorn)
        this.#open.push(listening)
        if (gunicorn) await this.#listen(listening.fd, backlog)
      } catch (error) {
        this.close()
        const { code = '' } = error as NodeJS.ErrnoException
        const known = bindError(code)
        if (known === undefined) throw cannotListen(bind, code)
        return { bind, error: known }
      }
    }
    return { binds: this.binds }
  }

  close(): void {
    for (const listening of this.#open) listening.close()
    this.#open = []
  }

  /** `listen()` without accepting is left to a short-lived child, which shares the socket. */
  #listen(fd: number, backlog: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#children.start({ do: 'listen', fd: FIRST_INHERITED_FD, backlog }, [fd], {
        onExit: (status) => {
          if ('code' in status && status.code === 0) return resolve()
          const code = 'code' in status ? getSystemErrorName(-status.code) : status.signal
          reject(Object.assign(new Error(`listen ${code}`), { code }))
        },
        onStartFailure: reject,
      })
    })
  }
}
