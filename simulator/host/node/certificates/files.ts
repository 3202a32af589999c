import { writeTemporary } from '../system/write-whole.ts'
import type { CertificatePair } from './make.ts'

/** Where a certificate and its key are. */
export interface CertificatePaths {
  readonly certificate: string
  readonly key: string
}

/**
 * Writes both files, the key readable for this user alone. Both are written before one is put in its place: a full disk leaves what was
 * there, and a server that reads them meanwhile finds no half of a file.
 *
 * @throws the system's error, which names the file.
 */
export function writePair(pair: CertificatePair, places: CertificatePaths): void {
  const key = writeTemporary(places.key, pair.key, 0o600)
  try {
    const certificate = writeTemporary(places.certificate, pair.certificate, 0o644)
    try {
      key.place()
      certificate.place()
    } finally {
      certificate.drop()
    }
  } finally {
    key.drop()
  }
}
