import type { Settings } from '../../manager/settings.ts'
import type { Kernel } from './kernel.ts'

/** Which of the files of TLS is not there, the certificate first. */
export function missingTlsFile(
  kernel: Kernel,
  tls: Settings['tls'],
): 'no-certfile' | 'no-keyfile' | undefined {
  const isMissing = (path: string | undefined) => path !== undefined && kernel.readFile(path) === undefined
  if (isMissing(tls?.certfile)) return 'no-certfile'
  return isMissing(tls?.keyfile) ? 'no-keyfile' : undefined
}
