import type { Service } from '../../machine/init/service.ts'

/**
 * What a process of a service tells the init system (sd_notify(3)), by its keys. Nothing when `NotifyAccess=` does not let this
 * process speak, which systemd then says.
 */
export function toldBy(
  { name, notifyAccess, type }: Service,
  pid: number,
  message: string,
  { main, control }: { readonly main: number | undefined; readonly control: number | undefined },
  say: (text: string) => void,
): ReadonlyMap<string, string> | undefined {
  const access = notifyAccess ?? (type === 'notify' ? 'main' : 'none')
  if (access === 'none') return undefined
  if (access === 'all' || pid === main || (access === 'exec' && pid === control))
    return new Map(
      message.split('\n').map((line) => {
        const [, key = line, value = ''] = /^([^=]*)=(.*)$/s.exec(line) ?? []
        return [key, value] as const
      }),
    )
  const only =
    main === undefined
      ? 'but reception only permitted for main PID which is currently not known'
      : `but reception only permitted for main PID ${main}`
  say(`${name}: Got notification message from PID ${pid}, ${only}`)
  return undefined
}
