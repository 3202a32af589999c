import type { Publish } from '../../../machine/keeper/api.ts'
import type { ProgramContext } from '../../program.ts'
import { containers } from './containers.ts'

/** `-p 8080:8000`, `-p 127.0.0.1:8080:8000/tcp`, `-p 8000`; a range is not read. `host` is 0 for a port that Docker chooses. */
export function readPublish(text: string): Publish | undefined {
  const [, ip, host, inner] =
    /^(?:(\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\]):)?(?:(\d{0,5}):)?(\d{1,5})(?:\/tcp)?$/i.exec(text) ?? []
  if (inner === undefined || Number(inner) > 65_535 || Number(host ?? 0) > 65_535) return undefined
  return { host: Number(host ?? 0), inner: Number(inner), ...(ip === undefined ? {} : { ip }) }
}

/** Where Docker begins to look for free ports of the machine. */
const FIRST = 32_768

/** Gives ports of the machine to those that ask for any. */
export function choosePorts(call: ProgramContext, ports: readonly Publish[]): readonly Publish[] {
  const taken = new Set(
    containers(call).flatMap(({ keeper }) => (keeper.ports ?? []).map(({ host }) => host)),
  )
  let next = FIRST
  return ports.map((port) => {
    if (port.host !== 0) return port
    while (taken.has(next)) next += 1
    taken.add(next)
    return { ...port, host: next }
  })
}

/** Why a port of a container cannot be published; nothing when all can. */
export function refusedPort(
  call: ProgramContext,
  name: string,
  ports: readonly Publish[],
): string | undefined {
  const running = containers(call).filter((each) => each.pid !== undefined && each.name !== name)
  for (const { host, ip = '0.0.0.0' } of ports) {
    const begin = `driver failed programming external connectivity on endpoint ${name}:`
    if (running.some(({ keeper }) => keeper.ports?.some((port) => port.host === host) === true))
      return `${begin} Bind for ${ip}:${host} failed: port is already allocated.`
    const open = call.system.sockets().some(({ bind }) => bind.kind === 'tcp' && bind.port === host)
    if (open)
      return `${begin} Error starting userland proxy: listen tcp4 ${ip}:${host}: bind: address already in use.`
  }
  return undefined
}

/** As `docker ps` and `docker port` write it. */
export function published({ host, inner, ip = '0.0.0.0' }: Publish): string {
  return `${ip}:${host}->${inner}/tcp`
}
