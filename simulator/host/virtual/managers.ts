import { absolutePath } from '../../command/python/path.ts'
import { createManager, type RunningManager } from '../../manager/index.ts'
import type { AppError, Discovery, ManagerEffect, ManagerEvent } from '../../manager/machine.ts'
import { isPassedSocket } from '../../manager/say.ts'
import type { AppTarget, Bind, Reload, Settings } from '../../manager/settings.ts'
import { traitsOf } from '../../manager/traits.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { LaunchOptions } from '../../machine/system.ts'
import type { Applications } from './applications.ts'
import type { Chance } from './chance.ts'
import type { Clock, WithoutAt } from './clock.ts'
import type { Cores } from './cores.ts'
import type { Files } from './files.ts'
import type { MainThreads } from './main-threads.ts'
import type { Network } from './network.ts'
import type { Output } from './output.ts'
import { lowestPortOf, type ProcessOwner, type Process } from './process.ts'
import type { Processes } from './processes.ts'
import { ReloadWatch } from './reload-watch.ts'
import type { ServerProcesses } from './server-processes.ts'
import type { Signals } from './signals.ts'
import type { Terminals } from './terminals.ts'
import type { Timing } from './timing.ts'
import { missingTlsFile } from './tls-files.ts'
import type { Trace } from './trace.ts'
import type { WorkerReport, Workers } from './workers.ts'

const SIGNALS = Object.keys(SIGNAL_NUMBERS) as SignalName[]

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly chance: Chance
  readonly timing: Timing
  readonly files: Files
  readonly processes: Processes
  readonly cores: Cores
  readonly threads: MainThreads
  readonly signals: Signals
  readonly output: Output
  readonly terminals: Terminals
  readonly network: Network
  readonly applications: Applications
  readonly servers: ServerProcesses
  readonly workers: Workers
  readonly cwd: string
  readonly lowestPort: number
}

/** A manager and the process that it runs in. */
interface Managed {
  readonly process: Process
  readonly manager: RunningManager
  /** The settings that the server was started with; a reload may change those of the manager. */
  readonly settings: Settings
  /** Where it listens. */
  bound: readonly Bind[]
  /** Set when it watches files (`--reload`). */
  watches: ReloadWatch | undefined
}

/** Starts servers, passes events to their managers and carries out the effects. */
export class Managers {
  readonly #parts: Dependencies
  readonly #managed = new Map<number, Managed>()
  /** Who hears what a server tells the init system (sd_notify(3)). */
  onNotify: ((process: Process, message: string) => void) | undefined

  constructor(parts: Dependencies) {
    this.#parts = parts
    parts.workers.onReport = (worker, report) => this.#reported(worker, report)
    parts.files.watch((path) => this.#written(path))
  }

  /** Starts a server program. @returns its PID */
  launch(launch: LaunchOptions & Partial<ProcessOwner>): number {
    const { pid } = this.#start(this.#parts.servers.manager(launch), launch.settings)
    return pid
  }

  /** A process ended. */
  ended({ pid }: Process): void {
    this.#managed.delete(pid)
  }

  /** The manager starts when the interpreter has started and imported the program. */
  #start(process: Process, settings: Settings, successorOf?: number): Process {
    const { chance, cores, threads, timing } = this.#parts
    const manager = createManager(settings, Math.floor(chance.next() * 4294967296))
    const managed: Managed = { process, manager, settings, bound: [], watches: undefined }
    const { pid } = process
    this.#managed.set(pid, managed)
    process.handlers = {
      handles: (signal) => manager.handles(signal),
      signalled: (signal) => this.#take(managed, { type: 'signal', signal }),
      highestFirst: () => false,
      orphaned: () => this.#take(managed, { type: 'orphaned' }),
    }
    process.childEnded = (child, status, reap) =>
      threads.soon(process, () => {
        reap()
        this.#take(managed, { type: 'exited', pid: child, status })
      })
    const start = { type: 'start', pid, ...(successorOf === undefined ? {} : { successorOf }) } as const
    cores.run(process, timing.draw(timing.profile.launch), () =>
      threads.deliver(process, () => this.#take(managed, start)),
    )
    return process
  }

  /** Passes a worker's report to its manager, if the manager is alive. */
  #reported(worker: Process, report: WorkerReport): void {
    const managed = this.#managed.get(worker.ppid)
    if (managed === undefined) return
    // A heartbeat is the modification time of a file: the manager's process need not be running.
    if (report.type === 'heartbeat') return this.#take(managed, report)
    this.#parts.threads.soon(managed.process, () => this.#take(managed, report))
  }

  /** A file was written: managers that watch files notice at their next check. */
  #written(name: string): void {
    const path = absolutePath(name, this.#parts.cwd)
    for (const { watches, process } of this.#managed.values()) if (process.alive) watches?.written(path)
  }

  #watch(managed: Managed, reload: Reload): ReloadWatch {
    const { clock, cwd, threads } = this.#parts
    const { process } = managed
    const inside = `${process.cwd ?? cwd}/`
    return new ReloadWatch(reload, clock, (paths) => {
      const files = paths.map((path) => (path.startsWith(inside) ? path.slice(inside.length) : path))
      void threads.deliver(process, () => this.#take(managed, { type: 'changed', files }))
    })
  }

  /** Gives an event to the manager and carries out its effects, before anything else happens. */
  #take(managed: Managed, event: WithoutAt<ManagerEvent>): void {
    if (!managed.process.alive) return
    const effects = managed.manager.take({ ...event, at: this.#parts.clock.now })
    for (const effect of effects) this.#do(managed, effect)
  }

  #do(managed: Managed, effect: ManagerEffect): void {
    const { chance, clock, network, output, servers, signals, terminals, threads, timing, trace, workers } =
      this.#parts
    const { process } = managed
    switch (effect.type) {
      case 'log':
        return output.log(process, effect.record)
      case 'fork':
        managed.watches?.begin()
        return this.#take(managed, { type: 'forked', pid: this.#fork(managed, effect.age) })
      case 'helper':
        servers.helper(process)
        return
      case 'kill':
        signals.send(effect.pid, effect.signal, process.pid)
        return
      case 'ping':
        return workers.ping(effect.pid)
      case 'timer':
        return threads.setTimer(process, effect.ms, () => this.#take(managed, { type: 'timer' }))
      case 'cancel-timer':
        return threads.cancelTimer(process)
      case 'bind':
        return this.#bind(managed, effect)
      case 'unlink':
        return network.listeners.unlink(effect.path)
      case 'ask':
        return terminals.ask(process, effect.record, () => this.#take(managed, { type: 'answered' }))
      case 'reexec':
        return this.#take(managed, { type: 'reexecuted', pid: this.#reexecute(managed) })
      case 'notify':
        if (process.env['NOTIFY_SOCKET'] !== undefined)
          trace.record({ type: 'notified', pid: process.pid, text: effect.text })
        return
      case 'control-socket':
        // gunicorn opens it in a thread.
        clock.after(chance.within(timing.profile.control), () =>
          threads.deliver(process, () =>
            this.#take(managed, { type: 'control-ready', path: controlSocket(process) }),
          ),
        )
        return
      case 'close-listeners':
        return network.closeListeners(process.pid)
      case 'discover':
        clock.after(0, () => threads.deliver(process, () => this.#discover(managed)))
        return
      case 'watch':
        managed.watches = this.#watch(managed, effect.reload)
        return
      case 'preload':
        threads.occupy(process, timing.draw(timing.profile.import))
        return threads.enqueue(process, () => this.#preload(managed))
      case 'serve':
        return this.#serveAlone(managed)
      case 'exit':
        return threads.leave(process, { code: effect.code }, chance.within(timing.profile.leave))
    }
  }

  #fork({ process: parent, manager, bound }: Managed, age: number): number {
    const { chance, servers, workers } = this.#parts
    // A socket that was passed has its name by now.
    const settings = isPassedSocket(manager.settings)
      ? { ...manager.settings, binds: bound }
      : manager.settings
    const process = servers.worker(parent, settings)
    const role = traitsOf(settings.speaks).starts === 'fork' ? 'forked' : 'spawned'
    const handled = role === 'forked' ? SIGNALS.filter((signal) => manager.handles(signal)) : []
    workers.begin(process, { pid: process.pid, role, age, settings, chance: chance.next() }, handled)
    return process.pid
  }

  #reexecute({ process: parent, settings }: Managed): number {
    const successor = this.#parts.servers.successor(parent, settings)
    return this.#start(successor, settings, parent.pid).pid
  }

  /** With one worker the manager's own process serves. */
  #serveAlone({ process, manager }: Managed): void {
    const { chance, workers } = this.#parts
    const { pid } = process
    const { settings } = manager
    workers.beginAlone(process, { pid, role: 'single', age: 0, settings, chance: chance.next() })
  }

  #bind(managed: Managed, effect: ManagerEffect & { type: 'bind' }): void {
    const { files, network, trace } = this.#parts
    const { process, settings } = managed
    const { binds, backlog, replacesFile = false, inherited } = effect
    if (inherited === true) return this.#bound(managed, binds)
    const [bind] = binds
    const error = missingTlsFile(files, effect.tls, process.cwd)
    if (error !== undefined && bind !== undefined)
      return this.#take(managed, { type: 'bind-failed', bind, error })
    // gunicorn 20.1.0, `sock.py`: the master sets SO_REUSEPORT on its sockets; its workers inherit them, so it changes nothing.
    const reusePort = settings.gunicorn?.reusePort === true
    const lowestPort = lowestPortOf(process, this.#parts.lowestPort)
    const bound = network.listeners.bind(process.pid, binds, backlog, {
      ...{ replacesFile, reusePort, lowestPort },
      network: process.network,
    })
    if ('error' in bound) return this.#take(managed, { type: 'bind-failed', ...bound })
    for (const { bind } of bound) trace.record({ type: 'listening', pid: process.pid, bind })
    managed.bound = bound.map(({ bind }) => bind)
    this.#bound(managed, managed.bound)
  }

  /** Who knows the init system tells it when its sockets listen (gunicorn's `arbiter.start`). */
  #bound(managed: Managed, binds: readonly Bind[]): void {
    const { process, settings } = managed
    this.#take(managed, { type: 'bound', binds })
    if (traitsOf(settings.speaks).knowsInitSystem && process.env['NOTIFY_SOCKET'] !== undefined)
      this.onNotify?.(process, 'READY=1\nSTATUS=Gunicorn arbiter booted')
  }

  /** The master imports the application; every worker gets a copy. */
  #preload(managed: Managed): void | Promise<void> {
    const { app } = managed.settings
    const missing: AppError = { kind: 'no-attribute', module: app.typed, attribute: 'application' }
    if (app.attribute === '') return this.#take(managed, { type: 'preload-failed', error: missing })
    return this.#parts.applications.preload(managed.process, app, (error) =>
      this.#take(managed, error === undefined ? { type: 'preloaded' } : { type: 'preload-failed', error }),
    )
  }

  /** fastapi-cli finds and imports the application itself, once, in the manager's process. */
  #discover(managed: Managed): void | Promise<void> {
    const { applications, cwd: project } = this.#parts
    const { cwd = project } = managed.process
    const wanted = managed.settings.fastapi ?? { command: 'run' }
    const typed = wanted.path ?? DEFAULT_FILES.find((each) => applications.source(each, cwd) !== undefined)
    if (typed === undefined) return this.#discovered(managed, { found: false, reason: 'no-default-file' })
    const path = absolutePath(typed, cwd)
    const folder = path.slice(0, path.lastIndexOf('/')) || '/'
    const file = path.slice(path.lastIndexOf('/') + 1)
    if (applications.source(typed, cwd) === undefined)
      return this.#discovered(managed, { found: false, reason: 'no-path', path: typed })
    applications.importFrom(managed.process, folder)
    const module = file.replace(/\.[^.]+$/, '')
    const attribute = wanted.app ?? 'app'
    const target: AppTarget = { typed: `${module}:${attribute}`, module, attribute }
    return applications.importOnce(managed.process, target, (error) => {
      if (error === undefined)
        return this.#discovered(managed, { found: true, folder, file, module, attribute })
      if (error.kind === 'raised') {
        const { raised } = error
        return this.#discovered(managed, { found: false, reason: 'raised', folder, file, raised })
      }
      const missing = { found: false, reason: 'no-app', folder, file, module } as const
      this.#discovered(managed, wanted.app === undefined ? missing : { ...missing, wanted: wanted.app })
    })
  }

  #discovered(managed: Managed, discovery: Discovery): void {
    this.#take(managed, { type: 'discovered', discovery })
  }
}

/** gunicorn 26.1.0: the control socket is in the user's home. */
function controlSocket({ env }: Process): string {
  return `${env['HOME'] ?? '/home/user'}/.gunicorn/gunicorn.ctl`
}

const DEFAULT_FILES = ['main.py', 'main.js', 'app.py', 'app.js', 'api.py', 'api.js']
