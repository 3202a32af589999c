import type { Service } from '../../machine/init/service.ts'
import { isSignalName, type SignalName } from '../../manager/signals.ts'

/** What asks the processes of a service to end. */
export function killSignal({ killSignal }: Service): SignalName {
  return isSignalName(killSignal) ? killSignal : 'TERM'
}
