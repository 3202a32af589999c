import { openSync } from 'node:fs'
import type { ExitStatus, ManagerEffect, ManagerEvent, RunningManager } from '../../../manager/index.ts'
import { runManager } from '../../../manager/index.ts'
import type { LogRecord } from '../../../manager/log.ts'
import type { Settings } from '../../../manager/settings.ts'
import { asksTerminal } from '../../../manager/versions.ts'
import { SIGNAL_NUMBERS } from '../../../manager/signals.ts'
import { Failure, isFailure } from '../failure.ts'
import { fill, words } from '../language.ts'
import { outputLost, sayWhatIsLost } from '../output-lost.ts'
import { actAsFirstProcess } from '../pid-one.ts'
import type { Birth, ChildMessage, ChildTask, Succession } from '../protocol.ts'
import type { WithoutAt } from '../pump.ts'
import { pump } from '../pump.ts'
import { leaveUsr1ToTheSystem, SignalHandlers } from '../signals.ts'
import { removeSocketFile } from '../socket-file.ts'
import { speaker } from '../speak.ts'
import { write } from '../write.ts'
import { Children, FIRST_INHERITED_FD, type ChildEvents } from './children.ts'
import { ControlSocket } from './control-socket.ts'
import { Listeners, type NotListening } from './listeners.ts'
import { PidFile } from './pid-file.ts'
import { Pulse } from './pulse.ts'
import { Questions } from './questions.ts'
import { Reserve } from './reserve.ts'
import { reexecute } from './reexecute.ts'
import { Sentinel } from './sentinel.ts'
import { FileWatcher } from './watch-files.ts'

/** The longest time that a timer knows. */
const LONG_MS = 2 ** 31 - 1

/** How often a second master looks whether the first one lives. */
const LOOK_FOR_PARENT_MS = 200

/**
 * Runs the manager that the settings ask for, in this process, with real workers. The process ends when it does.
 * `succession`: this is a second master, with the sockets of the first.
 */
export function run(settings: Settings, succession?: Succession): void {
  sayWhatIsLost()
  actAsFirstProcess()
  new Parent(settings, succession).begin()
}

class Parent {
  readonly #manager: RunningManager
  readonly #say: (record: LogRecord) => void
  readonly #push: (event: WithoutAt<ManagerEvent>) => void
  readonly #signals: SignalHandlers
  readonly #sentinel = new Sentinel()
  readonly #children: Children
  readonly #reserve: Reserve
  readonly #listeners: Listeners
  readonly #pulse: Pulse
  readonly #questions = new Questions()
  /** Workers that have questions to the terminal before they do anything else. */
  readonly #asking = new Set<number>()
  readonly #controlSocket = new ControlSocket()
  readonly #succession: Succession | undefined
  #timer: NodeJS.Timeout | undefined
  #stay: NodeJS.Timeout | undefined
  /** Where `fastapi run` found the application. */
  #appDir: string | undefined
  #pidFile: PidFile | undefined

  constructor(settings: Settings, succession: Succession | undefined) {
    this.#succession = succession
    this.#manager = runManager(settings, Math.floor(Math.random() * 2 ** 32))
    this.#say = speaker(settings)
    this.#push = pump(
      (event: ManagerEvent) => this.#take(event),
      (effect: ManagerEffect) => this.#do(effect),
      () => this.#signals.drop((signal) => this.#manager.handles(signal)),
    )
    this.#signals = new SignalHandlers((signal) => this.#push({ type: 'signal', signal }))
    this.#children = new Children(this.#sentinel, capturedOutput(settings))
    this.#reserve = new Reserve(this.#children)
    this.#listeners = new Listeners((fds, backlog) => this.#listen(fds, backlog), settings)
    this.#pulse = new Pulse(
      (pid) => this.#push({ type: 'pong', pid }),
      (pid) => this.#children.isRunning(pid),
      (pid) => !this.#asking.has(pid),
    )
  }

  begin(): void {
    leaveUsr1ToTheSystem()
    // A manager waits for signals also when it has nobody left; Node ends a process that only does that.
    this.#stay = setInterval(() => undefined, LONG_MS)
    const { of } = this.#succession ?? {}
    this.#push({ type: 'start', pid: process.pid, ...(of === undefined ? {} : { successorOf: of }) })
    if (of !== undefined) this.#awaitEndOf(of)
  }

  /** Nobody tells a process that its parent has ended: it is another one's child from then on. */
  #awaitEndOf(first: number): void {
    const look = setInterval(() => {
      if (process.ppid === first) return
      clearInterval(look)
      this.#pidFile?.rename(this.#settings().gunicorn?.pidfile ?? '')
      this.#push({ type: 'orphaned' })
    }, LOOK_FOR_PARENT_MS)
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
        return this.#later(this.#bind(effect))
      case 'discover':
        return this.#discover()
      case 'preload':
        return this.#preload()
      case 'watch':
        new FileWatcher(effect.reload, (files) => this.#push({ type: 'changed', files }))
        return
      case 'reexec':
        return this.#reexecute()
      case 'unlink':
        return removeSocketFile(effect.path)
      case 'ask':
        return this.#questions.ask(
          process.pid,
          () => this.#say(effect.record),
          () => this.#push({ type: 'answered' }),
        )
      case 'control-socket':
        return this.#controlSocket.open((path) =>
          this.#push({ type: 'control-ready', ...(path === undefined ? {} : { path }) }),
        )
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
        if (effect.spreads !== true) this.#reserve.end()
        // Real processes spread by themselves: each starts when it gets a processor.
        this.#timer = setTimeout(() => this.#push({ type: 'timer' }), effect.spreads === true ? 0 : effect.ms)
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

  async #bind(effect: ManagerEffect & { type: 'bind' }): Promise<void> {
    const first = effect.inherited === true ? this.#succession : undefined
    const { pidfile } = this.#settings().gunicorn ?? {}
    if (pidfile !== undefined) this.#pidFile = new PidFile(first === undefined ? pidfile : `${pidfile}.2`)
    const result = first === undefined ? await this.#listeners.open(effect) : this.#listeners.inherit(first)
    if ('error' in result) this.#push({ type: 'bind-failed', ...result })
    else this.#push({ type: 'bound', binds: result.binds })
  }

  #listen(fds: readonly number[], backlog: number): Promise<NotListening | undefined> {
    this.#sentinel.start()
    return this.#reserve.listen(fds, backlog, this.#settings().workers)
  }

  #fork(age: number): void {
    // gunicorn has no helper, but its workers must not outlive it either.
    this.#sentinel.start()
    const { fds, binds } = this.#listeners
    const settings = { ...this.#settings(), binds }
    const role = settings.speaks.program === 'gunicorn' ? 'forked' : 'spawned'
    const birth: Birth = { role, age, settings }
    const events: ChildEvents = {
      onMessage: (message) => {
        if (pid === undefined) return
        if (message.says === 'output-lost') outputLost(message.stream, message.code)
        if (message.says === 'bind-failed') this.#push({ type: 'bind-failed', ...message })
        if (message.says === 'ready' || message.says === 'heartbeat') this.#push({ type: message.says, pid })
        if (message.says === 'question') this.#askFor(pid)
        if (message.says === 'awake') this.#asking.delete(pid)
      },
      onExit: (status) => {
        if (pid === undefined) return
        this.#asking.delete(pid)
        this.#questions.forget(pid)
        this.#push({ type: 'exited', pid, status: this.#unlessHalting(status) })
      },
      onStartFailure: ({ code = '' }) => this.#fail(new Failure(fill(words().cannotFork, { code }))),
    }
    const inherited = fds.map((_, i) => FIRST_INHERITED_FD + i)
    const pid =
      this.#reserve.take(birth, events) ??
      this.#children.start({ do: 'work', birth, fds: inherited }, fds, events)
    if (pid === undefined) return
    if (asksTerminal(settings.speaks)) this.#asking.add(pid)
    this.#push({ type: 'forked', pid })
  }

  /** A worker prints its questions itself; the terminal is read here. */
  #askFor(pid: number): void {
    this.#questions.ask(
      pid,
      () => this.#children.tell(pid, { says: 'ask' }),
      () => this.#children.tell(pid, { says: 'answered' }),
    )
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

  #discover(): void {
    const { command: _, ...asked } = this.#settings().fastapi ?? {}
    this.#tryImport({ do: 'discover', ...asked }, (message) => {
      if (message.says !== 'discovered') return
      const { discovery } = message
      if (discovery.found) this.#appDir = discovery.folder
      this.#push({ type: 'discovered', discovery })
    })
  }

  #preload(): void {
    this.#tryImport({ do: 'preload', settings: this.#settings() }, (message) => {
      if (message.says !== 'preloaded') return
      const { error } = message
      this.#push(error === undefined ? { type: 'preloaded' } : { type: 'preload-failed', error })
    })
  }

  /** The application is imported in a child: here it would stay, with all that it opened. */
  #tryImport(task: ChildTask, heard: (message: ChildMessage) => void): void {
    this.#sentinel.start()
    let answer: ChildMessage | undefined
    const pid = this.#children.start(task, [], {
      onMessage: (message) => {
        if (pid === undefined) return
        answer = message
        this.#children.kill(pid, 'KILL')
      },
      onExit: (status) => {
        this.#sentinel.end()
        if (answer !== undefined) return heard(answer)
        // The application ended the process that imported it, and that would have been this one.
        if ('code' in status) process.exit(status.code)
        // The kernel keeps from the first process of a container what it would die of.
        if (process.pid === 1) process.exit(128 + SIGNAL_NUMBERS[status.signal])
        process.kill(process.pid, `SIG${status.signal}`)
      },
      onStartFailure: ({ code = '' }) => this.#fail(new Failure(fill(words().cannotFork, { code }))),
    })
  }

  /** A second master from the same command line, which inherits the sockets. It outlives this one. */
  #reexecute(): void {
    const pid = reexecute(this.#listeners.sockets, {
      onExit: (status) => {
        if (pid !== undefined) this.#push({ type: 'exited', pid, status })
      },
      onStartFailure: ({ code = '' }) => this.#fail(new Failure(fill(words().cannotFork, { code }))),
    })
    if (pid !== undefined) this.#push({ type: 'reexecuted', pid })
  }

  /** One worker only: this process leads its life. */
  async #serve(): Promise<void> {
    const { serveAlone } = await import('../serve-alone.ts')
    clearInterval(this.#stay)
    serveAlone(this.#settings())
  }

  /** The settings as the manager has them now, and where the application is. */
  #settings(): Settings {
    const { settings } = this.#manager.state
    return this.#appDir === undefined ? settings : { ...settings, appDir: this.#appDir }
  }

  #exit(code: number): never {
    this.#children.killAll()
    this.#listeners.close()
    this.#controlSocket.close()
    this.#questions.close()
    this.#pidFile?.remove()
    process.exit(code)
  }

  #fail(failure: Failure): never {
    write('stderr', `${failure.message}\n`)
    return this.#exit(failure.code)
  }

  #later(task: Promise<void>): void {
    task.catch((error: unknown) => {
      if (isFailure(error)) this.#fail(error)
      throw error
    })
  }
}

/** With `--capture-output` all that workers print goes to the file of the error log. */
function capturedOutput({ gunicorn }: Settings): number | undefined {
  if (gunicorn?.captureOutput !== true || gunicorn.errorLogfile === undefined) return undefined
  return openSync(gunicorn.errorLogfile, 'a')
}
