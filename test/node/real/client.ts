import { get } from 'node:http'
import type { ObservedClient } from '../../oracle/observed.ts'
import type { Result } from '../../oracle/scenario.ts'

/** Sends `GET path` on a connection of its own and tells how that ended. It never throws. */
export function ask(port: number, path: string): Promise<ObservedClient> {
  const since = performance.now()
  return new Promise((resolve) => {
    const end = (result: Result) => resolve({ path, result, seconds: (performance.now() - since) / 1000 })
    let status: number | undefined
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      status = response.statusCode
      response.resume()
      response.once('close', () =>
        end(response.complete ? `${status ?? 0}` : `${status ?? 0} (body cut off)`),
      )
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (status !== undefined) return
      end(error.code === 'ECONNREFUSED' ? 'connection refused' : 'closed without a response')
    })
  })
}

/** The text of an answer. */
export async function textOf(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
  return response.text()
}
