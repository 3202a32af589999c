import { isIP } from 'node:net'

/**
 * The numeric address of a host to bind to. uvicorn's and gunicorn's parents use IPv4 unless the host contains a colon.
 * @throws the system's error, e.g. with code `ENOTFOUND`.
 */
export async function resolveHost(host: string): Promise<string> {
  if (host === '') return '0.0.0.0'
  if (isIP(host) !== 0) return host
  const { lookup } = process.getBuiltinModule('node:dns/promises')
  const { address } = await lookup(host, { family: host.includes(':') ? 6 : 4 })
  return address
}
