import type { ClientRequest, ClientCallbacks } from '../../machine/system.ts'
import type { Bind } from '../../manager/settings.ts'
import type { ScheduledEvent } from './queue.ts'

/** The status with which a WebSocket is accepted. */
export const SWITCHING_PROTOCOLS = 101

/** A client's connection with the one request that it carries. */
export interface Connection {
  readonly id: number
  readonly request: ClientRequest
  readonly callbacks: ClientCallbacks
  bind: Bind
  /** The container in whose network the address is, if that is not the machine's. */
  network: string | undefined
  /** The client's ephemeral port. */
  readonly port: number
  /** The client's address and port as the application server sees them. */
  client: string
  clientPort: number | undefined
  headSent: boolean
  status: number
  /** How many bytes of the response's body were sent. */
  bytes: number
  /** The beginning of that body. */
  bodyStart: string
  ended: boolean
  patience: ScheduledEvent | undefined
  /** The number of the request that a proxy sent upstream for it. */
  inner: number | undefined
  /** The name of the client's connection, when it is kept open for more requests. */
  readonly keep: string | undefined
}

/** Whether it has become an open WebSocket. */
export function isWebSocket({ request, status, ended }: Connection): boolean {
  return request.upgrade === 'websocket' && status === SWITCHING_PROTOCOLS && !ended
}
