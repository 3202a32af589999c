import { LOOPBACK, PUBLIC_ADDRESS } from '../../machine/network/api.ts'
import type { Bind } from '../../manager/settings.ts'
import type { Chance } from './chance.ts'
import type { Connection } from './connection.ts'
import type { ContainerNetworks } from './container-networks.ts'
import { isOwn } from './dns.ts'
import type { Listener, Listeners } from './listeners.ts'

interface Sockets {
  readonly chance: Chance
  readonly containers: ContainerNetworks
  readonly listeners: Listeners
}

/** Notes in whose network an address is. @returns whether it is in any */
export function locate(connection: Connection, address: string, containers: ContainerNetworks): boolean {
  const from = connection.request.network
  const container = containers.at(address)
  connection.network = container
  if (container !== undefined) {
    if (from !== container)
      connection.client = containers.addressOf(from ?? '') ?? containers.gatewayOf(container) ?? LOOPBACK
    return true
  }
  if (containers.isGateway(address)) return true
  if (address === PUBLIC_ADDRESS) return true
  // What is left of the machine's own addresses is loopback, and each network has its own.
  connection.network = from
  return isOwn(address) || address === ''
}

/** The socket at an address, or in the container to which the port is published; `closed`: Docker's proxy accepts, but nothing listens in the container. */
export function listenerOf(
  connection: Connection,
  { chance, containers, listeners }: Sockets,
): Listener | 'closed' | undefined {
  const { bind, network, request } = connection
  const luck = (): number => chance.next()
  const listener = listeners.find(bind, luck, network)
  if (listener !== undefined) {
    const apart = network !== undefined && request.network !== network
    return apart && isLoopback(listener.bind) ? undefined : listener
  }
  if (bind.kind !== 'tcp' || network !== undefined) return undefined
  const published = containers.published(bind.port)
  if (published === undefined || (published.loopback && request.from !== undefined)) return undefined
  const { inner, inside } = published
  const found = listeners.find({ ...bind, port: inner }, luck, inside)
  if (inside === undefined) return found
  if (found === undefined || isLoopback(found.bind)) return request.from === undefined ? 'closed' : undefined
  // Docker's proxy speaks for clients of the machine itself.
  if (request.from === undefined) connection.client = containers.gatewayOf(inside) ?? LOOPBACK
  return found
}

function isLoopback(bind: Bind): boolean {
  return (
    bind.kind === 'tcp' && (bind.host.startsWith('127.') || bind.host === '::1' || bind.host === 'localhost')
  )
}
