import { lookUp } from '../../manager/look-up.ts'
import { UNIT_FOLDER } from './api.ts'
import { specified } from './commands.ts'
import { READERS } from './read-setting.ts'
import { USUAL, type DraftService, type Service } from './service.ts'
import { readLines } from './unit-lines.ts'

/** The result of reading a unit file: what systemd logs about it, and the service; `undefined` when systemd would refuse to start it. */
export interface ReadUnit {
  readonly service: Service | undefined
  readonly problems: readonly string[]
}

/** Reads a `.service` file. Never throws: systemd's complaints about it are in `problems`, in systemd's words. */
export function readUnit(name: string, text: string, path = `${UNIT_FOLDER}/${name}`): ReadUnit {
  const problems: string[] = []
  const settings = readLines(path, text, 'service', problems)
  if (settings === undefined) return { service: undefined, problems }
  const service: DraftService = { ...USUAL, name, description: name }
  let fatal = false
  for (const { section, key, value, complain, remark } of settings) {
    const read = lookUp(READERS, `${section}.${key}`)
    if (read?.(service, specified(value, name), { key, complain, remark }) === 'fatal') fatal = true
  }
  if (fatal) problems.push(`${name}: Unit configuration has fatal error, unit will not be started.`)
  const refused = fatal ? undefined : fault(service)
  if (refused !== undefined) problems.push(`${name}: ${refused} Refusing.`)
  return { service: fatal || refused !== undefined ? undefined : service, problems }
}

/** Why systemd would refuse a service, in its words (`service_verify`, src/core/service.c). */
function fault({ commands, type, restart, busName }: Service): string | undefined {
  const { ExecStart: start = [], ExecStop: stop = [] } = commands
  if (start.length === 0 && stop.length === 0)
    return 'Service has no ExecStart=, ExecStop=, or SuccessAction=.'
  if (type !== 'oneshot' && start.length === 0)
    return 'Service has no ExecStart= setting, which is only allowed for Type=oneshot services.'
  if (type !== 'oneshot' && start.length > 1)
    return 'Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services.'
  if (type === 'oneshot' && (restart === 'always' || restart === 'on-success'))
    return "Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services."
  if (type === 'dbus' && busName === undefined)
    return 'Service is of type D-Bus but no D-Bus service name has been specified.'
  return undefined
}
