import { scripted } from '../../simulator/host/virtual/scripted.ts'
import type { AppSwitch } from './scenario.ts'
import { VirtualDriver } from './virtual-driver.ts'
import { replay, type World } from './world.ts'

/** A simulated machine with scripted processes. */
export const virtualWorld: World = {
  run: (recorded, { seed = 1 }) => {
    const options = { seed, factory: scripted, source: directives, broken: 'raise=broken release' }
    return replay(recorded, new VirtualDriver(options), { patience: 10 })
  },
}

function directives({ boot, life }: AppSwitch): string {
  return [boot === undefined ? '' : `boot=${boot}`, life === undefined ? '' : `life=${life}`].join('\n')
}
