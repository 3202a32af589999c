import { Kernel, type KernelOptions } from '../virtual/kernel.ts'
import { WORKER_MEMORY } from '../virtual/memory-host.ts'
import { Pace } from './pace.ts'
import { openSandbox } from './sandbox/open.ts'
import { webWorkers } from './web-worker.ts'
import { loadWords, type Language } from './words.ts'

export { Pace, SPEEDS } from './pace.ts'
export type { Language } from './words.ts'

/** What a machine in the page is made of: the kernel's options without the factory, which are Web Workers here. */
export interface MachineOptions extends Omit<KernelOptions, 'factory'> {
  /** After so many ms of wall time an application that has not rested is said to spin (1000). */
  readonly patience?: number
  /** The language of the sentences that only we say to an application (`en`). */
  readonly language?: Language
  /** The page has much to draw: a machine with too much to do falls behind rather than take its time (false). */
  readonly sharesFrames?: boolean
  /** Called when the machine starts, stops or changes its speed. */
  readonly onPace?: () => void
}

/** A simulated machine in the page whose processes are Web Workers. */
export interface BrowserMachine {
  /** Its system calls and its trace. */
  readonly kernel: Kernel
  /** What drives it by the wall clock. It stands still until `pace.run()`. */
  readonly pace: Pace
  /** How many Web Workers are alive. */
  readonly workers: number
  /** Ends it: every Web Worker, the frame they are in, every callback. */
  dispose(): Promise<void>
}

/**
 * Makes a machine in the page.
 * @throws Error when the sandbox's frame cannot be loaded; the message names its address.
 */
export async function createMachine(options: MachineOptions): Promise<BrowserMachine> {
  const { patience = 1000, language = 'en', sharesFrames = false, onPace, ...kernelOptions } = options
  const [sandbox, words] = await Promise.all([openSandbox(), loadWords(language)])
  const workers = webWorkers(sandbox, { patience, memory: WORKER_MEMORY, words })
  const kernel = new Kernel({ ...kernelOptions, factory: workers.factory })
  const pace = new Pace(kernel, onPace, sharesFrames ? () => workers.handing : undefined)
  return {
    kernel,
    pace,
    get workers() {
      return workers.count
    },
    async dispose() {
      const paused = pace.dispose()
      workers.end()
      sandbox.close()
      await paused
    },
  }
}
