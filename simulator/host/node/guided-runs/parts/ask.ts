import type { IncomingMessage } from 'node:http'
import { http } from './http.ts'

/** A response; `status` is undefined when there was none, and `error` says why (`ECONNREFUSED`, …). */
export type HttpAnswer =
  { readonly status: number; readonly text: string } | { readonly status: undefined; readonly error: string }

/** One request on a connection of its own. */
export function ask(port: number, path = '/'): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const request = http().get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      void read(response).then(resolve)
    })
    request.once('error', (error: NodeJS.ErrnoException) => resolve(failed(error)))
  })
}

/** Reads a response to its end. */
export async function read(response: IncomingMessage): Promise<HttpAnswer> {
  try {
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
    return { status: response.statusCode ?? 0, text }
  } catch (error) {
    return failed(error as NodeJS.ErrnoException)
  }
}

export function failed(error: NodeJS.ErrnoException): HttpAnswer {
  return { status: undefined, error: error.code ?? error.message }
}

/** A load of concurrent clients for a time in ms: each sends its next request as soon as it has a response. @returns all responses */
export async function load(
  clients: number,
  ms: number,
  once: () => Promise<HttpAnswer>,
): Promise<readonly HttpAnswer[]> {
  const answers: HttpAnswer[] = []
  const end = performance.now() + ms
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) answers.push(await once())
    }),
  )
  return answers
}

/** How often each of these texts came, the most frequent first. */
export function tally(
  texts: readonly string[],
): readonly { readonly label: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].map(([label, count]) => ({ label, count })).toSorted((a, b) => b.count - a.count)
}
