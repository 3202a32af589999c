import type { ExceptionInfo } from '../../manager/log.ts'
import type { AppError, ManagerEvent } from '../../manager/machine.ts'
import type { WorkerBirth, WorkerEffect, WorkerEvent } from '../../worker/life.ts'
import { hearsHighestFirst, newWorker, stepWorker, workerHandles } from '../../worker/worker.ts'
import type { SignalName } from '../../manager/signals.ts'
import { asksTerminal } from '../../manager/fastapi/rules.ts'
import { workerKind } from '../../manager/versions.ts'
import type { Applications } from './applications.ts'
import type { Chance } from './chance.ts'
import type { Clock, WithoutAt } from './clock.ts'
import type { Cores } from './cores.ts'
import type { SharedData } from './data.ts'
import type { Files } from './files.ts'
import type { GuestAct } from './guest.ts'
import type { MainThreads } from './main-threads.ts'
import { WORKER_MEMORY, type MainMemory } from './memory.ts'
import type { Network } from './network.ts'
import type { Output } from './output.ts'
import { lowestPortOf, type Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Signals } from './signals.ts'
import type { Terminals } from './terminals.ts'
import type { Timing } from './timing.ts'
import { missingTlsFile } from './tls-files.ts'
import type { Trace } from './trace.ts'
import { allowedProxies, WorkerRequests, type RunningWorker } from './worker-requests.ts'

/** What a worker reports to its manager. */
export type WorkerReport = Extract<WithoutAt<ManagerEvent>, { type: 'ready' | 'heartbeat' | 'pong' }>

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly timing: Timing
  readonly files: Files
  readonly processes: Processes
  readonly cores: Cores
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly signals: Signals
  readonly output: Output
  readonly terminals: Terminals
  readonly network: Network
  readonly data: SharedData
  readonly applications: Applications
  readonly lowestPort: number
}

/** Passes events to workers, carries out their effects, and handles what their applications do. */
export class Workers {
  /** Called with each report of a worker to its manager. */
  onReport: ((worker: Process, report: WorkerReport) => void) | undefined
  readonly #parts: Dependencies
  readonly #running = new Map<number, RunningWorker>()
  readonly #requests: WorkerRequests

  constructor(parts: Dependencies) {
    this.#parts = parts
    this.#requests = new WorkerRequests(parts, (worker, event) => this.#take(worker, event))
  }

  /**
   * Starts a child process: an interpreter boots (or a forked copy continues), then the worker starts. `handled`: the signals that its
   * parent has handlers for; a forked copy has them until it sets its own.
   */
  begin(process: Process, birth: WorkerBirth, handled: readonly SignalName[]): void {
    const { clock, cores, signals, threads, timing } = this.#parts
    const { profile } = timing
    const worker = this.#add(process, birth)
    const { program } = birth.settings.speaks
    const forked = birth.role === 'forked'
    const boot = timing.draw(forked ? profile.fork : profile.spawn[program])
    // When the terminal is queried, the thread that answers pings starts after its answer.
    if (!asksTerminal(birth.settings.speaks)) worker.pongFrom = clock.now + boot * 0.6
    if (forked) signals.inherit(process, handled, clock.now + boot + timing.draw(profile.ownHandlers))
    cores.run(process, boot, () => threads.deliver(process, () => this.#take(worker, { type: 'start' })))
  }

  /** The manager's own process becomes the server. */
  beginAlone(process: Process, birth: WorkerBirth): void {
    this.#take(this.#add(process, birth), { type: 'start' })
  }

  #add(process: Process, birth: WorkerBirth): RunningWorker {
    const worker: RunningWorker = {
      process,
      life: newWorker(birth),
      server: this.#parts.network.serve(process, {
        keepAlive: birth.settings.keepAlive,
        onConnection: (connection) => this.#requests.accept(worker, connection),
        closed: (left) => {
          if (worker.draining) this.#take(worker, { type: 'open', connections: left })
        },
        ...(workerKind(birth.settings) === 'asgi'
          ? { lingers: () => worker.draining && worker.life.phase !== 'leaving' }
          : {}),
      }),
      allowedProxies: allowedProxies(birth.settings, process.env),
      draining: false,
      pongFrom: undefined,
      pings: [],
    }
    this.#running.set(process.pid, worker)
    process.handlers = {
      handles: (signal) => workerHandles(worker.life, signal),
      signalled: (signal) => this.#take(worker, { type: 'signal', signal }),
      highestFirst: () => hearsHighestFirst(worker.life),
      orphaned: () => this.#take(worker, { type: 'orphaned' }),
    }
    return worker
  }

  /** A process ended. */
  ended({ pid }: Process): void {
    this.#running.delete(pid)
  }

  /** A manager pings a worker. A thread of the worker answers, even while it is busy, but not when it is stopped, exiting or dead. */
  ping(pid: number): void {
    const worker = this.#running.get(pid)
    if (worker?.process.alive !== true) return
    if (worker.pongFrom === undefined) {
      worker.pings.push(() => this.ping(pid))
      return
    }
    const { clock, threads, timing } = this.#parts
    const booting = worker.life.phase === 'new' || worker.life.phase === 'importing'
    const { pong, slowPong } = timing.profile
    const at = Math.max(clock.now, worker.pongFrom) + timing.draw(booting ? slowPong : pong)
    const answer = (): void => {
      // An interpreter that is shutting down runs no threads.
      if (!worker.process.alive || worker.life.phase === 'leaving') return
      if (worker.process.frozen) threads.hold(worker.process, answer)
      else this.#report(worker, { type: 'pong', pid })
    }
    clock.schedule(at, answer)
  }

  #report({ process }: RunningWorker, report: WorkerReport): void {
    this.onReport?.(process, report)
  }

  #take(worker: RunningWorker, event: WithoutAt<WorkerEvent>): void {
    const { process } = worker
    if (!process.alive) return
    const { clock, trace } = this.#parts
    const before = worker.life.phase
    const { state, effects } = stepWorker(worker.life, { ...event, at: clock.now })
    worker.life = state
    if (state.phase !== before) trace.record({ type: 'phase', pid: process.pid, phase: state.phase })
    if (state.phase === 'importing' && worker.pongFrom === undefined) this.#startThread(worker)
    if (state.phase !== 'leaving') {
      for (const effect of effects) this.#do(worker, effect)
      return
    }
    // Its event loop has ended.
    worker.server.accepting = false
    this.#takeLeave(worker, effects)
  }

  /** Carries out the last effects of an exiting worker; a signal may end it between two of its last log lines. */
  #takeLeave(worker: RunningWorker, effects: readonly WorkerEffect[]): void {
    const { clock, processes, signals, threads, timing } = this.#parts
    const { process, life } = worker
    const [effect, ...others] = effects
    if (effect === undefined) return
    this.#do(worker, effect)
    if (effect.type === 'log' && isGuarded(signals.fatalSignal(process), effect)) {
      const signal = signals.takeFatalSignal(process)
      const ends = signal !== 'INT' || life.birth.role === 'forked'
      if (signal !== undefined && ends && effect.signals === 'raised-after')
        return this.#do(worker, { type: 'raise', signal })
    }
    const [next] = others
    if (next?.type !== 'log') return this.#takeLeave(worker, others)
    const goOn = (): void => {
      if (!process.alive) return
      const fatal = signals.fatalSignal(process)
      if (fatal !== undefined && !isGuarded(fatal, next)) processes.terminate(process, { signal: fatal })
      else if (process.frozen) threads.hold(process, goOn)
      else this.#takeLeave(worker, others)
    }
    const nextTurn = clock.now + timing.lastLine()
    signals.defer(process, nextTurn)
    clock.schedule(nextTurn, goOn)
  }

  #startThread(worker: RunningWorker): void {
    worker.pongFrom = this.#parts.clock.now
    for (const ping of worker.pings.splice(0)) ping()
  }

  #do(worker: RunningWorker, effect: WorkerEffect): void {
    const { applications, chance, clock, network, output, terminals, threads, timing } = this.#parts
    const { process, server } = worker
    switch (effect.type) {
      case 'log':
        return output.log(process, effect.record)
      case 'ask':
        return terminals.ask(process, effect.record, () => this.#take(worker, { type: 'answered' }))
      case 'import':
        threads.enqueue(process, () => this.#import(worker))
        applications.prepare(process)
        // With --preload the application is imported already.
        if (applications.isPreloaded(process)) return this.#soon(process)
        return threads.occupy(process, timing.draw(timing.profile.import))
      case 'startup':
      case 'shutdown':
        threads.enqueue(process, () => threads.turn(process, { type: effect.type }))
        return this.#soon(process)
      case 'bind':
        return this.#bind(worker, effect)
      case 'unlink':
        return network.listeners.unlink(effect.path)
      case 'accept':
        server.accepting = true
        // At the next event: a worker that exits at once accepts nothing.
        clock.after(0, () => network.offerAll())
        return
      case 'ready':
      case 'heartbeat':
        return this.#report(worker, { type: effect.type, pid: process.pid })
      case 'drain':
        server.accepting = false
        worker.draining = true
        network.closeListeners(process.pid)
        if (effect.webSockets !== undefined) network.closeWebSockets(server, effect.webSockets)
        return this.#take(worker, { type: 'open', connections: network.openOf(server) })
      case 'cut':
        return network.cut(server)
      case 'timer':
        return threads.setTimer(process, effect.ms, () => this.#take(worker, { type: 'timer' }))
      case 'exit':
        return threads.leave(process, { code: effect.code }, timing.leave())
      case 'raise':
        return threads.leave(process, { signal: effect.signal }, chance.within([1, 15]))
    }
  }

  #soon(process: Process): void {
    const { clock, threads } = this.#parts
    clock.after(0, () => threads.drain(process))
  }

  #import(worker: RunningWorker): void | Promise<void> {
    const { applications, files, threads } = this.#parts
    const { process, life } = worker
    const { app, tls } = life.birth.settings
    const missing = missingTlsFile(files, tls, process.cwd)
    if (missing !== undefined) return this.#failed(worker, { kind: 'raised', raised: NO_SUCH_FILE })
    if (app.attribute === '') return this.#failed(worker, { kind: 'bad-import-string', typed: app.typed })
    const guest = applications.make(process, app)
    if (guest === undefined) return this.#failed(worker, { kind: 'no-module', module: app.module })
    threads.load(process, guest, (act) => this.#act(worker, act))
    return threads.turn(process, { type: 'import' })
  }

  #failed(worker: RunningWorker, error: AppError): void {
    this.#take(worker, { type: 'import-failed', error })
  }

  #bind(worker: RunningWorker, effect: WorkerEffect & { type: 'bind' }): void {
    const { network, trace } = this.#parts
    const { pid, network: inside } = worker.process
    const { binds, backlog, replacesFile = false } = effect
    const lowestPort = lowestPortOf(worker.process, this.#parts.lowestPort)
    const options = { replacesFile, lowestPort, network: inside }
    const bound = network.listeners.bind(pid, binds, backlog, options)
    if ('error' in bound) return this.#take(worker, { type: 'bind-failed', ...bound })
    for (const { bind } of bound) trace.record({ type: 'listening', pid, bind })
    this.#take(worker, { type: 'bound', binds: bound.map(({ bind }) => bind) })
  }

  /** Handles an action of the application. */
  #act(worker: RunningWorker, act: GuestAct): void {
    const { applications, data, memory, output, processes, threads } = this.#parts
    const { process } = worker
    switch (act.type) {
      case 'imported':
        memory.resize(process, Math.max(process.memory, WORKER_MEMORY))
        memory.touch(process, 'boot')
        return this.#take(worker, { type: 'imported' })
      case 'import-failed':
        return this.#failed(worker, act.error)
      case 'started':
        return this.#take(worker, { type: 'started', supported: act.supported })
      case 'startup-failed':
      case 'shutdown-failed':
        return this.#take(worker, { type: act.type, raised: act.raised })
      case 'stopped':
        return this.#take(worker, { type: 'stopped' })
      case 'print':
        // What the arbiter has imported is not executed again in its copies.
        if (worker.life.phase === 'importing' && applications.isPreloaded(process)) return
        return output.write(process, act.stream, act.text)
      case 'file':
      case 'lock':
        return applications.disk.take(process, act)
      case 'call':
        return data.call(process, act.method, act.args, (reply) =>
          threads.deliver(process, () => threads.turn(process, { type: 'reply', call: act.call, ...reply })),
        )
      case 'exit':
        return processes.terminate(process, { code: act.code })
      case 'crashed':
        output.log(process, { kind: 'traceback', pid: process.pid, raised: act.raised })
        return processes.terminate(process, { code: 1 })
      case 'request-raised':
        return this.#requests.raised(worker, act)
      default:
        return this.#requests.sendPart(worker, act)
    }
  }
}

const NO_SUCH_FILE: ExceptionInfo = {
  name: 'FileNotFoundError',
  message: '[Errno 2] No such file or directory',
  frames: [],
}

/** Whether a line is logged although a fatal signal is pending: the worker handles that signal around it. */
function isGuarded(fatal: SignalName | undefined, { signals }: WorkerEffect & { type: 'log' }): boolean {
  return signals !== undefined && (fatal === 'INT' || fatal === 'TERM')
}
