// The whole module is imported: the Node that builds the command may lack names that the running Node has.
import net from 'node:net'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorName } from 'node:util'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'

/** A bound socket with a descriptor, on which this process never accepts. */
export interface BoundSocket {
  readonly fd: number
  /** The assigned port; 0 for a unix socket. */
  readonly port: number
  close(): void
}

/** Where to bind: a numeric address with a port, or the path of a unix socket. */
export type BindAddress =
  | {
      readonly host: string
      readonly port: number
      /** Other sockets with this option may bind the same port (SO_REUSEPORT). */
      readonly reusePort?: boolean
    }
  | { readonly path: string }

/**
 * Binds a socket without listening on it.
 *
 * @throws an error whose `code` is the system's (`EADDRINUSE`, `EACCES`, …).
 */
export function bindSocket(place: BindAddress): BoundSocket {
  try {
    return isPublic(place) ? byPublicClass(place) : byHandle(place)
  } catch (error) {
    // libuv reports a missing folder as EACCES.
    const { code } = error as NodeJS.ErrnoException
    const isMissing = code === 'EACCES' && 'path' in place && !existsSync(dirname(place.path))
    throw isMissing ? Object.assign(error as Error, { code: 'ENOENT' }) : error
  }
}

/** `net.BoundSocket`: public since Node 24.21 and 26.10; for paths only if its prototype says so. */
type PublicBoundSocket = new (options: BindAddress) => {
  address(): { port: number } | string
  fd(): number
  close(): void
}
const Public = (net as { BoundSocket?: PublicBoundSocket }).BoundSocket

function isPublic(place: BindAddress): boolean {
  return Public !== undefined && (!('path' in place) || 'isPipe' in Public.prototype)
}

function byPublicClass(place: BindAddress): BoundSocket {
  if (Public === undefined) throw new Error('this Node has no net.BoundSocket')
  const socket = new Public(place)
  const address = socket.address()
  return {
    fd: socket.fd(),
    port: typeof address === 'string' ? 0 : address.port,
    close: () => socket.close(),
  }
}

/** The alternative of Node 20 and 22: the handle of a server that never listens. */
interface Handle {
  readonly fd: number
  getsockname?(out: { port?: number }): number
  close(): void
}
type CreateServerHandle = (address: string, port: number, family: number) => Handle | number

function byHandle(place: BindAddress): BoundSocket {
  if ('host' in place && place.reusePort === true) {
    throw new Failure(fill(words().reusePort, { version: process.versions.node }))
  }
  const create = (net as unknown as { _createServerHandle: CreateServerHandle })._createServerHandle
  const handle =
    'path' in place ? create(place.path, -1, -1) : create(place.host, place.port, net.isIP(place.host))
  if (typeof handle === 'number') throw systemError(handle)
  const name: { port?: number } = {}
  // libuv delays the error of a failed bind (EADDRINUSE) until the socket's name is read.
  const failure = handle.getsockname?.(name) ?? 0
  if (failure !== 0) {
    handle.close()
    throw systemError(failure)
  }
  return { fd: handle.fd, port: name.port ?? 0, close: () => handle.close() }
}

function systemError(errno: number): Error {
  const code = getSystemErrorName(errno)
  return Object.assign(new Error(`bind ${code}`), { code })
}
