import type { Service, UnitCommand } from '../../machine/init/unit-file.ts'
import { isSignalName, type SignalName } from '../../manager/signals.ts'

/** What asks the processes of a service to end. */
export function killSignal({ killSignal }: Service): SignalName {
  return isSignalName(killSignal) ? killSignal : 'TERM'
}

/** The signal that a command of `ExecReload=` sends, if it is a `kill`. */
export function reloadSignal({ argv: [program = '', ...args] }: UnitCommand): SignalName | undefined {
  const [, name = 'TERM'] = /^-(?:s\s*)?(?:SIG)?(\w+)$/.exec(args[0] ?? '') ?? []
  return program.endsWith('kill') && isSignalName(name) ? name : undefined
}
