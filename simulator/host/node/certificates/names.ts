import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** A name or an address that a certificate is for. */
export interface HostName {
  readonly kind: 'dns' | 'ip'
  readonly text: string
}

/** The names of a certificate when none is typed. */
export const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** The name of a client's certificate when none is typed. */
export const CLIENT_NAME = 'client'

/** Reads a name as typed: `example.test`, `*.example.test`, `münchen.test`, `192.168.1.7`, `[::1]`. `undefined` when it is none. */
export function readName(typed: string): HostName | undefined {
  const address = typed.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0) return { kind: 'ip', text: address }
  const [, star = '', name = ''] = /^(\*\.)?(.+)$/.exec(typed) ?? []
  const ascii = domainToASCII(name)
  // A star stands for one label, and further labels must follow.
  const isName = LABELS.test(ascii) && ascii.length <= 253 && !/^[\d.]+$/.test(ascii)
  if (!isName || (star !== '' && !ascii.includes('.'))) return undefined
  return { kind: 'dns', text: star + ascii }
}

const LABELS = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/

/** The base name of a certificate's files: its first name, without characters that are special in a shell. */
export function fileName({ text }: HostName): string {
  return text.replace('*.', 'any.').replaceAll(':', '-').replace(/^-+/, 'ip-')
}
