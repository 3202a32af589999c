import { readFileSync } from 'node:fs'
import type { SecureVersion } from 'node:tls'
import type { TlsSettings } from '../../../manager/settings.ts'

/** The options of a TLS server. Key and certificates are in PEM. */
export interface TlsFiles {
  readonly key: string
  readonly cert: string
  readonly passphrase?: string
  readonly ca?: string
  readonly ciphers?: string
  readonly requestCert?: boolean
  readonly rejectUnauthorized?: boolean
  readonly minVersion?: SecureVersion
  readonly maxVersion?: SecureVersion
}

/** Python's `ssl.PROTOCOL_TLSv1`, `…_1` and `…_2`; other numbers allow all versions. */
const VERSIONS: Readonly<Record<number, SecureVersion>> = { 3: 'TLSv1', 4: 'TLSv1.1', 5: 'TLSv1.2' }

/**
 * Reads the files of TLS. A certificate's file may contain the key as well.
 * @throws an error with the message of Python's `load_cert_chain`, or of OpenSSL when key and certificate do not match
 */
export function readTls(settings: TlsSettings): TlsFiles {
  const { keyfile, certfile, password, caCerts, ciphers, certReqs = 0, version = 0 } = settings
  const cert = readPem(certfile ?? keyfile ?? '')
  const only = VERSIONS[version]
  const files: TlsFiles = {
    cert,
    key: keyfile === undefined ? cert : readPem(keyfile),
    ...(password === undefined ? {} : { passphrase: password }),
    ...(caCerts === undefined ? {} : { ca: readPem(caCerts) }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(only === undefined ? {} : { minVersion: only, maxVersion: only }),
  }
  // Loaded here: it is large, and most servers do not use TLS.
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  try {
    createSecureContext(files)
  } catch (error) {
    throw Object.assign(new Error((error as Error).message), { name: 'ssl.SSLError' })
  }
  return { ...files, requestCert: certReqs > 0, rejectUnauthorized: certReqs > 1 }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw Object.assign(new Error('[Errno 2] No such file or directory'), { name: 'FileNotFoundError' })
  }
}
