import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Settings } from '../../../manager/settings.ts'

/** Key and certificate, in PEM. */
export interface TlsFiles {
  readonly key: string
  readonly cert: string
}

/**
 * Reads the files of TLS. A certificate's file may hold the key as well.
 *
 * @throws an error in the words of Python's `load_cert_chain`, or of OpenSSL when they do not fit
 */
export function readTls({ keyfile, certfile }: NonNullable<Settings['tls']>): TlsFiles {
  const cert = readPem(certfile ?? keyfile ?? '')
  const key = keyfile === undefined ? cert : readPem(keyfile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw Object.assign(new Error((error as Error).message), { name: 'ssl.SSLError' })
  }
  return { cert, key }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw Object.assign(new Error('[Errno 2] No such file or directory'), { name: 'FileNotFoundError' })
  }
}
