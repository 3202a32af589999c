import type { Discovery, ExitStatus, ManagerEffect, ManagerEvent, RunningManager } from '../../../manager/index.ts'
import { runManager } from '../../../manager/index.ts'
import type { LogRecord } from '../../../manager/log.ts'
import type { Bind, Settings } from '../../../manager/settings.ts'
import type { WorkerBirth } from '../../../worker/life.ts'
import { Failure } from '../failure.ts'
import { fill, words } from '../language.ts'
import type { WithoutAt } from '../pump.ts'
import { pump } from '../pump.ts'
import { SignalHandlers } from '../signals.ts'
import { speaker } from '../speak.ts'
import { write } from '../write.ts'
import { Children, FIRST_INHERITED_FD } from './children.ts'
import { Listeners } from './listeners.ts'
import { Pulse } from './pulse.ts'
import { Sentinel } from './sentinel.ts'

/** Runs the manager that the settings ask for, in this process, with real workers. The process ends when it does. */
export function run(settings: Settings): void {
  new Parent(settings).begin()
}

class Parent {
  readonly #manager: RunningManager
  readonly #say: (record: LogRecord) => void
  readonly #push: (event: WithoutAt<ManagerEvent>) => void
  readonly #signals: SignalHandlers
  readonly #sentinel = new Sentinel()
  readonly #children = new Children(this.#sentinel)
  readonly #listeners: Listeners
  readonly #pulse: Pulse
  #timer: NodeJS.Timeout | undefined
  /** Where `fastapi run` found the application. */
  #appDir: string | undefined

  constructor(settings: Settings) {
    this.#manager = runManager(settings, Math.floor(Math.random() * 2 ** 32))
    this.#say = speaker(settings)
    this.#push = pump(
      (event: ManagerEvent) => this.#take(event),
      (effect: ManagerEffect) => this.#do(effect),
      () => this.#signals.drop((signal) => this.#manager.handles(signal)),
    )
    this.#signals = new SignalHandlers((signal) => this.#push({ type: 'signal', signal }))
    this.#listeners = new Listeners(this.#children, settings)
    this.#pulse = new Pulse(
      (pid) => this.#push({ type: 'pong', pid }),
      (pid) => this.#children.isRunning(pid),
    )
  }

  begin(): void {
    this.#push({ type: 'start', pid: process.pid })
  }

  #take(event: ManagerEvent): readonly ManagerEffect[] {
    const effects = this.#manager.take(event)
    this.#signals.add((signal) => this.#manager.handles(signal))
    return effects
  }

  #do(effect: ManagerEffect): void {
    switch (effect.type) {
      case 'log':
        return this.#say(effect.record)
      case 'bind':
        return this.#later(this.#bind(effect.binds, effect.backlog))
      case 'discover':
        return this.#discover()
      case 'preload':
        return this.#fail(new Failure(fill(words().notYet, { option: '--preload' })))
      case 'helper':
        return this.#sentinel.start()
      case 'fork':
        return this.#fork(effect.age)
      case 'kill':
        return this.#children.kill(effect.pid, effect.signal)
      case 'ping':
        return this.#pulse.ping(effect.pid)
      case 'timer':
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#push({ type: 'timer' }), effect.ms)
        return
      case 'cancel-timer':
        return clearTimeout(this.#timer)
      case 'close-listeners':
        return this.#listeners.close()
      case 'serve':
        return this.#later(this.#serve())
      case 'exit':
        return this.#exit(effect.code)
    }
  }

  async #bind(binds: readonly Bind[], backlog: number): Promise<void> {
    const result = await this.#listeners.open(binds, backlog)
    if ('error' in result) this.#push({ type: 'bind-failed', ...result })
    else this.#push({ type: 'bound', binds: result.binds })
  }

  #fork(age: number): void {
    // gunicorn has no helper, but its workers must not outlive it either.
    this.#sentinel.start()
    const { fds, binds } = this.#listeners
    const settings = { ...this.#settings(), binds }
    const role = settings.speaks.program === 'gunicorn' ? 'forked' : 'spawned'
    const inherited = fds.map((_, i) => FIRST_INHERITED_FD + i)
    const pid = this.#children.start({ do: 'work', birth: { role, age, settings }, fds: inherited }, fds, {
      onMessage: (message) => {
        if (pid === undefined) return
        if (message.says === 'bind-failed') this.#push({ type: 'bind-failed', ...message })
        if (message.says === 'ready' || message.says === 'heartbeat') this.#push({ type: message.says, pid })
      },
      onExit: (status) => {
        if (pid !== undefined) this.#push({ type: 'exited', pid, status: this.#unlessHalting(status) })
      },
      onStartFailure: ({ code = '' }) => this.#fail(new Failure(fill(words().cannotFork, { code }))),
    })
    if (pid !== undefined) this.#push({ type: 'forked', pid })
  }

  /**
   * gunicorn's arbiter crashes when a second worker cannot boot while it stops for the first: a race, which workers that fail at
   * the same moment always lose. Here the second failure is an end like any other, and the exit code stays the first one's.
   */
  #unlessHalting(status: ExitStatus): ExitStatus {
    const { state } = this.#manager
    const halting = 'halting' in state && state.halting !== undefined
    return halting && 'code' in status ? { code: 0 } : status
  }

  /** The application is imported in a child: here it would stay, with all that it opened. */
  #discover(): void {
    this.#sentinel.start()
    const { path, app } = this.#settings().fastapi ?? {}
    const task = {
      do: 'discover',
      ...(path === undefined ? {} : { path }),
      ...(app === undefined ? {} : { app }),
    } as const
    let discovery: Discovery | undefined
    const pid = this.#children.start(task, [], {
      onMessage: (message) => {
        if (message.says !== 'discovered' || pid === undefined) return
        discovery = message.discovery
        this.#children.kill(pid, 'KILL')
      },
      onExit: (status) => {
        this.#sentinel.end()
        if (discovery !== undefined) return this.#discovered(discovery)
        // The application ended the process that imported it, and that would have been this one.
        if ('code' in status) process.exit(status.code)
        process.kill(process.pid, `SIG${status.signal}`)
      },
      onStartFailure: ({ code = '' }) => this.#fail(new Failure(fill(words().cannotFork, { code }))),
    })
  }

  #discovered(discovery: Discovery): void {
    if (discovery.found) this.#appDir = discovery.folder
    this.#push({ type: 'discovered', discovery })
  }

  /** One worker only: this process leads its life. */
  async #serve(): Promise<void> {
    const { live } = await import('../worker/live.ts')
    const birth: WorkerBirth = {
      pid: process.pid,
      role: 'single',
      age: 1,
      settings: this.#settings(),
      chance: Math.random(),
    }
    live(birth, [])
  }

  /** The settings as the manager has them now, and where the application is. */
  #settings(): Settings {
    const { settings } = this.#manager.state
    return this.#appDir === undefined ? settings : { ...settings, appDir: this.#appDir }
  }

  #exit(code: number): never {
    this.#children.killAll()
    this.#listeners.close()
    process.exit(code)
  }

  #fail(failure: Failure): never {
    write('stderr', `${failure.message}\n`)
    return this.#exit(failure.code)
  }

  #later(task: Promise<void>): void {
    task.catch((error: unknown) => {
      if (error instanceof Failure) this.#fail(error)
      throw error
    })
  }
}
