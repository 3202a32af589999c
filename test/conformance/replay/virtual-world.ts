import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import type { Observed } from '../recording/observed.ts'
import type { AppSwitch, Recorded } from '../recording/scenario.ts'
import { VirtualDriver } from './virtual-driver.ts'
import { launchOf, replay, type World } from './world.ts'

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

/** Runs a recording's command alone for so many virtual seconds. */
export async function runFor(recorded: Recorded, seconds: number): Promise<Observed> {
  const driver = new VirtualDriver({ seed: 1, factory: scripted, source: directives, broken: '' })
  await driver.start(launchOf(recorded))
  await driver.sleep(seconds)
  const processes = await driver.observe()
  await driver.stop()
  return { ...processes, alive: [], clients: [] }
}
