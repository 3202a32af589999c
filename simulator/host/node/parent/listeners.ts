import { closeSync, existsSync } from 'node:fs'
import type { BindError, ManagerEffect } from '../../../manager/machine.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import { traitsOf } from '../../../manager/traits.ts'
import { withoutUndefined } from '../../../command/only.ts'
import { bindError, cannotListen } from '../system/bind-error.ts'
import { isFailure } from '../output/failure.ts'
import { nameOf } from './passed-sockets.ts'
import type { Succession } from '../ipc/protocol.ts'
import { removeSocketFile } from '../system/socket-file.ts'
import type { InheritedSocket } from './bind-address.ts'
import { bindAddress } from './bind-address.ts'

/** The result of binding. */
export type BindResult =
  { readonly binds: readonly Bind[] } | { readonly bind: Bind; readonly error: BindError }

/** Which socket does not listen, and the system's error code. */
export interface NotListening {
  readonly at: number
  readonly code: string
}

type Listen = (fds: readonly number[], backlog: number) => Promise<NotListening | undefined>

type BindEffect = ManagerEffect & { type: 'bind' }

/** The sockets of this process: bound here, inherited by the workers, and never accepted on. */
export class Listeners {
  readonly #listen: Listen
  readonly #settings: Settings
  readonly #isShared: () => boolean
  #open: InheritedSocket[] = []

  /** `listen` makes bound sockets listen; `isShared` tells whether another master serves on them now. */
  constructor(listen: Listen, settings: Settings, isShared: () => boolean) {
    this.#listen = listen
    this.#isShared = isShared
    this.#settings = settings
  }

  /** The descriptors that a worker inherits. */
  get fds(): readonly number[] {
    return this.#open.map(({ fd }) => fd)
  }

  /** Descriptors and binds, for a second master. */
  get sockets(): Succession['sockets'] {
    return this.#open.map(({ fd, bind, isForeign }) => ({ fd, bind, ...withoutUndefined({ isForeign }) }))
  }

  /** The addresses, with the ports that were assigned. */
  get binds(): readonly Bind[] {
    return this.#open.map(({ bind }) => bind)
  }

  /** Whether this is one of the binds, as a child has got it: by way of JSON, its fields in the same order. */
  has(bind: Bind): boolean {
    return this.binds.some((each) => JSON.stringify(each) === JSON.stringify(bind))
  }

  /**
   * Binds every address. gunicorn's arbiter also listens on them, so that a taken port is noticed and clients wait in the backlog from then
   * on; with uvicorn the workers listen.
   * @throws Failure for a system error that the originals have no message for.
   */
  async open({ binds, backlog, tls, replacesFile = false }: BindEffect): Promise<BindResult> {
    const [first] = binds
    const missing = missingFile(tls)
    if (missing !== undefined && first !== undefined) return { bind: first, error: missing }
    for (const bind of binds) {
      try {
        this.#open.push(await bindAddress(bind, replacesFile, this.#settings.gunicorn?.reusePort === true))
      } catch (error) {
        return this.#failed(bind, error)
      }
    }
    if (traitsOf(this.#settings.speaks).listens === 'workers') return { binds: this.binds }
    // gunicorn names the address of a socket that was passed to it.
    this.#open = this.#open.map((socket) =>
      socket.bind.kind === 'fd' ? { ...socket, bind: nameOf(socket.fd) ?? socket.bind } : socket,
    )
    const failure = await this.#listen(this.fds, backlog)
    if (failure === undefined) return { binds: this.binds }
    return this.#failed(binds[failure.at] ?? { kind: 'fd', fd: -1 }, failure)
  }

  #failed(bind: Bind, error: unknown): BindResult {
    this.close()
    if (isFailure(error)) throw error
    const { code = '' } = error as { code?: string }
    const known = bindError(code)
    if (known === undefined) throw cannotListen(bind, code)
    return { bind, error: known }
  }

  /** Takes over the sockets of the first master, which are already listening. */
  inherit({ sockets }: Succession): BindResult {
    this.#open = sockets.map((socket) => ({ ...socket, close: () => closeSync(socket.fd) }))
    return { binds: this.binds }
  }

  /** Closes the sockets; the last master that serves on a unix socket removes its file. */
  close(): void {
    for (const socket of this.#open) {
      const { bind, isForeign = false } = socket
      const hasFile = bind.kind === 'unix' && !isForeign
      // close() would also unlink the file, and another master still uses it. The socket is closed when this process ends.
      if (hasFile && this.#isShared()) continue
      socket.close()
      if (hasFile) removeSocketFile(bind.path)
    }
    this.#open = []
  }
}

/** gunicorn checks the files of TLS before it binds, the certificate first. */
function missingFile(tls: BindEffect['tls']): BindError | undefined {
  if (tls?.certfile !== undefined && !existsSync(tls.certfile)) return 'no-certfile'
  return tls?.keyfile !== undefined && !existsSync(tls.keyfile) ? 'no-keyfile' : undefined
}
