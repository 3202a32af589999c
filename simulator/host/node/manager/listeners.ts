import { closeSync, existsSync } from 'node:fs'
import { getSystemErrorName } from 'node:util'
import type { BindError, ManagerEffect } from '../../../manager/machine.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import { bindError, cannotListen } from '../bind-error.ts'
import { Failure } from '../failure.ts'
import type { Succession } from '../protocol.ts'
import type { Children } from './children.ts'
import { FIRST_INHERITED_FD } from './children.ts'
import type { Listening } from './listening.ts'
import { openListening } from './listening.ts'

/** What became of an attempt to bind. */
export type Opened = { readonly binds: readonly Bind[] } | { readonly bind: Bind; readonly error: BindError }

type BindEffect = ManagerEffect & { type: 'bind' }

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

  /** Both of them, for a second master. */
  get sockets(): Succession['sockets'] {
    return this.#open.map(({ fd, bind }) => ({ fd, bind }))
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
  async open({ binds, backlog, tls, replacesFile = false }: BindEffect): Promise<Opened> {
    const [first] = binds
    const missing = missingFile(tls)
    if (missing !== undefined && first !== undefined) return { bind: first, error: missing }
    for (const bind of binds) {
      try {
        const listening = await openListening(bind, replacesFile, this.#settings.gunicorn?.reusePort === true)
        this.#open.push(listening)
        if (this.#settings.speaks.program === 'gunicorn') await this.#listen(listening.fd, backlog)
      } catch (error) {
        this.close()
        if (error instanceof Failure) throw error
        const { code = '' } = error as NodeJS.ErrnoException
        const known = bindError(code)
        if (known === undefined) throw cannotListen(bind, code)
        return { bind, error: known }
      }
    }
    return { binds: this.binds }
  }

  /** Takes over the sockets of the first master, which listen already. */
  inherit({ sockets }: Succession): Opened {
    this.#open = sockets.map(({ fd, bind }) => ({ fd, bind, close: () => closeSync(fd) }))
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

/** gunicorn looks for the files of TLS before it binds, for the certificate first. */
function missingFile(tls: BindEffect['tls']): BindError | undefined {
  if (tls?.certfile !== undefined && !existsSync(tls.certfile)) return 'no-certfile'
  return tls?.keyfile !== undefined && !existsSync(tls.keyfile) ? 'no-keyfile' : undefined
}
