import type { Settings } from '../../manager/settings.ts'
import type { Files } from './files.ts'

/** The first missing file of TLS; the certificate is checked first. */
export function missingTlsFile(
  files: Files,
  tls: Settings['tls'],
  folder: string | undefined,
): 'no-certfile' | 'no-keyfile' | undefined {
  const isMissing = (path: string | undefined) => path !== undefined && files.read(path, folder) === undefined
  if (isMissing(tls?.certfile)) return 'no-certfile'
  return isMissing(tls?.keyfile) ? 'no-keyfile' : undefined
}
