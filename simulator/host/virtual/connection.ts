import type { ClientRequest, ClientWatch } from '../../machine/system.ts'
import type { Bind } from '../../manager/settings.ts'
import type { Due } from './queue.ts'

/** A client's connection with its one request. */
export interface Connection {
  readonly id: number
  readonly request: ClientRequest
  readonly watch: ClientWatch
  readonly bind: Bind
  /** The client's own port. */
  readonly port: number
  headSent: boolean
  status: number
  /** How many bytes of the answer's body were sent. */
  bytes: number
  /** The beginning of that body. */
  said: string
  ended: boolean
  patience: Due | undefined
}
