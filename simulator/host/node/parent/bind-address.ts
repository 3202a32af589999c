import type { Bind } from '../../../manager/settings.ts'
import { resolveHost } from '../system/resolve-host.ts'
import { openSocketFile, removeSocketFile } from '../system/socket-file.ts'
import type { BoundSocket } from '../system/bound-socket.ts'
import { bindSocket } from '../system/bound-socket.ts'

/** A socket that the workers inherit, with its address. */
export interface InheritedSocket {
  /** With the assigned port when port 0 was asked for. */
  readonly bind: Bind
  readonly fd: number
  /** Another process has bound it, and removes its file. */
  readonly isForeign?: boolean
  close(): void
}

/**
 * Binds one address for the workers to accept on. `replaceSocket`: an existing socket file is replaced, as gunicorn does; uvicorn reports
 * that the address is in use.
 * @throws an error whose `code` is the system's, or `ERR_SOCKET_BAD_PORT`.
 */
export async function bindAddress(
  bind: Bind,
  replaceSocket: boolean,
  reusePort: boolean,
): Promise<InheritedSocket> {
  switch (bind.kind) {
    case 'fd':
      // Opened by the process that started this one (systemd), which keeps it.
      return { bind, fd: bind.fd, isForeign: true, close: () => undefined }
    case 'unix':
      if (replaceSocket) removeSocketFile(bind.path)
      return bindPath(bind)
    case 'tcp': {
      if (!(bind.port >= 0 && bind.port <= 65535)) throw badPort(bind.port)
      const socket = bindSocket({ host: await resolveHost(bind.host), port: bind.port, reusePort })
      return inherited({ ...bind, port: socket.port }, socket)
    }
  }
}

function bindPath(bind: Bind & { kind: 'unix' }): InheritedSocket {
  const socket = bindSocket({ path: bind.path })
  openSocketFile(bind.path)
  return inherited(bind, socket)
}

function inherited(bind: Bind, socket: BoundSocket): InheritedSocket {
  return { bind, fd: socket.fd, close: () => socket.close() }
}

function badPort(port: number): Error {
  return Object.assign(new Error(`port ${port}`), { code: 'ERR_SOCKET_BAD_PORT' })
}
