import { Worker } from 'node:worker_threads'
import type {
  Guest,
  GuestFactory,
  GuestInput,
  GuestSpec,
  GuestTurn,
} from '../../../simulator/host/virtual/guest.ts'
import type { ThreadData, ToThread } from './thread.ts'
import en from '../../../simulator/host/browser/python/words/en.json' with { type: 'json' }

/** What a process takes before its application does, in bytes. */
export const MEMORY = 20_000_000

const alive = new Set<Worker>()

/** Python's code of processes, each in a thread of Node, with what `ThreadData` says. */
export function pythonGuests(data: ThreadData = {}): GuestFactory {
  return (spec) => new ThreadGuest(spec, data)
}

/** Ends what a failed test left. */
export async function endGuests(): Promise<void> {
  await Promise.all([...alive].map((thread) => thread.terminate()))
}

class ThreadGuest implements Guest {
  readonly #thread: Worker

  constructor(spec: GuestSpec, workerData: ThreadData) {
    this.#thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData })
    alive.add(this.#thread)
    this.#tell({ spec: { ...spec, memory: MEMORY, sentences: en } })
  }

  turn(input: GuestInput): Promise<GuestTurn> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(error)
      this.#thread.once('error', failed)
      this.#thread.once('message', (turn: GuestTurn) => {
        this.#thread.off('error', failed)
        resolve(turn)
      })
      this.#tell({ input })
    })
  }

  end(): void {
    alive.delete(this.#thread)
    void this.#thread.terminate()
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message)
  }
}
