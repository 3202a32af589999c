import { absolutePath } from '../../command/python/path.ts'
import type { AppError } from '../../manager/machine.ts'
import type { AppTarget } from '../../manager/settings.ts'
import { ENDINGS, type Runtime } from '../../machine/runtime.ts'
import type { Chance } from './chance.ts'
import type { SharedData } from './data.ts'
import { Disk } from './disk.ts'
import type { Files } from './files.ts'
import type { Guest, GuestFactory } from './guest.ts'
import type { MainThreads } from './main-threads.ts'
import { WORKER_MEMORY, type MainMemory } from './memory.ts'
import type { Output } from './output.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'

/** The file of a module, and its text. */
interface Module {
  readonly file: string
  readonly source: string
}

interface Dependencies {
  readonly chance: Chance
  readonly files: Files
  readonly processes: Processes
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly output: Output
  readonly data: SharedData
  readonly factory: GuestFactory
  readonly runtime: Runtime
  readonly cwd: string
}

/** The applications of the machine: finds modules, and makes the code of processes that import them. */
export class Applications {
  readonly #parts: Dependencies
  /** The modules that masters imported before they forked (`--preload`), by PID. */
  readonly #preloaded = new Map<number, Module>()
  /** What their code sees of the machine's files. */
  readonly disk: Disk
  /** Folders that are searched first, by the PID of the process that set them. */
  readonly #folders = new Map<number, string>()

  constructor(parts: Dependencies) {
    this.#parts = parts
    this.disk = new Disk(parts.files)
  }

  /** The text of an application's file, by its path from a folder. On a JavaScript machine `main.py` stands for the `main.js` beside it. */
  source(path: string, folder: string): string | undefined {
    const { files, runtime } = this.#parts
    if (runtime === 'python') return path.endsWith('.js') ? undefined : files.read(path, folder)
    return files.read(path.replace(/\.py$/, '.js'), folder)
  }

  /** A process and its later children search this folder for modules first. */
  importFrom({ pid }: Process, folder: string): void {
    this.#folders.set(pid, folder)
  }

  /** The folders that a process searches for modules: Python's `sys.path`, as far as it can contain an application. */
  #path(process: Process): readonly string[] {
    const { pid, ppid, env, command, settings, cwd = this.#parts.cwd } = process
    const first = this.#folders.get(pid) ?? this.#folders.get(ppid)
    const isModule = /^\S*python[\d.]*\s+-m\s/.test(command)
    const from = (folder: string): string => absolutePath(folder, cwd)
    return [
      ...(first === undefined ? [] : [first]),
      from(settings?.appDir ?? '.'),
      ...(isModule ? [cwd] : []),
      ...(env['PYTHONPATH'] ?? '').split(':').filter(Boolean).map(from),
    ]
  }

  /** Finds a module for a process. */
  #find(process: Process, target: AppTarget): Module | undefined {
    const { cwd: project, files, runtime } = this.#parts
    const name = `${target.module.replaceAll('.', '/')}${ENDINGS[runtime]}`
    for (const folder of this.#path(process)) {
      const source = files.read(name, folder)
      const path = absolutePath(name, folder)
      const inside = `${process.cwd ?? project}/`
      if (source !== undefined)
        return { file: path.startsWith(inside) ? path.slice(inside.length) : path, source }
    }
    return undefined
  }

  /** The module that the master had imported before it forked this worker. */
  #preloadedFor({ kind, ppid }: Process): Module | undefined {
    return kind === 'worker' ? this.#preloaded.get(ppid) : undefined
  }

  /** Whether a worker inherited the application from its master. */
  isPreloaded(process: Process): boolean {
    return this.#preloadedFor(process) !== undefined
  }

  /** A process is about to import: the guest factory may start to load what its code needs. */
  prepare({ pid }: Process): void {
    this.#parts.factory.prepare?.(pid)
  }

  /** A process ended. */
  ended(process: Process): void {
    const { pid } = process
    this.disk.ended(process)
    this.#preloaded.delete(pid)
    this.#folders.delete(pid)
    this.#parts.factory.forget?.(pid)
  }

  /** Makes the application's code for a process; `undefined` when the module does not exist. */
  make(process: Process, target: AppTarget): Guest | undefined {
    const module = this.#preloadedFor(process) ?? this.#find(process, target)
    if (module === undefined) return undefined
    const { chance, cwd, factory, runtime } = this.#parts
    const guest = factory({
      pid: process.pid,
      ppid: process.ppid,
      env: process.env,
      argv: process.command.split(' '),
      cwd: process.cwd ?? cwd,
      target,
      ...module,
      chance: chance.next(),
    })
    return runtime === 'python' ? this.disk.mount(process, guest) : guest
  }

  /** A master imports the application: every worker that it forks later gets a copy. */
  preload(
    process: Process,
    target: AppTarget,
    done: (error: AppError | undefined) => void,
  ): void | Promise<void> {
    const module = this.#find(process, target)
    if (module !== undefined) this.#preloaded.set(process.pid, module)
    return this.importOnce(process, target, done)
  }

  /**
   * Imports the application once in a process that does not serve: `fastapi run` checks it before it starts uvicorn, and gunicorn's master
   * imports it with `--preload`.
   */
  importOnce(
    process: Process,
    target: AppTarget,
    done: (error: AppError | undefined) => void,
  ): void | Promise<void> {
    const { data, memory, output, processes, threads } = this.#parts
    const guest = this.make(process, target)
    if (guest === undefined) return done({ kind: 'no-module', module: target.module })
    let over = false
    const finish = (error: AppError | undefined): void => {
      if (over) return
      over = true
      guest.end()
      threads.unload(process)
      done(error)
    }
    // The process owns the code, so it ends with the process.
    threads.load(process, guest, (act) => {
      switch (act.type) {
        case 'print':
          return output.write(process, act.stream, act.text)
        case 'file':
        case 'lock':
          return this.disk.take(process, act)
        case 'call':
          return data.call(process, act.method, act.args, (reply) =>
            threads.deliver(process, () =>
              threads.turn(process, { type: 'reply', call: act.call, ...reply }),
            ),
          )
        case 'exit':
          return processes.terminate(process, { code: act.code })
        case 'imported':
          memory.resize(process, Math.max(process.memory, WORKER_MEMORY))
          return finish(undefined)
        case 'import-failed':
          return finish(act.error)
        case 'crashed':
          return finish({ kind: 'raised', raised: act.raised })
      }
    })
    return threads.turn(process, { type: 'import' })
  }
}
