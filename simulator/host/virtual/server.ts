import type { Connection } from './connection.ts'
import type { Process } from './process.ts'

/** How a process accepts connections. */
export interface AcceptOptions {
  /** It accepts even while it is busy (a proxy). */
  readonly always?: boolean
  /** How long it keeps an idle connection open, in seconds. */
  readonly keepAlive: number
  /** Called with a connection that it has accepted. */
  readonly onConnection: (connection: Connection) => void
  /** Called when one of its connections has ended. */
  readonly closed?: (left: number) => void
  /**
   * It never closes an idle connection by itself, nor a WebSocket that its client has closed, counts both as open, and serves requests on it as long as this returns true, though it
   * accepts no new connections: gunicorn's own worker class, which cancels its keep-alive timer as soon as it has set it (26.1.0, 26.2.0).
   */
  readonly lingers?: () => boolean
}

/** A process that accepts connections, with its open connections. */
export interface AcceptingProcess extends AcceptOptions {
  readonly process: Process
  /** It accepts new connections. */
  accepting: boolean
  lastAccept: number
  readonly connections: Map<number, Connection>
}
