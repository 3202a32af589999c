import type { ExitStatus, ManagerEffect, ManagerEvent, RunningManager } from '../../../manager/index.ts'
import { createManager } from '../../../manager/index.ts'
import type { LogRecord } from '../../../manager/log.ts'
import type { Settings } from '../../../manager/settings.ts'
import { traitsOf } from '../../../manager/traits.ts'
import { asksTerminal } from '../../../manager/fastapi/rules.ts'
import type { SignalName } from '../../../manager/signals.ts'
import { type Failure, isFailure } from '../output/failure.ts'
import { relativeIfBelow, reenterFolder } from './folder.ts'
import { ignoreHangUp, startedByNohup } from '../system/hang-up.ts'
import { fill, readWords, sentence } from '../output/language.ts'
import { steadyClock } from '../system/now.ts'
import { handleLostOutput, reportLostOutput } from '../output/output-lost.ts'
import { actAsFirstProcess } from './pid-one.ts'
import type { WorkerBirthMessage, ChildMessage, ChildTask, Succession } from '../ipc/protocol.ts'
import type { WithoutAt } from '../system/pump.ts'
import { pump } from '../system/pump.ts'
import { leaveUsr1ToTheSystem, SignalHandlers } from '../system/signals.ts'
import { removeSocketFile } from '../system/socket-file.ts'
import { capturedOutput, recordPrinter } from '../output/speak.ts'
import { LONGEST_MS, timerMs } from '../system/timer-ms.ts'
import { write } from '../output/write.ts'
import { Children, FIRST_INHERITED_FD, STOP_SIGNALS, type ChildEvents } from './children.ts'
import { ControlSocket } from './control-socket.ts'
import { Health } from './health.ts'
import { Listeners, type NotListening } from './listeners.ts'
import { PidFile } from './pid-file.ts'
import { LivenessProbe } from './liveness-probe.ts'
import { TerminalQuestions } from './terminal-questions.ts'
import { cannotFork, StandbyWorkers } from './standby-workers.ts'
import { awaitEndOfFirst, reexecute } from './reexecute.ts'
import { Sentinel } from './sentinel.ts'
import { tryImport } from './try-import.ts'
import { FileWatcher } from './watch-files.ts'

/** How long workers that were asked to end may take when their manager has ended before them, in ms. */
const FINISH_MS = 3000

/** How long after a failed fork the next one is tried, in ms. */
const FORK_AGAIN_MS = 1000

/** When the messages that a running server may need are read, in ms: before, the workers need the processor. */
const WORDS_MS = 1000

/**
 * Runs the manager that the settings ask for, in this process, with real workers. The process ends when the manager does. `succession`:
 * this is a second master, with the sockets of the first.
 */
export function run(settings: Settings, succession?: Succession): void {
  reportLostOutput()
  actAsFirstProcess()
  const hangUp = startedByNohup()
  if (hangUp) ignoreHangUp()
  new Parent(settings, succession, hangUp).begin()
}

class Parent {
  readonly #manager: RunningManager
  readonly #say: (record: LogRecord) => void
  readonly #push: (event: WithoutAt<ManagerEvent>) => void
  readonly #signals: SignalHandlers
  readonly #sentinel = new Sentinel()
  readonly #children: Children
  readonly #standby: StandbyWorkers
  readonly #listeners: Listeners
  readonly #liveness: LivenessProbe
  readonly #questions = new TerminalQuestions()
  /** Workers that query the terminal before they do anything else. */
  readonly #asking = new Set<number>()
  readonly #controlSocket = new ControlSocket()
  readonly #succession: Succession | undefined
  #timer: NodeJS.Timeout | undefined
  #keepAliveTimer: NodeJS.Timeout | undefined
  /** It has ended, and only waits for its last workers. */
  #hasEnded = false
  /** Where `fastapi run` found the application. */
  #appDir: string | undefined
  #hasForked = false
  /** The last fork failed, and that was reported. */
  #forkFailed = false
  #forkAgain: NodeJS.Timeout | undefined
  #pidFile: PidFile | undefined
  /** The second master that this one has started, while it lives. */
  #successor: number | undefined
  readonly #health = new Health(() => this.#settings().workers)

  constructor(settings: Settings, succession: Succession | undefined, ignoresHangUp: boolean) {
    this.#succession = succession
    this.#manager = createManager(settings, Math.floor(Math.random() * 2 ** 32))
    this.#say = recordPrinter(settings)
    const { starts } = traitsOf(settings.speaks)
    this.#push = pump(
      (event: ManagerEvent) => this.#take(event),
      (effect: ManagerEffect) => this.#do(effect),
      () => this.#signals.drop((signal) => this.#manager.handles(signal)),
      steadyClock(),
    )
    this.#signals = new SignalHandlers((signal) => this.#signal(signal))
    this.#children = new Children(
      this.#sentinel,
      capturedOutput(settings),
      // An ignored signal stays ignored in children, a handled one is reset; gunicorn's workers reset what they inherit.
      () => ignoresHangUp && starts === 'spawn' && !this.#manager.handles('HUP'),
    )
    this.#standby = new StandbyWorkers(this.#children)
    this.#listeners = new Listeners(
      (fds, backlog) => this.#listen(fds, backlog),
      settings,
      () => this.#hasOtherMaster(),
    )
    this.#liveness = new LivenessProbe(
      (pid) => this.#push({ type: 'pong', pid }),
      (pid) => this.#children.isRunning(pid),
      (pid) => !this.#asking.has(pid),
    )
  }

  begin(): void {
    leaveUsr1ToTheSystem()
    // A manager without workers still waits for signals; Node would end a process that does nothing else.
    this.#keepAliveTimer = setInterval(() => undefined, LONGEST_MS)
    const { of } = this.#succession ?? {}
    this.#push({ type: 'start', pid: process.pid, ...(of === undefined ? {} : { successorOf: of }) })
    if (of === undefined) return
    awaitEndOfFirst(of, () => {
      this.#pidFile?.rename(this.#settings().gunicorn?.pidfile ?? '')
      this.#push({ type: 'orphaned' })
      this.#health.succeeded()
    })
  }

  #take(event: ManagerEvent): readonly ManagerEffect[] {
    if (this.#hasEnded) return []
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
        return void new FileWatcher(effect.reload, (files) => this.#push({ type: 'changed', files }))
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
      case 'notify':
        return // `Health` notifies the init system instead, once all workers serve.
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
        return this.#liveness.ping(effect.pid)
      case 'timer':
        clearTimeout(this.#timer)
        if (effect.spreads !== true) this.#standby.end()
        // Real processes start at different times by themselves: each starts when it gets a processor.
        this.#timer = setTimeout(
          () => this.#push({ type: 'timer' }),
          effect.spreads === true ? 0 : timerMs(effect.ms),
        )
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
    return this.#standby.listen(fds, backlog, this.#settings().workers)
  }

  #fork(age: number): void {
    // gunicorn has no helper process, but its workers must not outlive it either.
    this.#sentinel.start()
    const { fds, binds } = this.#listeners
    const settings = { ...this.#settings(), binds }
    const role = traitsOf(settings.speaks).starts === 'fork' ? 'forked' : 'spawned'
    const birth: WorkerBirthMessage = { role, age, settings }
    const events: ChildEvents = {
      onMessage: (message) => {
        if (pid === undefined) return
        if (message.says === 'output-lost') handleLostOutput(message.stream, message.code)
        // Of any other socket an application has written it.
        if (message.says === 'bind-failed' && this.#listeners.has(message.bind))
          this.#push({ type: 'bind-failed', bind: message.bind, error: message.error })
        if (message.says === 'ready') this.#health.ready(pid)
        if (message.says === 'ready' || message.says === 'heartbeat') this.#push({ type: message.says, pid })
        if (message.says === 'question') this.#askFor(pid)
        if (message.says === 'awake') this.#asking.delete(pid)
      },
      onExit: (status) => {
        if (pid === undefined) return
        this.#asking.delete(pid)
        this.#questions.forget(pid)
        this.#health.gone(pid)
        this.#push({ type: 'exited', pid, status: this.#unlessHalting(status) })
      },
      onStartFailure: (error) => this.#forkLater(error, () => this.#fork(age)),
    }
    const inherited = fds.map((_, i) => FIRST_INHERITED_FD + i)
    const pid =
      this.#standby.take(birth, events) ??
      this.#children.start({ do: 'work', birth, fds: inherited }, fds, events)
    if (pid === undefined) return
    this.#forkFailed = false
    if (!this.#hasForked) {
      this.#hasForked = true
      // Later, when a message is needed, there may be no descriptor left to read them with.
      setTimeout(readWords, WORDS_MS).unref()
    }
    if (asksTerminal(settings.speaks)) this.#asking.add(pid)
    this.#push({ type: 'forked', pid })
  }

  /** Tries a fork again later: a running server does not end because the system has no room for another process just now. */
  #forkLater({ code = '' }: { readonly code?: string }, again: () => void): void {
    if (!this.#hasForked) return this.#cannotFork({ code })
    if (!this.#forkFailed) write('stderr', `${sentence(({ forkLater }) => fill(forkLater, { code }))}\n`)
    this.#forkFailed = true
    this.#forkAgain = setTimeout(() => {
      this.#forkAgain = undefined
      again()
    }, FORK_AGAIN_MS)
  }

  /**
   * While a fork is retried the manager would, like the original in `fork()`, handle no signal; a signal that stops it is handled all the
   * same.
   */
  #signal(signal: SignalName): void {
    if (STOP_SIGNALS.includes(signal)) this.#health.stopping()
    if (signal === 'HUP' && !this.#beginReload()) return
    if (this.#forkAgain === undefined || !STOP_SIGNALS.includes(signal))
      return this.#push({ type: 'signal', signal })
    clearTimeout(this.#forkAgain)
    this.#children.askAll()
    this.#exit(0)
  }

  /**
   * A reload enters the working folder again, so that new workers follow a link that has changed, and are not in a removed folder.
   * @returns false when it cannot be entered: then there is no reload
   */
  #beginReload(): boolean {
    const again = reenterFolder()
    if ('code' in again) {
      write('stderr', `${sentence(({ folderGone }) => fill(folderGone, again))}\n`)
      return false
    }
    const { folder, now } = again
    // gunicorn does so without a message, uvicorn with one.
    if (now !== undefined && !traitsOf(this.#settings().speaks).reloadsInNewFolder)
      write('stderr', `${sentence(({ folderMoved }) => fill(folderMoved, { folder, now }))}\n`)
    this.#health.reloading()
    return true
  }

  /** A worker prints its queries itself; the terminal's answers are read here. */
  #askFor(pid: number): void {
    this.#questions.ask(
      pid,
      () => this.#children.tell(pid, { says: 'ask' }),
      () => this.#children.tell(pid, { says: 'answered' }),
    )
  }

  /**
   * gunicorn's arbiter crashes when a second worker cannot boot while it stops because of the first: a race that workers which fail at the
   * same moment always lose. Here the second failure is an ordinary exit, and the exit code stays that of the first.
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
      if (discovery.found) this.#appDir = relativeIfBelow(discovery.folder)
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

  #tryImport(task: ChildTask, heard: (message: ChildMessage) => void): void {
    tryImport(task, { children: this.#children, sentinel: this.#sentinel }, heard, this.#cannotFork)
  }

  /** Starts a second master from the same command line, which inherits the sockets. It outlives this one. */
  #reexecute(): void {
    const pid = reexecute(this.#listeners.sockets, {
      onExit: (status) => {
        this.#successor = undefined
        if (pid !== undefined) this.#push({ type: 'exited', pid, status })
      },
      onStartFailure: (error) => this.#forkLater(error, () => this.#reexecute()),
    })
    this.#successor = pid
    if (pid === undefined) return
    this.#forkFailed = false
    this.#push({ type: 'reexecuted', pid })
  }

  /** Whether another master serves on the same sockets: one that this one has started, or the one that started it. */
  #hasOtherMaster(): boolean {
    return this.#successor !== undefined || process.ppid === this.#succession?.of
  }

  /** One worker only: this process runs the worker. */
  async #serve(): Promise<void> {
    const { serveAlone } = await import('../child/serve-alone.ts')
    clearInterval(this.#keepAliveTimer)
    serveAlone(this.#settings())
  }

  /** The settings as the manager has them now, and the folder of the application. */
  #settings(): Settings {
    const { settings } = this.#manager.state
    return this.#appDir === undefined ? settings : { ...settings, appDir: this.#appDir }
  }

  /**
   * The original may end before its workers: its arbiter crashes while they shut down, and they finish alone. Here no worker outlives its
   * manager, so the manager waits for them.
   */
  #exit(code: number): void {
    this.#hasEnded = true
    this.#signals.clear()
    clearTimeout(this.#timer)
    this.#listeners.close()
    this.#controlSocket.close()
    this.#questions.close()
    this.#pidFile?.remove()
    this.#children.endAll(FINISH_MS, () => process.exit(code))
  }

  readonly #cannotFork = (error: { readonly code?: string }): void => this.#fail(cannotFork(error))

  #fail(failure: Failure): void {
    if (failure.message !== '') write('stderr', `${failure.message}\n`)
    this.#exit(failure.code)
  }

  #later(task: Promise<void>): void {
    task.catch((error: unknown) => {
      if (isFailure(error)) return this.#fail(error)
      throw error
    })
  }
}
