import { lookUp } from '../../../manager/look-up.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CustomAccess } from '../../../manager/log.ts'
import { now } from '../system/now.ts'

/**
 * The atoms of gunicorn's `--access-logformat` (`Logger.atoms`, 20.1.0 and 26.1.0). Called when a request has come; the function that is
 * returned is called when the response is done, with the size of its body in bytes.
 */
export function atomsOf(
  request: IncomingMessage,
  response: ServerResponse,
  format: string,
): (bytes: number) => CustomAccess {
  const since = now()
  const { url = '', method = '', httpVersion } = request
  const [path = '', query = ''] = url.split(/\?(.*)/s)
  return (bytes) => {
    const ms = now() - since
    const micros = Math.round(ms * 1000)
    const atoms: Record<string, string | number> = {
      h: request.socket.remoteAddress ?? '-',
      l: '-',
      u: userOf(request) ?? '-',
      r: `${method} ${url} HTTP/${httpVersion}`,
      s: response.statusCode,
      m: method,
      U: path,
      q: query,
      H: `HTTP/${httpVersion}`,
      b: bytes === 0 ? '-' : bytes,
      B: bytes,
      f: request.headers.referer ?? '-',
      a: request.headers['user-agent'] ?? '-',
      T: Math.floor(ms / 1000),
      D: micros,
      M: Math.floor(ms),
      L: `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`,
      p: `<${process.pid}>`,
    }
    for (const [name, value] of Object.entries(request.headers)) atoms[`{${name}}i`] = String(value)
    for (const [name, value] of headersOf(response)) atoms[`{${name.toLowerCase()}}o`] = value
    for (const [, name = ''] of format.matchAll(/%\(\{(\w+)\}e\)s/g)) {
      const value = lookUp(process.env, name)
      if (value !== undefined) atoms[`{${name.toLowerCase()}}e`] = value
    }
    return { format, atoms }
  }
}

/** Headers that were set, and headers that were passed to `writeHead` only. */
function headersOf(response: ServerResponse): readonly (readonly [string, string])[] {
  const { _header: head = '' } = response as unknown as { _header?: string | null }
  return (head ?? '')
    .split('\r\n')
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const]
    })
}

function userOf({ headers }: IncomingMessage): string | undefined {
  const [kind = '', code = ''] = (headers.authorization ?? '').split(' ')
  if (kind.toLowerCase() !== 'basic') return undefined
  return Buffer.from(code, 'base64').toString('utf8').split(':')[0] || undefined
}
