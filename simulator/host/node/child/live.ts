import { isPrinted, type LogRecord } from '../../../manager/log.ts'
import { message } from '../../../manager/say.ts'
import type { Bind } from '../../../manager/settings.ts'
import type { WorkerBirth, WorkerEffect, WorkerEvent } from '../../../worker/life.ts'
import { asksTerminal } from '../../../manager/fastapi/rules.ts'
import { workerKind } from '../../../manager/versions.ts'
import { newWorker, stepWorker, workerHandles } from '../../../worker/worker.ts'
import { bindError, cannotListen } from '../system/bind-error.ts'
import { isFailure } from '../output/failure.ts'
import { bindSocket, type BoundSocket } from '../system/bound-socket.ts'
import { onManagerMessage, tell } from '../ipc/channel.ts'
import { fill, sentence } from '../output/language.ts'
import { notify, notifyStopping } from '../system/notify.ts'
import { now } from '../system/now.ts'
import type { WithoutAt } from '../system/pump.ts'
import { pump } from '../system/pump.ts'
import { resolveHost } from '../system/resolve-host.ts'
import { leaveUsr1ToTheSystem, SignalHandlers } from '../system/signals.ts'
import { openSocketFile, removeSocketFile } from '../system/socket-file.ts'
import { recordPrinter } from '../output/speak.ts'
import { timerMs } from '../system/timer-ms.ts'
import { write } from '../output/write.ts'
import type { App } from '../server/app.ts'
import { asApp } from '../server/app.ts'
import { HttpServers } from '../server/http-servers.ts'
import { loadApp } from './load.ts'
import { toExceptionInfo } from '../output/exception-info.ts'
import { Requests, type ServerState } from '../server/requests.ts'
import { renewOnHangUp } from './renew.ts'
import { readTls, type TlsFiles } from '../server/tls.ts'
import { waitFor } from './wait-for.ts'

/** How long an application's own signal handler may take to end the process, after uvicorn has finished, in ms. */
const LAST_WORD_MS = 500

/** How long a request may take that arrived while idle connections were being closed, without `--timeout-graceful-shutdown`, in seconds. */
const LATE_REQUEST_S = 30

/** Errors of an application that prints to a lost output: its reader or its terminal is gone, or the disk is full. */
const GONE: readonly string[] = ['EPIPE', 'EIO', 'ENOSPC', 'EDQUOT', 'EFBIG']

/** Runs a worker in this process. `fds` are the inherited sockets; a process that serves alone binds its own. */
export function live(birth: WorkerBirth, fds: readonly number[]): void {
  new Life(birth, fds).begin()
}

class Life {
  readonly #birth: WorkerBirth
  readonly #fds: readonly number[]
  readonly #say: (record: LogRecord) => void
  readonly #signals: SignalHandlers
  readonly #requests: Requests
  readonly #push: (event: WithoutAt<WorkerEvent>) => void
  #worker
  #tls: TlsFiles | undefined
  #app: App | undefined
  #servers: HttpServers | undefined
  #timer: NodeJS.Timeout | undefined
  /** Sockets that stay open as long as this process lives. */
  readonly #bound: BoundSocket[] = []
  /** The last event changed the phase. */
  #entered = false

  constructor(birth: WorkerBirth, fds: readonly number[]) {
    this.#birth = birth
    this.#fds = fds
    this.#worker = newWorker(birth)
    this.#say = recordPrinter(birth.settings)
    this.#push = pump(
      (event: WorkerEvent) => this.#take(event),
      (effect: WorkerEffect) => this.#do(effect),
      () => {
        if (this.#entered) this.#signals.drop((signal) => workerHandles(this.#worker, signal))
      },
      now,
    )
    this.#signals = new SignalHandlers((signal) => this.#push({ type: 'signal', signal }))
    const { accessLog, logLevel, maxRequests } = birth.settings
    const accessData = workerKind(birth.settings) === 'asgi' && accessLog
    const wanted = {
      heads: accessLog && isPrinted('info', logLevel),
      ends: maxRequests !== undefined || accessData,
      accessData,
    }
    const open = () => this.#servers
    const servers: ServerState = {
      get connections() {
        return open()?.connections ?? 0
      },
      openResponses: () => open()?.openResponses() ?? [],
    }
    this.#requests = new Requests(
      birth.settings,
      (event) => {
        this.#push(event)
        // A response whose head promised to keep the connection open.
        if (event.type === 'open' && event.connections === 0) this.#servers?.closeIdle()
      },
      { servers, wanted },
    )
  }

  begin(): void {
    leaveUsr1ToTheSystem()
    const { name } = this.#birth.settings.gunicorn ?? {}
    if (name !== undefined) process.title = `gunicorn: worker [${name}]`
    process.on('uncaughtException', (error) => this.#uncaught(error))
    this.#push({ type: 'start' })
  }

  #take(event: WorkerEvent): readonly WorkerEffect[] {
    const { phase } = this.#worker
    const { state, effects } = stepWorker(this.#worker, event)
    this.#worker = state
    // The phase decides which signals have handlers: within a phase nothing changes.
    this.#entered = state.phase !== phase
    if (this.#entered) this.#signals.add((signal) => workerHandles(state, signal))
    return effects
  }

  #do(effect: WorkerEffect): void {
    switch (effect.type) {
      case 'log':
        return this.#say(effect.record)
      case 'import':
        if (asksTerminal(this.#birth.settings.speaks)) tell({ says: 'awake' })
        return this.#later(this.#import())
      case 'startup':
        return this.#later(this.#startup())
      case 'bind':
        return this.#later(this.#bind(effect))
      case 'unlink':
        return removeSocketFile(effect.path)
      case 'ask':
        return this.#ask(effect.record)
      case 'accept':
        return this.#later(this.#startListening())
      case 'ready':
        // `#startListening` reports this, when every socket listens.
        return
      case 'heartbeat':
        return tell({ says: 'heartbeat' })
      case 'drain':
        if (this.#birth.role === 'single') notifyStopping()
        this.#servers?.drain()
        return this.#requests.drain()
      case 'cut':
        return this.#servers?.cut()
      case 'shutdown':
        return this.#later(this.#shutdown())
      case 'timer':
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#push({ type: 'timer' }), timerMs(effect.ms))
        return
      case 'exit':
        // The program has printed everything; while it exits, signals have their default actions.
        this.#signals.clear()
        return process.exit(effect.code)
      case 'raise':
        this.#signals.clear()
        process.kill(process.pid, `SIG${effect.signal}`)
        // Reached only if the application handles the signal as well.
        setTimeout(() => process.exit(0), LAST_WORD_MS)
    }
  }

  /** Asks the manager, which reads the terminal, for this worker's turn to query it. */
  #ask(question: LogRecord): void {
    onManagerMessage(({ says }) => {
      if (says === 'ask') this.#say(question)
      else this.#push({ type: 'answered' })
      return says === 'ask'
    })
    tell({ says: 'question' })
  }

  async #import(): Promise<void> {
    const { settings } = this.#birth
    try {
      if (settings.tls !== undefined) this.#tls = readTls(settings.tls)
    } catch (error) {
      return this.#push({ type: 'import-failed', error: { kind: 'raised', raised: toExceptionInfo(error) } })
    }
    const loaded = await this.#waitFor('import', loadApp(settings))
    if ('error' in loaded) return this.#push({ type: 'import-failed', error: loaded.error })
    try {
      this.#app = asApp(loaded.app, settings.app.typed)
    } catch (error) {
      return this.#push({ type: 'import-failed', error: { kind: 'raised', raised: toExceptionInfo(error) } })
    }
    this.#push({ type: 'imported' })
  }

  async #startup(): Promise<void> {
    const app = this.#app
    if (app === undefined) return
    try {
      if (this.#birth.settings.lifespan !== 'off') await this.#waitFor('startup', app.startup())
      await this.#makeServers(app)
    } catch (error) {
      return this.#push({ type: 'startup-failed', raised: toExceptionInfo(error) })
    }
    // Every application may have a startup and a shutdown, as FastAPI applications do, so both are always logged.
    this.#push({ type: 'started', supported: true })
  }

  async #makeServers(app: App): Promise<void> {
    const listener = await this.#requests.serve(app)
    this.#servers = new HttpServers(listener, app, this.#requests, this.#birth.settings, this.#tls)
  }

  /** Only a process that serves alone binds here; it listens at once, as asyncio does. */
  async #bind({ binds, backlog, replacesFile }: WorkerEffect & { type: 'bind' }): Promise<void> {
    const bound: Bind[] = []
    for (const bind of binds) {
      try {
        if (replacesFile === true && bind.kind === 'unix') removeSocketFile(bind.path)
        bound.push(await this.#listen(bind, backlog))
      } catch (error) {
        return this.#push({ type: 'bind-failed', bind, error: known(error, bind) })
      }
    }
    this.#push({ type: 'bound', binds: bound })
  }

  async #listen(bind: Bind, backlog: number): Promise<Bind> {
    switch (bind.kind) {
      case 'fd':
        await this.#servers?.listen({ fd: bind.fd }, backlog)
        return bind
      case 'unix':
        // Bound separately: Node removes the file of a socket that it has bound itself, and uvicorn leaves it behind when a signal ends
        // it.
        this.#bound.push(bindSocket({ path: bind.path }))
        await this.#servers?.listen({ fd: this.#bound.at(-1)?.fd ?? -1 }, backlog)
        openSocketFile(bind.path)
        return bind
      case 'tcp': {
        const host = await resolveHost(bind.host)
        return {
          ...bind,
          port: (await this.#servers?.listen({ host, port: bind.port }, backlog)) ?? bind.port,
        }
      }
    }
  }

  /** The manager has bound the inherited sockets; here they begin to listen. A process that serves alone listens already. */
  async #startListening(): Promise<void> {
    if (this.#birth.role === 'single') {
      notify('READY=1', 'STATUS=Serves')
      return this.#renewOnHangUp()
    }
    // gunicorn's own worker serves even when the startup has failed.
    if (this.#servers === undefined && this.#app !== undefined) await this.#makeServers(this.#app)
    const { binds, backlog } = this.#birth.settings
    for (const [i, fd] of this.#fds.entries()) {
      try {
        await this.#servers?.listen({ fd }, backlog)
      } catch (error) {
        const bind = binds[i] ?? { kind: 'fd', fd }
        // Another server was faster. The manager logs that, and ends this process.
        return tell({ says: 'bind-failed', bind, error: known(error, bind) })
      }
    }
    tell({ says: 'ready' })
  }

  /** With several workers, new workers read the files of TLS again; a process that serves alone does it here. */
  #renewOnHangUp(): void {
    const { tls } = this.#birth.settings
    const servers = this.#servers
    if (tls === undefined || servers === undefined) return
    renewOnHangUp(tls, (files) => servers.renew(files))
  }

  async #shutdown(): Promise<void> {
    await this.#servers?.idle()
    await this.#requests.finished((this.#birth.settings.gracefulTimeout ?? LATE_REQUEST_S) * 1000)
    try {
      const shutdown = this.#birth.settings.lifespan === 'off' ? undefined : this.#app?.shutdown()
      if (shutdown !== undefined) await this.#waitFor('shutdown', shutdown)
    } catch (error) {
      return this.#push({ type: 'shutdown-failed', raised: toExceptionInfo(error) })
    }
    this.#push({ type: 'stopped' })
  }

  /** Waits for the application, as the originals do, and reports when that takes long. */
  #waitFor<T>(step: 'import' | 'startup' | 'shutdown', promise: Promise<T>): Promise<T> {
    const { pid, settings } = this.#birth
    const text = () => sentence(({ waiting }) => fill(waiting[step], { app: settings.app.typed }))
    return waitFor(promise, () => this.#say(message(pid, 'warning', [text()])))
  }

  /** An error in an asynchronous effect of ours is a failure of the command, and is printed as such. */
  #later(task: Promise<void>): void {
    task.catch((error: unknown) => {
      if (!isFailure(error)) throw error
      write('stderr', `${error.message}\n`)
      process.exit(error.code)
    })
  }

  /** Handles an uncaught exception. One that belongs to a request is a 500; any other ends the worker, as it ends Python. */
  #uncaught(error: NodeJS.ErrnoException): void {
    if (error.syscall === 'write' && GONE.includes(error.code ?? '')) return
    switch (this.#worker.phase) {
      case 'importing':
        return this.#push({
          type: 'import-failed',
          error: { kind: 'raised', raised: toExceptionInfo(error) },
        })
      case 'starting':
        return this.#push({ type: 'startup-failed', raised: toExceptionInfo(error) })
      default:
        if (!this.#requests.handleUncaught(error)) this.#crash(error)
    }
  }

  /** In the originals multiprocessing, gunicorn or Python itself prints this; each has its own exit code. */
  #crash(error: unknown): void {
    const { pid, role, age } = this.#birth
    const traceback = toExceptionInfo(error)
    if (role === 'forked') {
      this.#say(message(pid, 'error', ['Exception in worker process'], traceback))
      process.exit(255)
    }
    const heading = role === 'spawned' ? { heading: `Process SpawnProcess-${age}:` } : {}
    this.#say({ kind: 'traceback', pid, ...heading, raised: traceback })
    process.exit(1)
  }
}

/** @throws Failure when the managers have no name for the system's error. */
function known(error: unknown, bind: Bind): NonNullable<ReturnType<typeof bindError>> {
  const { code = '' } = error as NodeJS.ErrnoException
  const found = bindError(code)
  if (found !== undefined) return found
  throw cannotListen(bind, code)
}
