import { closeSync, fchmodSync, openSync, renameSync, writeSync } from 'node:fs'
import type { Pair } from './make.ts'

/** Where a certificate and its key are. */
export interface Places {
  readonly certificate: string
  readonly key: string
}

/**
 * Writes both files, the key readable for this user alone. Each is put in its place whole: a server that reads it meanwhile
 * finds the old one or the new one.
 *
 * @throws the system's error.
 */
export function writePair(pair: Pair, places: Places): void {
  put(places.key, pair.key, 0o600)
  put(places.certificate, pair.certificate, 0o644)
}

function put(path: string, text: string, mode: number): void {
  const beside = `${path}.${process.pid}`
  const fd = openSync(beside, 'wx', mode)
  // Whatever the umask says.
  fchmodSync(fd, mode)
  writeSync(fd, text)
  closeSync(fd)
  renameSync(beside, path)
}
