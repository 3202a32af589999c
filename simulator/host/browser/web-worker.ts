import { proxy, releaseProxy, wrap, type Remote } from 'comlink'
import type { Raised } from '../../manager/log.ts'
import type { Guest, GuestFactory, GuestInput, GuestSpec, GuestTurn } from '../virtual/guest.ts'
import { ImportError } from './import-rules.ts'
import type { RemoteProcess } from './process/birth.ts'
import { frame } from './traceback-frame.ts'
import type { Words } from './words.ts'
import script from './process/main.ts?classic'
import { rewriteImports } from './rewrite-imports.ts'
import type { Sandbox, SandboxedWorker } from './sandbox/open.ts'

/** How Web Workers are kept. */
export interface WebWorkersOptions {
  /** After so many ms of wall time a turn that has not rested is said to spin. */
  readonly patience: number
  /** Resident memory of a process before its application takes any, in bytes. */
  readonly memory: number
  /** The sentences that are ours, in the reader's language. */
  readonly words: Words
}

/** The Web Workers of one machine. */
export interface WebWorkers {
  readonly factory: GuestFactory
  /** How many are alive. */
  readonly count: number
  /** How long this thread has been busy with handing turns over to them, in ms of the wall. */
  readonly handing: number
  /** Ends them all. */
  end(): void
}

/** Makes the code of processes out of Web Workers, in a sandbox. */
export function webWorkers(sandbox: Sandbox, options: WebWorkersOptions): WebWorkers {
  const alive = new Set<Guest>()
  const prepared = new Map<number, Prepared>()
  let handing = 0
  const handed = (ms: number): void => {
    handing += ms
  }
  const factory: GuestFactory = (spec) => {
    const ready = prepared.get(spec.pid) ?? prepare(sandbox, spec.pid)
    prepared.delete(spec.pid)
    const guest = new WebWorkerGuest(ready, spec, options, { gone: () => alive.delete(guest), handed })
    alive.add(guest)
    return guest
  }
  factory.prepare = (pid) => {
    if (!prepared.has(pid)) prepared.set(pid, prepare(sandbox, pid))
  }
  factory.forget = (pid) => {
    const unused = prepared.get(pid)
    if (unused === undefined) return
    prepared.delete(pid)
    unused.process[releaseProxy]()
    unused.worker.terminate()
  }
  return {
    factory,
    get count() {
      return alive.size + prepared.size
    },
    get handing() {
      return handing
    },
    end() {
      for (const guest of [...alive]) guest.end()
      for (const pid of [...prepared.keys()]) factory.forget?.(pid)
    },
  }
}

/** A Web Worker that has not been told yet what it runs: it starts while the processes before it import. */
interface Prepared {
  readonly worker: SandboxedWorker
  readonly process: Remote<RemoteProcess>
  /** Rejects with an exception that nothing in it caught. */
  readonly broken: Promise<never>
}

function prepare(sandbox: Sandbox, pid: number): Prepared {
  const broken = Promise.withResolvers<never>()
  // Who begins in it is told.
  broken.promise.catch(() => undefined)
  const worker = sandbox.spawn({ name: `process ${pid}`, script, onError: broken.reject })
  return { worker, process: wrap<RemoteProcess>(worker.port), broken: broken.promise }
}

/** Who keeps the Web Workers hears that one is gone, and how long it took to hand a turn over, in ms. */
interface Told {
  readonly gone: () => void
  readonly handed: (ms: number) => void
}

const NOTHING: GuestTurn = { acts: [], cpu: 0 }

/** An application's code in a Web Worker of its own. */
class WebWorkerGuest implements Guest {
  readonly #worker: SandboxedWorker
  readonly #process: Remote<RemoteProcess>
  readonly #begun: Promise<void>
  readonly #patience: number
  readonly #told: Told
  /** The turn that is awaited. */
  #turn: PromiseWithResolvers<GuestTurn> | undefined
  #clock: ReturnType<typeof setTimeout> | undefined
  #spinning = false
  #ended = false
  /** What the process did as its last. */
  #last = NOTHING

  constructor(ready: Prepared, spec: GuestSpec, { patience, memory, words }: WebWorkersOptions, told: Told) {
    this.#patience = patience
    this.#told = told
    this.#worker = ready.worker
    this.#process = ready.process
    ready.broken.catch((error: unknown) => {
      this.#finish(broken(error))
    })
    this.#begun = this.#begin(spec, memory, words)
    // Who awaits a turn is told.
    this.#begun.catch(() => undefined)
  }

  async #begin(spec: GuestSpec, memory: number, words: Words): Promise<void> {
    const rewritten = await rewriteImports(spec.file, spec.source, words)
    if (this.#ended) return
    if ('refusal' in rewritten) return this.#finish(refused(spec, rewritten.refusal))
    const leave = (last: GuestTurn) => {
      this.#finish(last)
    }
    await this.#process.begin({ ...spec, pieces: rewritten.pieces, memory, words }, proxy(leave))
  }

  turn(input: GuestInput): Promise<GuestTurn> {
    if (this.#ended) return Promise.resolve(this.#last)
    const turn = Promise.withResolvers<GuestTurn>()
    this.#turn = turn
    return new Promise((resolve) => {
      void turn.promise.then(resolve)
      void this.#run(input, () => {
        resolve({ ...NOTHING, spinning: turn.promise })
      })
    })
  }

  async #run(input: GuestInput, spins: () => void): Promise<void> {
    try {
      // The Web Worker's own start is not the application's time.
      await this.#begun
      if (this.#ended) return
      this.#clock = setTimeout(() => {
        this.#spinning = true
        spins()
      }, this.#patience)
      const began = performance.now()
      const turn = this.#process.turn(input)
      this.#told.handed(performance.now() - began)
      this.#settle(await turn)
    } catch (error) {
      this.#finish(broken(error))
    }
  }

  #settle(turn: GuestTurn): void {
    clearTimeout(this.#clock)
    this.#spinning = false
    this.#turn?.resolve(turn)
    this.#turn = undefined
  }

  /** The process is over by itself: its last turn is told, and its Web Worker ends even if it goes on spinning. */
  #finish(last: GuestTurn): void {
    if (this.#ended) return
    this.#last = last
    this.#settle(last)
    this.#terminate()
  }

  end(): void {
    if (this.#ended) return
    // A comlink call to an ended worker never settles. Who was told that the turn spins no longer waits for it.
    if (!this.#spinning) this.#settle(NOTHING)
    this.#terminate()
  }

  #terminate(): void {
    this.#ended = true
    clearTimeout(this.#clock)
    this.#turn = undefined
    this.#process[releaseProxy]()
    this.#worker.terminate()
    this.#told.gone()
  }
}

/** The process cannot go on, and its application is not to blame: said as a crash, where it is seen. */
function broken(error: unknown): GuestTurn {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { acts: [{ type: 'crashed', after: 0, raised: { name, message, frames: [] } }], cpu: 0 }
}

/** The application imports what cannot be had here: there is nothing to run. */
function refused(
  { cwd, file, source }: GuestSpec,
  { line, message }: { line: number; message: string },
): GuestTurn {
  const path = `${cwd}/${file}`
  const raised: Raised = {
    name: new ImportError(message).name,
    message,
    frames: [frame({ path, line, name: '<module>' }, source)],
  }
  return { acts: [{ type: 'import-failed', after: 0, error: { kind: 'raised', raised } }], cpu: 0 }
}
