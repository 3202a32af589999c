import type { Bind } from '../../manager/settings.ts'
import { pythonInt } from '../python/int.ts'
import { pythonRepr } from '../python/repr.ts'

const DEFAULT_PORT = '8000'

/** gunicorn's `parse_address`, the same in 20.1.0 and 26.1.0: `HOST`, `HOST:PORT`, `[IPV6]:PORT`, `unix:PATH` or `fd://FD`. */
export function parseAddress(typed: string): Bind | { readonly error: string } {
  if (typed.startsWith('unix:')) return { kind: 'unix', path: typed.split(/unix:(?:\/\/)?/).at(-1) ?? '' }
  if (typed.startsWith('fd://')) {
    const text = typed.slice('fd://'.length)
    const fd = pythonInt(text)
    return fd === undefined
      ? { error: `${pythonRepr(text)} is not a valid file descriptor.` }
      : { kind: 'fd', fd }
  }
  const [host, text] = hostAndPort(typed.startsWith('tcp://') ? (typed.split('tcp://')[1] ?? '') : typed)
  const port = pythonInt(text)
  if (port === undefined) return { error: `${pythonRepr(text)} is not a valid port number.` }
  return { kind: 'tcp', host: host.toLowerCase(), port }
}

function hostAndPort(address: string): readonly [string, string] {
  if (address.includes('[') && address.includes(']')) {
    return [(address.split(']')[0] ?? '').slice(1), address.split(']:')[1] ?? DEFAULT_PORT]
  }
  if (address.includes(':')) {
    const [host = '', port = ''] = address.split(':')
    return [host, port]
  }
  return [address === '' ? '0.0.0.0' : address, DEFAULT_PORT]
}
