import type { BindError } from '../../../manager/machine.ts'
import type { Bind } from '../../../manager/settings.ts'
import { Failure } from '../output/failure.ts'
import { fill, sentence } from '../output/language.ts'

/** The manager's name for the system error of a failed `bind` or `listen`; `undefined` for errors that have none. */
export function bindError(code: string | undefined): BindError | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return 'in-use'
    case 'EADDRNOTAVAIL':
      return 'not-available'
    case 'EACCES':
    case 'EPERM':
      return 'not-permitted'
    case 'ENOENT':
      return 'no-such-folder'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return 'no-such-host'
    case 'ERR_SOCKET_BAD_PORT':
    case 'ERR_OUT_OF_RANGE':
      return 'bad-port'
    default:
      return undefined
  }
}

/** The failure for an address that cannot be listened on, when the originals have no message for the reason. */
export function cannotListen(bind: Bind, code: string): Failure {
  const address =
    bind.kind === 'tcp' ? `${bind.host}:${bind.port}` : bind.kind === 'unix' ? bind.path : `fd ${bind.fd}`
  return new Failure(sentence(({ cannotListen }) => fill(cannotListen, { address, code })))
}
