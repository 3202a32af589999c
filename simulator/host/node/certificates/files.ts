import { writeTemporary } from '../system/write-whole.ts'
import type { CertificatePair } from './make.ts'

/** Paths of a certificate and its key. */
export interface CertificatePaths {
  readonly certificate: string
  readonly key: string
}

/**
 * Writes both files; only this user can read the key. Both are written before one is renamed into place: a full disk leaves the old files,
 * and a server that reads them meanwhile never sees a part of a file.
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
