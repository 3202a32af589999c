import type { AppError, Discovery, ManagerEffect, ManagerEvent } from '../../manager/machine.ts'
import type { AppTarget } from '../../manager/settings.ts'
import { findModule, importApp } from './import-app.ts'
import type { Kernel, WithoutAt } from './kernel.ts'
import { inheritance, type Process } from './process.ts'
import { missingTlsFile } from './tls-files.ts'

const HELPER_MEMORY = 11_000_000

/** Gives a manager its events and carries out what it wants. */
export class ManagerHost {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** The manager takes an event; what it wants is done before anything else happens. */
  take(process: Process, event: WithoutAt<ManagerEvent>): void {
    if (process.manager === undefined || !process.alive) return
    const effects = process.manager.take({ ...event, at: this.#kernel.now })
    for (const effect of effects) this.#do(process, effect)
  }

  #do(process: Process, effect: ManagerEffect): void {
    const kernel = this.#kernel
    switch (effect.type) {
      case 'log':
        return kernel.log(process, effect.record)
      case 'fork':
        return this.take(process, { type: 'forked', pid: kernel.forkWorker(process, effect.age).pid })
      case 'helper':
        return this.#helper(process)
      case 'kill':
        kernel.signal(effect.pid, effect.signal, process.pid)
        return
      case 'ping':
        return this.#ping(process, effect.pid)
      case 'timer':
        kernel.cancel(process.timer)
        process.timer = kernel.schedule(kernel.now + effect.ms, () =>
          kernel.threads.deliver(process, () => this.take(process, { type: 'timer' })),
        )
        return
      case 'cancel-timer':
        return kernel.cancel(process.timer)
      case 'bind':
        return this.#bind(process, effect)
      case 'unlink':
        return kernel.network.listeners.unlink(effect.path)
      case 'ask':
        return kernel.terminals.ask(process, effect.record, () => this.take(process, { type: 'answered' }))
      case 'reexec':
        return this.take(process, { type: 'reexecuted', pid: kernel.reexecute(process) })
      case 'control-socket':
        // A thread of its own opens it.
        kernel.schedule(kernel.now + kernel.chance.within(kernel.profile.control), () =>
          kernel.threads.deliver(process, () =>
            this.take(process, { type: 'control-ready', path: controlSocket(process) }),
          ),
        )
        return
      case 'close-listeners':
        return kernel.network.closeListeners(process.pid)
      case 'discover':
        kernel.schedule(kernel.now, () => kernel.threads.deliver(process, () => this.#discover(process)))
        return
      case 'watch':
        process.watches = effect.reload
        return
      case 'preload':
        kernel.threads.occupy(process, kernel.draw(kernel.profile.import))
        process.inbox.push(() => this.#preload(process))
        return
      case 'serve':
        return kernel.serveAlone(process)
      case 'exit':
        return kernel.leave(process, { code: effect.code }, kernel.chance.within(kernel.profile.leave))
    }
  }

  /** A file was written: whoever watches files finds that at its next look. */
  written(path: string): void {
    const kernel = this.#kernel
    for (const process of kernel.table.values()) {
      const { watches } = process
      if (watches === undefined || !process.alive) continue
      const changed = () => this.take(process, { type: 'changed', files: [path] })
      kernel.schedule(kernel.now + watches.delay * 1000, () => kernel.threads.deliver(process, changed))
    }
  }

  #bind(process: Process, effect: ManagerEffect & { type: 'bind' }): void {
    const { binds, backlog, replacesFile = false, inherited } = effect
    if (inherited === true) return this.take(process, { type: 'bound', binds })
    const [bind] = binds
    const error = missingTlsFile(this.#kernel, effect.tls)
    if (error !== undefined && bind !== undefined)
      return this.take(process, { type: 'bind-failed', bind, error })
    // gunicorn 20.1.0, `sock.py`: the master sets it on the sockets that it makes, and its workers share these as ever.
    const reusePort = process.settings?.gunicorn?.reusePort === true
    const bound = this.#kernel.network.listeners.bind(process.pid, binds, backlog, {
      replacesFile,
      reusePort,
    })
    if ('error' in bound) return this.take(process, { type: 'bind-failed', ...bound })
    for (const { bind } of bound) this.#kernel.record({ type: 'listening', pid: process.pid, bind })
    this.take(process, { type: 'bound', binds: bound.map(({ bind }) => bind) })
  }

  /** Every worker gets a copy of what is imported here. */
  #preload(process: Process): void | Promise<void> {
    const kernel = this.#kernel
    const { app } = process.settings ?? {}
    if (app === undefined) return
    const missing: AppError = { kind: 'no-attribute', module: app.typed, attribute: 'application' }
    if (app.attribute === '') return this.take(process, { type: 'preload-failed', error: missing })
    process.preloaded = findModule(kernel, process, app)
    return importApp(kernel, process, app, (error) =>
      this.take(process, error === undefined ? { type: 'preloaded' } : { type: 'preload-failed', error }),
    )
  }

  #helper(process: Process): void {
    const kernel = this.#kernel
    kernel.birth({
      pid: kernel.newPid(),
      ...inheritance(process),
      ppid: process.pid,
      kind: 'helper',
      command: 'python -c from multiprocessing.resource_tracker import main;main(6)',
      terminal: process.terminal,
      group: process.group,
      env: process.env,
      startedAt: kernel.now,
      settings: process.settings,
      print: undefined,
      onEnd: undefined,
      memory: HELPER_MEMORY,
    })
  }

  /** A thread of the worker answers: a busy worker does; a frozen, a leaving or a dead one does not. */
  #ping(process: Process, pid: number): void {
    const kernel = this.#kernel
    const worker = kernel.process(pid)
    if (!worker?.alive) return
    if (worker.pongFrom === undefined) {
      worker.pings.push(() => this.#ping(process, pid))
      return
    }
    const booting = worker.worker?.phase === 'new' || worker.worker?.phase === 'importing'
    const { pong, slowPong } = kernel.profile
    const at = Math.max(kernel.now, worker.pongFrom) + kernel.draw(booting ? slowPong : pong)
    const answer = (): void => {
      // An interpreter that is shutting down runs no threads any more.
      if (!worker.alive || worker.worker?.phase === 'leaving') return
      if (worker.frozen) worker.held.push(answer)
      else kernel.tellManager(worker, { type: 'pong', pid })
    }
    kernel.schedule(at, answer)
  }

  /** fastapi-cli looks for the file and imports the application itself, once, in the manager's process. */
  #discover(process: Process): void | Promise<void> {
    const kernel = this.#kernel
    const wanted = process.settings?.fastapi ?? { command: 'run' }
    const typed = wanted.path ?? DEFAULT_FILES.find((file) => sourceOf(kernel, file) !== undefined)
    if (typed === undefined) return this.#discovered(process, { found: false, reason: 'no-default-file' })
    const file = typed.split('/').at(-1) ?? typed
    const source = sourceOf(kernel, typed)
    if (source === undefined)
      return this.#discovered(process, { found: false, reason: 'no-path', path: typed })
    const module = file.replace(/\.[^.]+$/, '')
    const attribute = wanted.app ?? 'app'
    const target: AppTarget = { typed: `${module}:${attribute}`, module, attribute }
    const folder = kernel.cwd
    return importApp(kernel, process, target, (error) => {
      if (error === undefined)
        return this.#discovered(process, { found: true, folder, file, module, attribute })
      if (error.kind === 'raised') {
        return this.#discovered(process, {
          found: false,
          reason: 'raised',
          folder,
          file,
          raised: error.raised,
        })
      }
      const missing = { found: false, reason: 'no-app', folder, file, module } as const
      this.#discovered(process, wanted.app === undefined ? missing : { ...missing, wanted: wanted.app })
    })
  }

  #discovered(process: Process, discovery: Discovery): void {
    this.take(process, { type: 'discovered', discovery })
  }
}

/** gunicorn 26.1.0: a file in a folder of the user's own. */
function controlSocket({ env }: Process): string {
  return `${env['HOME'] ?? '/home/user'}/.gunicorn/gunicorn.ctl`
}

const DEFAULT_FILES = ['main.py', 'main.js', 'app.py', 'app.js', 'api.py', 'api.js']

/** The page accepts the Python file's name; what runs is its twin in JavaScript. */
function sourceOf(kernel: Kernel, path: string): string | undefined {
  return kernel.readFile(path.replace(/\.py$/, '.js'))
}
