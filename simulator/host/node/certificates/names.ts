import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** What a certificate is for: a name, or an address. */
export interface HostName {
  readonly kind: 'dns' | 'ip'
  readonly text: string
}

/** What a certificate is for when nothing is typed. */
export const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** What the certificate of a client is called when nothing is typed. */
export const CLIENT_NAME = 'client'

/** A name as typed: `example.test`, `*.example.test`, `münchen.test`, `192.168.1.7`, `[::1]`. Nothing when it is none. */
export function readName(typed: string): HostName | undefined {
  const address = typed.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0) return { kind: 'ip', text: address }
  const [, star = '', name = ''] = /^(\*\.)?(.+)$/.exec(typed) ?? []
  const ascii = domainToASCII(name)
  // A star stands for one label, and there must be others.
  const isName = LABELS.test(ascii) && ascii.length <= 253 && !/^[\d.]+$/.test(ascii)
  if (!isName || (star !== '' && !ascii.includes('.'))) return undefined
  return { kind: 'dns', text: star + ascii }
}

const LABELS = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/

/** How the files of a certificate are called: after its first name, without what a shell would take for something else. */
export function fileName({ text }: HostName): string {
  return text.replace('*.', 'any.').replaceAll(':', '-').replace(/^-+/, 'ip-')
}
