import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { SignalName } from '../../simulator/manager/signals.ts'
import { askOver, KeptConnection } from '../node/real/kept.ts'
import { hearAsInit, PASSES_SOCKETS, type InitSystem } from '../node/real/init-process.ts'
import { Pipeline } from '../node/real/pipeline.ts'
import { lives, processInfo, until } from '../node/real/processes.ts'
import { WebSocketClient } from '../node/real/web-socket.ts'
import type { ObservedAlive, ObservedClient, ObservedProcesses } from '../conformance/recording/observed.ts'
import type { AppSwitch, Ending, WebSocketAct } from '../conformance/recording/scenario.ts'
import type { Begun, Driver, Launch, Over, Request } from '../conformance/replay/world.ts'
import { argvAt } from './argv.ts'
import { Original } from './original.ts'
import { breakCode, makeReleases, switchRelease, type RecordingPlace } from './place.ts'

/** A question to the terminal is no line; an answer that nobody waited for any more is its echo. */
const NO_LINES = /\u001b\]1[01];\?\u001b\\|\^\[\]1[01];rgb:[0-9a-f/]+\^\[\\/g

/** What a worker says when it takes connections; the last is of gunicorn's own worker class. */
const SERVES = /Application startup complete\.|ASGI server listening on /

/** How an original stood at some moment. Times are in seconds since start. */
export interface Snapshot {
  readonly at: number
  /** When it had ended. */
  readonly exit?: number
  readonly lastOutput: number
  readonly lines: number
  readonly text: { readonly stdout: string; readonly stderr: string }
}

/** Drives a real program of Python: the original as one more host of the recordings. */
export class OriginalDriver implements Driver {
  readonly place: RecordingPlace
  readonly #outlived: boolean
  /** Workers that stood still at an `alive` step, by step. */
  readonly frozen: (readonly number[])[] = []
  /** How it stood when it was looked at for the last time. */
  end: Snapshot | undefined
  #original: Original | undefined
  #squatter: Server | undefined
  #secure = false
  #init: InitSystem | undefined
  #workers = 1
  #willServe = true
  readonly #kept = new KeptConnection()
  readonly #webSocket = new WebSocketClient()
  readonly #pipeline = new Pipeline()

  /** `outlived`: workers go on when the master is killed, as in a terminal whose first process is a shell. */
  constructor(place: RecordingPlace, { outlived = false } = {}) {
    this.place = place
    this.#outlived = outlived
  }

  async start(launch: Launch): Promise<void> {
    const { program, command, env, medium, app, portTaken, silent = false, outlived = false } = launch
    const { cwd, port } = this.place
    this.#secure = command.includes('certfile')
    this.#workers = Number(/--workers (\d+)/.exec(command)?.[1] ?? 1)
    this.#willServe = app.life === undefined || !/^(fail|hang)$/.test(app.life)
    if (portTaken) this.#squatter = await listen(port)
    if (launch.releases === true) makeReleases(this.place)
    if (env['NOTIFY_SOCKET'] !== undefined) this.#init = await hearAsInit(cwd)
    const argv = argvAt(this.place, program, command)
    const passed = env['LISTEN_FDS'] !== undefined || command.includes('--fd ')
    this.#original = new Original({
      argv: passed ? [argv[0] ?? '', '-c', PASSES_SOCKETS, String(port), ...argv] : argv,
      cwd,
      env: { PWD: cwd, ...environmentOf(this.place, medium), ...env, ...switches(app) },
      medium,
      gunicorn: program === 'gunicorn',
      silent,
      outlived: outlived || this.#outlived,
    })
  }

  get original(): Original {
    if (this.#original === undefined) throw new Error('the driver was not started')
    return this.#original
  }

  now(): number {
    return this.original.now()
  }

  sleep(seconds: number): Promise<void> {
    return pause(seconds * 1000)
  }

  output(): readonly string[] {
    const { stdout, stderr } = this.original.text
    return [stderr, stdout].flatMap((text) => {
      const lines = text.replaceAll('\r\n', '\n').replace(NO_LINES, '').split('\n')
      return lines.at(-1) === '' ? lines.slice(0, -1) : lines
    })
  }

  lastOutput(): number {
    return this.original.lastOutput
  }

  ended(): Ending | undefined {
    return this.original.ended
  }

  async kill(target: 'parent' | number, signal: SignalName): Promise<void> {
    const pid = target === 'parent' ? this.original.pid : this.workers[target]
    if (pid !== undefined && lives(pid)) process.kill(pid, `SIG${signal}`)
    await Promise.resolve()
  }

  async pressCtrlC(): Promise<void> {
    this.original.press('\u0003')
    await Promise.resolve()
  }

  request(path: string, _by: number | undefined, over: Over = 'tcp', patience?: number): Request {
    const socketPath = over === 'unix socket' ? { socketPath: join(this.place.cwd, 'app.sock') } : {}
    const way = {
      ...socketPath,
      secure: this.#secure && over === 'tcp',
      ...(patience === undefined ? {} : { patience }),
    }
    const request: { ended: ObservedClient | undefined } = { ended: undefined }
    void askOver(over, this.place.port, path, way, this.#kept).then((end) => (request.ended = end))
    return request
  }

  /** Until every worker has said that it serves, where one will. */
  async ready(): Promise<void> {
    if (!this.#willServe) return
    const said = () => this.output().filter((line) => SERVES.test(line)).length >= this.#workers
    await until(() => said() || this.ended() !== undefined, 60, 'all workers served')
  }

  webSocket(act: WebSocketAct): Begun {
    return this.#webSocket.act(act, this.place.port)
  }

  pipeline(paths: readonly string[]): Begun {
    return this.#pipeline.begin(paths, this.place.port)
  }

  async switchRelease(): Promise<void> {
    switchRelease(this.place)
    await Promise.resolve()
  }

  async release(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.place.port}/release`, {
      headers: { connection: 'close' },
    })
    return (await answer.text()).trim()
  }

  async told(): Promise<string> {
    return Promise.resolve(
      this.#init?.heard.map((message) => message.trim().replaceAll('\n', ' ')).join(', ') || 'nothing',
    )
  }

  async slowDown(): Promise<void> {
    writeFileSync(join(this.place.cwd, 'next'), '')
    await Promise.resolve()
  }

  async breakCode(): Promise<void> {
    breakCode(this.place)
    await Promise.resolve()
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.original.resize(columns, rows)
    await Promise.resolve()
  }

  async socketFile(): Promise<boolean> {
    return Promise.resolve(existsSync(join(this.place.cwd, 'app.sock')))
  }

  async newMaster(): Promise<boolean> {
    return Promise.resolve(this.original.children('second master').some(lives))
  }

  async alive(): Promise<ObservedAlive> {
    const state = processInfo(this.original.pid)?.state
    const gone = this.original.ended !== undefined || state === undefined || state === 'Z'
    const living = [...this.workers, ...this.original.children('second master')].filter(lives)
    this.frozen.push(living.filter((pid) => processInfo(pid)?.state === 'T'))
    return Promise.resolve({ master: gone ? 'gone' : state === 'T' ? 'suspended' : 'alive', workers: living })
  }

  /** In the order in which they were started. */
  get workers(): readonly number[] {
    return this.original.children('worker')
  }

  observe(): Promise<ObservedProcesses> {
    const { pid: parent, ended: master = { kind: 'running' }, text } = this.original
    this.end = {
      at: this.now(),
      ...(this.original.endedAt === undefined ? {} : { exit: this.original.endedAt }),
      lastOutput: this.lastOutput(),
      lines: this.output().length,
      text: { ...text },
    }
    return Promise.resolve({ attributed: false, parent, spawned: this.workers, master, text: { ...text } })
  }

  async stop(): Promise<void> {
    this.#kept.close()
    this.#init?.close()
    this.#webSocket.close()
    this.#pipeline.close()
    this.#squatter?.close()
    await this.#original?.stop()
  }
}

function environmentOf({ home, prefix }: RecordingPlace, medium: Launch['medium']): Record<string, string> {
  const path = [join(prefix, 'bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':')
  const common = { PATH: path, HOME: home, LANG: 'C.UTF-8', TZ: 'UTC', PYTHONDONTWRITEBYTECODE: '1' }
  if (medium.kind === 'pipes') return common
  return {
    ...common,
    TERM: 'xterm-256color',
    ...(medium.colors === 'truecolor' ? { COLORTERM: 'truecolor' } : {}),
  }
}

function switches({ boot, life }: AppSwitch): Record<string, string> {
  return { ...(boot === undefined ? {} : { BOOT: boot }), ...(life === undefined ? {} : { LIFE: life }) }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen({ host: '0.0.0.0', port }, () => resolve(server))
  })
}
