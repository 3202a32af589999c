import { get, type RequestOptions } from 'node:http'
import { get as getSecurely } from 'node:https'
import { text } from 'node:stream/consumers'
import type { ObservedClient } from '../../conformance/recording/observed.ts'
import type { Result } from '../../conformance/recording/scenario.ts'

/** How to reach a server, when it is not plain HTTP on a port of 127.0.0.1. */
export interface Way {
  readonly socketPath?: string
  readonly secure?: boolean
  /** After so many seconds the client hangs up. */
  readonly patience?: number
}

/** Sends `GET path` on a connection of its own and tells how that ended. It never throws. */
export function ask(port: number, path: string, way: Way = {}): Promise<ObservedClient> {
  const { socketPath, secure = false, patience } = way
  const since = performance.now()
  return new Promise((resolve) => {
    const end = (result: Result) => resolve({ path, result, seconds: (performance.now() - since) / 1000 })
    const where: RequestOptions = socketPath === undefined ? { host: '127.0.0.1', port } : { socketPath }
    const options = { ...where, path, agent: false, rejectUnauthorized: false }
    let status: number | undefined
    const request = (secure ? getSecurely : get)(options, (response) => {
      status = response.statusCode
      response.resume()
      response.once('close', () =>
        end(response.complete ? `${status ?? 0}` : `${status ?? 0} (body cut off)`),
      )
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (status !== undefined) return
      const nobody = error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
      end(nobody ? 'connection refused' : 'closed without a response')
    })
    if (patience === undefined) return
    const hangUp = setTimeout(() => {
      end('timed out')
      request.destroy()
    }, patience * 1000)
    request.once('close', () => clearTimeout(hangUp))
  })
}

/** The text of an answer. Not by `fetch`, which refuses some ports. */
export function textOf(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      text(response).then(resolve, reject)
    })
    request.once('error', reject)
  })
}

/**
 * Opens a WebSocket.
 *
 * @throws Error when the server refuses it.
 */
export function openWebSocket(port: number, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true })
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${path} of port ${port}`)), {
      once: true,
    })
  })
}
