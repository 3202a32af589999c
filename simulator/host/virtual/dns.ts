import { LOOPBACK, PUBLIC_ADDRESS, type NameServer } from '../../machine/network/api.ts'

/** Whether an address is the machine's own. */
export function isOwn(address: string): boolean {
  return (
    address === PUBLIC_ADDRESS || address.startsWith('127.') || address === '::1' || address === '0.0.0.0'
  )
}

/** The name server: A records that the reader sets. */
export class DnsRecords implements NameServer {
  readonly #records = new Map<string, string>()

  set(name: string, address: string | undefined): void {
    if (address === undefined) this.#records.delete(name.toLowerCase())
    else this.#records.set(name.toLowerCase(), address)
  }

  records(): readonly { readonly name: string; readonly address: string }[] {
    return [...this.#records].map(([name, address]) => ({ name, address }))
  }

  resolve(name: string): string | undefined {
    if (name === 'localhost') return LOOPBACK
    if (isAddress(name)) return name
    return this.#records.get(name.toLowerCase())
  }
}

/** Whether a host is an address and not a name. */
export function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':')
}
