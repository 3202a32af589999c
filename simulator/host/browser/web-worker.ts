import { releaseProxy, wrap } from 'comlink'
import type { ExceptionInfo } from '../../manager/log.ts'
import type { Guest, GuestFactory, GuestInput, GuestSpec, GuestTurn } from '../virtual/guest.ts'
import { CheckedPort } from './worker-messages/checked-port.ts'
import { MalformedMessage, refused as malformed } from './worker-messages/checks.ts'
import { ImportError } from './import-rules.ts'
import type { RemoteProcess } from './process/process-spec.ts'
import type { PythonWorkers } from './python/index.ts'
import { frame } from './traceback-frame.ts'
import { fill, type ApplicationMessages } from './words.ts'
import script from './process/main.ts?classic'
import { rewriteImports } from './rewrite-imports.ts'
import { SandboxLost, type Sandbox, type SandboxedWorker } from './sandbox/open.ts'
import { pathOf } from './module-path.ts'
import type { FileRefusal, RemoteGuest } from './remote-guest.ts'

/** How the Web Workers of a machine are created. */
export interface WebWorkersOptions {
  /** After this many ms of real time without a result a turn counts as spinning. */
  readonly patience: number
  /** Resident memory of a process before its application allocates any, in bytes. */
  readonly memory: number
  /** The simulator's own messages in the reader's language. */
  readonly words: ApplicationMessages
  /** Given when the applications are in Python; without it they are in JavaScript. */
  readonly python?: PythonWorkers
}

/** The Web Workers of one machine. */
export interface WebWorkers {
  readonly factory: GuestFactory
  /** How many exist. */
  readonly count: number
  /** How long this thread has spent on sending turns to them, in ms of real time. */
  readonly handing: number
  /** Ends them all. */
  end(): void
}

/** Makes the guests of a kernel out of Web Workers in a sandbox. */
export function webWorkers(sandbox: Sandbox, options: WebWorkersOptions): WebWorkers {
  const alive = new Set<Guest>()
  const prepared = new Map<number, Prepared>()
  let handing = 0
  const handed = (ms: number): void => {
    handing += ms
  }
  /** An interpreter takes a second to start, so one is kept ready for the worker that replaces another. */
  let spare: Prepared | undefined
  const next = (pid: number): Prepared => {
    const ready = spare ?? prepare(sandbox, `process ${pid}`, options.python)
    spare = undefined
    return ready
  }
  const dropSpare = (): void => {
    if (spare !== undefined) discard(spare)
    spare = undefined
  }
  const keepSpare = (): void => {
    if (options.python === undefined || spare !== undefined) return
    if (alive.size > 0 && prepared.size === 0) spare = prepare(sandbox, 'the next process', options.python)
  }
  const factory: GuestFactory = (spec) => {
    const ready = prepared.get(spec.pid) ?? next(spec.pid)
    prepared.delete(spec.pid)
    const guest = new WebWorkerGuest(sandbox, ready, spec, options, {
      turned: keepSpare,
      gone: () => {
        alive.delete(guest)
        if (alive.size + prepared.size === 0) dropSpare()
      },
      handed,
    })
    alive.add(guest)
    return guest
  }
  factory.prepare = (pid) => {
    if (!prepared.has(pid)) prepared.set(pid, next(pid))
  }
  factory.forget = (pid) => {
    const unused = prepared.get(pid)
    if (unused === undefined) return
    prepared.delete(pid)
    discard(unused)
    if (alive.size + prepared.size === 0) dropSpare()
  }
  return {
    factory,
    get count() {
      return alive.size + prepared.size + (spare === undefined ? 0 : 1)
    },
    get handing() {
      return handing
    },
    end() {
      for (const guest of [...alive]) guest.end()
      for (const pid of [...prepared.keys()]) factory.forget?.(pid)
      dropSpare()
    },
  }
}

/** A Web Worker that does not know its process yet: it starts while earlier processes import. */
interface Prepared extends RemoteGuest {
  readonly worker: SandboxedWorker
  /** Rejects with an exception that nothing in the worker caught, or when the worker sends malformed data. */
  readonly broken: Promise<never>
  /** Resolves to its last turn, when the process ends itself. */
  readonly left: Promise<GuestTurn>
}

function discard(unused: Prepared): void {
  unused.release()
  unused.worker.terminate()
}

function prepare(sandbox: Sandbox, name: string, python: PythonWorkers | undefined): Prepared {
  const broken = Promise.withResolvers<never>()
  // `begin` rejects with the same error.
  broken.promise.catch(() => undefined)
  const left = Promise.withResolvers<GuestTurn>()
  const worker = sandbox.spawn({
    name,
    script: python?.script ?? script,
    compiled: python !== undefined,
    onError: broken.reject,
  })
  const port = new CheckedPort(worker.port, { left: left.resolve, broken: broken.reject })
  const guest = python?.guest(port) ?? javaScriptGuest(port)
  return { worker, ...guest, broken: broken.promise, left: left.promise }
}

function javaScriptGuest(port: CheckedPort): RemoteGuest {
  const process = wrap<RemoteProcess>(port)
  return {
    async begin(spec, memory, words) {
      const rewritten = await rewriteImports(spec.file, spec.source, words)
      if ('refusal' in rewritten) return rewritten.refusal
      await process.begin({ ...spec, pieces: rewritten.pieces, memory, words })
      return undefined
    },
    turn: (input) => process.turn(input),
    release: () => process[releaseProxy](),
  }
}

/** Callbacks to the owner of the Web Workers: a turn is over, a worker has ended, sending a turn took this many ms. */
interface WorkerCallbacks {
  readonly turned: () => void
  readonly gone: () => void
  readonly handed: (ms: number) => void
}

/** How often it is checked whether a silent Web Worker still exists, in ms. */
const LOOKS = 1000

const NOTHING: GuestTurn = { acts: [], cpu: 0 }

/** An application's code in a Web Worker of its own. */
class WebWorkerGuest implements Guest {
  readonly #worker: SandboxedWorker
  readonly #guest: RemoteGuest
  readonly #begun: Promise<void>
  readonly #sandbox: Sandbox
  readonly #patience: number
  readonly #words: ApplicationMessages
  readonly #told: WorkerCallbacks
  /** The turn that is awaited. */
  #turn: PromiseWithResolvers<GuestTurn> | undefined
  #clock: ReturnType<typeof setTimeout> | undefined
  #spinning = false
  #ended = false
  /** The last turn of the process. */
  #last = NOTHING

  constructor(
    sandbox: Sandbox,
    ready: Prepared,
    spec: GuestSpec,
    { patience, memory, words }: WebWorkersOptions,
    told: WorkerCallbacks,
  ) {
    this.#sandbox = sandbox
    this.#patience = patience
    this.#words = words
    this.#told = told
    this.#worker = ready.worker
    this.#guest = ready
    ready.broken.catch((error: unknown) => {
      this.#finish(broken(error, words))
    })
    void ready.left.then((last) => {
      this.#finish(last)
    })
    this.#begun = this.#begin(spec, memory, words)
    // `turn` rejects with the same error.
    this.#begun.catch(() => undefined)
  }

  async #begin(spec: GuestSpec, memory: number, words: ApplicationMessages): Promise<void> {
    const refusal = await this.#guest.begin(spec, memory, words)
    if (refusal !== undefined) this.#finish(refused(spec, refusal))
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
      // The start of the Web Worker itself costs the application no virtual time.
      await this.#begun
      if (this.#ended) return
      this.#clock = setTimeout(() => {
        this.#spinning = true
        spins()
        this.#look()
      }, this.#patience)
      const began = performance.now()
      const turn = this.#guest.turn(input)
      this.#told.handed(performance.now() - began)
      const done = await turn
      // All timers that were due have run. A wake-up at the same time again would make virtual time stand still.
      if (input.type === 'wake' && done.wakeAt !== undefined && done.wakeAt <= input.now) {
        throw malformed('wakeAt', 'a time to come', done.wakeAt)
      }
      this.#settle(done)
      this.#told.turned()
    } catch (error) {
      this.#finish(broken(error, this.#words))
    }
  }

  /** As long as it spins: it may not spin at all, but be gone, with its frame. */
  #look(): void {
    void this.#sandbox.check().then(() => {
      if (!this.#spinning || this.#ended) return
      this.#clock = setTimeout(() => this.#look(), LOOKS)
    })
  }

  #settle(turn: GuestTurn): void {
    clearTimeout(this.#clock)
    this.#spinning = false
    this.#turn?.resolve(turn)
    this.#turn = undefined
  }

  /** The process ended itself: passes its last turn on, and ends the Web Worker, which may still be spinning. */
  #finish(last: GuestTurn): void {
    if (this.#ended) return
    this.#last = last
    this.#settle(last)
    this.#terminate()
  }

  end(): void {
    if (this.#ended) return
    // A comlink call to an ended worker never settles, so the turn is settled here; a spinning one has been settled already.
    if (!this.#spinning) this.#settle(NOTHING)
    this.#terminate()
  }

  #terminate(): void {
    this.#ended = true
    clearTimeout(this.#clock)
    this.#turn = undefined
    this.#guest.release()
    this.#worker.terminate()
    this.#told.gone()
  }
}

/** The turn of a process that cannot go on through no fault of its application: a crash, so that the reader sees the reason. */
function broken(error: unknown, words: ApplicationMessages): GuestTurn {
  const { name, message } = reasonOf(error, words)
  return { acts: [{ type: 'crashed', after: 0, raised: { name, message, frames: [] } }], cpu: 0 }
}

function reasonOf(
  error: unknown,
  { worker }: ApplicationMessages,
): { readonly name: string; readonly message: string } {
  if (error instanceof MalformedMessage) {
    return { name: 'WorkerError', message: fill(worker.malformed, { path: error.path }) }
  }
  if (error instanceof SandboxLost) return { name: 'WorkerError', message: worker.lost }
  return error instanceof Error ? error : new Error(String(error))
}

/** The turn of an application whose file cannot be run in the page. */
function refused(spec: GuestSpec, { line, message }: FileRefusal): GuestTurn {
  const path = pathOf(spec)
  const raised: ExceptionInfo = {
    name: new ImportError(message).name,
    message,
    frames: [frame({ path, line, name: '<module>' }, spec.source)],
  }
  return { acts: [{ type: 'import-failed', after: 0, error: { kind: 'raised', raised } }], cpu: 0 }
}
