import { onTestFinished } from 'vitest'
import { hearAsInit, type InitSystem } from './init-process.ts'

export { PASSES_SOCKETS } from './init-process.ts'

/** An init system's ear, until the test has finished. */
export async function initSystem(folder: string): Promise<InitSystem> {
  const init = await hearAsInit(folder)
  onTestFinished(init.close)
  return init
}
