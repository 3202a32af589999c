import { Kernel, type KernelOptions } from '../virtual/kernel.ts'
import { WORKER_MEMORY } from '../virtual/memory.ts'
import { Pace } from './pace.ts'
import type { Progress } from './python/size.ts'
import { openSandbox } from './sandbox/open.ts'
import { webWorkers } from './web-worker.ts'
import { loadWords, type Language } from './words.ts'

export { DOWNLOAD_BYTES, PACKAGES } from './python/packages.ts'
export { CPYTHON, type Progress } from './python/size.ts'
export { Pace, SPEEDS } from './pace.ts'
export type { Language } from './words.ts'

/**
 * Loads CPython from the site, once for the page, so that machines for Python start without a wait.
 * @throws Error when a file cannot be loaded; an AbortError when `signal` was aborted
 */
export async function loadPython(told: (progress: Progress) => void, signal: AbortSignal): Promise<void> {
  await (await import('./python/index.ts')).loadPython(told, signal)
}

/** The options of a machine in the page: those of the kernel, without the factory of its guests, which are Web Workers here. */
export interface MachineOptions extends Omit<KernelOptions, 'factory' | 'onFault'> {
  /** After this many ms of real time without a result a turn counts as spinning (1000). */
  readonly patience?: number
  /** The language of the simulator's own messages to an application (`en`). */
  readonly language?: Language
  /** The page has much to draw: a machine with too much to do falls behind real time, instead of taking the time from the page (false). */
  readonly sharesFrames?: boolean
  /** Called when the machine starts, stops or changes its speed. */
  readonly onPace?: () => void
}

/** A simulated machine in the page whose processes are Web Workers. */
export interface BrowserMachine {
  /** Its system calls and its trace. */
  readonly kernel: Kernel
  /** Drives the machine by the wall clock. It stands still until `pace.run()`. */
  readonly pace: Pace
  /** How many Web Workers exist. */
  readonly workers: number
  /** Is given what the simulator itself throws while time goes on; unset, that stops the time. */
  onFault: ((error: unknown) => void) | undefined
  /** Ends the machine: every Web Worker, the frame that they are in, and all callbacks. */
  dispose(): Promise<void>
}

/**
 * Creates a machine in the page.
 * @throws Error when the sandbox's frame cannot be loaded; the message names its address.
 */
export async function createMachine(options: MachineOptions): Promise<BrowserMachine> {
  const { patience = 1000, language = 'en', sharesFrames = false, onPace, ...kernelOptions } = options
  const [sandbox, words] = await Promise.all([openSandbox(), loadWords(language)])
  // A machine whose applications are in JavaScript loads nothing of it.
  const python =
    options.runtime === 'python'
      ? await (await import('./python/index.ts')).pythonWorkers(sandbox, language)
      : undefined
  const workers = webWorkers(sandbox, {
    patience,
    memory: WORKER_MEMORY,
    words,
    ...(python === undefined ? {} : { python }),
  })
  const kernel = new Kernel({
    ...kernelOptions,
    factory: workers.factory,
    onFault(error) {
      if (machine.onFault === undefined) throw error
      machine.onFault(error)
    },
  })
  const pace = new Pace(kernel, onPace, sharesFrames ? () => workers.handing : undefined)
  const machine: BrowserMachine = {
    kernel,
    pace,
    onFault: undefined,
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
  return machine
}
