/** Runs in the sandbox's worker: a process with a clock of its own that imports an application and calls it. */
import { expose } from 'comlink'
import { importText, portFromPage, withhold } from '../../../simulator/host/browser/sandbox/inside.ts'

const port = portFromPage()
withhold()

class FrozenDate extends Date {
  constructor() {
    super(0)
  }
  static override now(): number {
    return 42
  }
}
Object.assign(globalThis, { process: { pid: 4711, env: { HOME: '/home/reader' } }, Date: FrozenDate })

const probe = {
  async run(text: string): Promise<unknown> {
    const { app } = (await importText(text)) as { app: () => unknown }
    return await app()
  },
}
export type Probe = typeof probe

void port.then((port) => {
  expose(probe, port)
})
