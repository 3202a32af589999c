import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** A client that says exactly what it is told to. */
export class RawClient {
  /** What has come so far. */
  text = ''
  readonly socket: Socket
  /** Settles when the connection is closed. */
  readonly closed: Promise<unknown>

  private constructor(socket: Socket) {
    this.socket = socket.setEncoding('latin1')
    this.socket.on('data', (piece: string) => (this.text += piece))
    this.socket.on('error', () => undefined)
    this.closed = once(socket, 'close')
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  say(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Waits until a text has come so often, or the connection is closed. */
  async heard(text: string, times = 1): Promise<string> {
    while (this.text.split(text).length - 1 < times) {
      const more = await Promise.race([
        once(this.socket, 'data').then(() => true),
        this.closed.then(() => false),
      ])
      if (!more) break
    }
    return this.text
  }
}

/** What a server answers first to exactly these bytes: its status, or nothing when it only closes the connection. */
export async function statusOf(port: number, bytes: string): Promise<number | undefined> {
  const client = await RawClient.open(port)
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(await client.say(bytes).heard('\r\n\r\n')) ?? []
  client.socket.destroy()
  return status === undefined ? undefined : Number(status)
}
