import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { defaultSpeaker } from '../../../simulator/manager/versions.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import type {
  ObservedAlive,
  ObservedClient,
  ObservedLine,
  ObservedProcesses,
} from '../../conformance/recording/observed.ts'
import type { Ending, WebSocketAct } from '../../conformance/recording/scenario.ts'
import type { Place } from '../../conformance/replay/adapt.ts'
import type { Begun, Driver, Launch, Over, Request } from '../../conformance/replay/world.ts'
import { askOver, KeptConnection } from './kept.ts'
import { Command, FIXTURE } from './command.ts'
import { Pipeline } from './pipeline.ts'
import { freePort } from './ports.ts'
import { lives, processInfo, until } from './processes.ts'
import { tracedLines, tracedReady, tracedWorkers, tracing } from './trace.ts'
import { WebSocketClient } from './web-socket.ts'

/** Drives the shipped command with real signals on a real terminal. */
export class RealDriver implements Driver {
  readonly directory: string
  readonly port: number
  readonly #trace: string
  #command: Command | undefined
  #squatter: Server | undefined
  #secure = false
  readonly #kept = new KeptConnection()
  readonly #webSocket = new WebSocketClient()
  readonly #pipeline = new Pipeline()
  #workers = 1
  #isOver = false

  private constructor(directory: string, port: number) {
    this.directory = directory
    this.port = port
    this.#trace = join(directory, 'trace')
  }

  /** A driver with a folder and a port of its own. The folder's name is short: fastapi-cli wraps lines by it. */
  static async make(): Promise<RealDriver> {
    const directory = mkdtempSync(join(tmpdir(), 'sw-'))
    cpSync(FIXTURE, directory, { recursive: true })
    return new RealDriver(directory, await freePort())
  }

  /** Where it runs. */
  get place(): Place {
    const { directory, port } = this
    return { directory, port, file: 'main.js', home: directory }
  }

  async start({
    command,
    env,
    medium,
    app,
    portTaken,
    program,
    version,
    silent = false,
    outlived = false,
  }: Launch): Promise<void> {
    this.#secure = command.includes('certfile')
    this.#workers = Number(/--workers (\d+)/.exec(command)?.[1] ?? 1)
    if (portTaken) this.#squatter = await listen(this.port)
    const switches = { ...(app.boot && { BOOT: app.boot }), ...(app.life && { LIFE: app.life }) }
    writeFileSync(this.#trace, '')
    const [name = '', ...words] = command.split(' ')
    const spoken = version.replace(/-asgi$/, '')
    const as = spoken === defaultSpeaker(program).version ? [] : ['--as', spoken]
    this.#command = new Command([name, ...as, ...words], {
      cwd: this.directory,
      // gunicorn 26.1.0 opens a socket there.
      env: { ...env, ...switches, ...tracing(this.#trace), HOME: this.directory },
      medium,
      silent,
      // When the process that a terminal was opened for ends, the terminal hangs up on all others.
      outlived,
    })
  }

  now(): number {
    return this.#running.now()
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }

  output(): readonly string[] {
    const { stdout, stderr } = this.#running.text
    return (stdout + stderr).replace(QUESTIONS, '').replace(LATE_ANSWERS, '').split(/\r?\n/).slice(0, -1)
  }

  lastOutput(): number {
    return this.#running.lastOutput
  }

  ended(): Ending | undefined {
    return this.#running.ended
  }

  async kill(target: 'parent' | number, signal: SignalName): Promise<void> {
    const command = this.#running
    const pid = target === 'parent' ? command.pid : this.#started[target]
    if (pid !== undefined) command.kill(pid, signal)
    await Promise.resolve()
  }

  async pressCtrlC(): Promise<void> {
    this.#running.press('\u0003')
    await Promise.resolve()
  }

  request(path: string, _by?: number, over: Over = 'tcp', patience?: number): Request {
    const request: { ended: ObservedClient | undefined } = { ended: undefined }
    const way = {
      ...(over === 'unix socket' ? { socketPath: this.#socketFile } : {}),
      ...(patience === undefined ? {} : { patience }),
      secure: over === 'tcp' && this.#secure,
    }
    void askOver(over, this.port, path, way, this.#kept).then((ended) => {
      if (!this.#isOver) request.ended = ended
    })
    return request
  }

  webSocket(act: WebSocketAct): Begun {
    return this.#webSocket.act(act, this.port)
  }

  pipeline(paths: readonly string[]): Begun {
    return this.#pipeline.begin(paths, this.port)
  }

  async slowDown(): Promise<void> {
    writeFileSync(join(this.directory, 'next'), '')
    await Promise.resolve()
  }

  async breakCode(): Promise<void> {
    const text = `class RuntimeError extends Error { name = 'RuntimeError' }\nthrow new RuntimeError('broken release')\n`
    writeFileSync(join(this.directory, 'main.js'), text)
    await Promise.resolve()
  }

  async alive(): Promise<ObservedAlive> {
    const command = this.#running
    const state = command.ended === undefined ? processInfo(command.pid)?.state : undefined
    const master = state === undefined ? 'gone' : state === 'T' ? 'suspended' : 'alive'
    return Promise.resolve({ master, workers: this.#started.filter(lives) })
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.#running.resize(columns, rows)
    await Promise.resolve()
  }

  async socketFile(): Promise<boolean> {
    return Promise.resolve(existsSync(this.#socketFile))
  }

  async newMaster(): Promise<boolean> {
    return Promise.resolve(this.#secondMasters.some(lives))
  }

  /** A process that serves alone says so by its lines only. */
  async ready(): Promise<void> {
    const all = () => tracedReady(this.#trace) >= this.#workers || this.ended() !== undefined
    if (this.#workers > 1) await until(all, 60, 'all workers were ready')
  }

  get #socketFile(): string {
    return join(this.directory, 'app.sock')
  }

  get #secondMasters(): readonly number[] {
    return this.#running.children.filter(({ task }) => task === 'second master').map(({ pid }) => pid)
  }

  /** The workers in the order in which they were started, then a second master. */
  get #started(): readonly number[] {
    return [...tracedWorkers(this.#trace), ...this.#secondMasters]
  }

  async observe(): Promise<ObservedProcesses> {
    const { pid: parent, ended: master = { kind: 'running' } } = this.#running
    const spawned = this.#started
    const lines = await this.#checkedLines()
    const echoes = this.#running.text.stdout.split('^C').length - 1
    const echo = Array.from({ length: echoes }, (): ObservedLine => ({
      pid: 0,
      stream: 'stdout',
      text: '^C',
    }))
    return { attributed: true, parent, spawned, master, lines: [...lines, ...echo] }
  }

  /**
   * What was noted must be what came out, no more and no less, but for what is on its way, and for what a process was about to write
   * when it was ended.
   */
  async #checkedLines(): Promise<readonly ObservedLine[]> {
    const noted = () => tracedLines(this.#trace)
    const unprinted = () => missingLines(noted(), this.#printed())
    const unnoted = () => missing(this.#printed(), linesAlone(noted()))
    const isQuiet = () => this.now() - this.lastOutput() > QUIET_SECONDS
    const agree = () =>
      unnoted().length === 0 &&
      (unprinted().length === 0 || (isQuiet() && !unprinted().some(({ pid }) => lives(pid))))
    await until(agree, 20, 'what was noted was what was printed').catch((error: unknown) => {
      const texts = unprinted().map(({ text }) => text)
      throw new Error([String(error), ...texts, '-- printed but not noted:', ...unnoted()].join('\n'))
    })
    const never = new Set(unprinted())
    return noted().filter((line) => ![...never].some((other) => isSameLine(line, other)))
  }

  #printed(): readonly string[] {
    return this.output().map((line) => line.replace(/^(\^C)+/, ''))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#kept.close()
    this.#webSocket.close()
    this.#pipeline.close()
    this.#squatter?.close()
    try {
      await this.#command?.stop()
    } finally {
      rmSync(this.directory, { recursive: true, force: true })
    }
  }

  get #running(): Command {
    if (this.#command === undefined) throw new Error('the driver was not started')
    return this.#command
  }
}

/** A question to the terminal is no line: it stands in front of whatever is printed next. */
const QUESTIONS = /\u001b\]1[01];\?\u001b\\/g

/** An answer that came when nobody waited for it any more: the terminal echoes it. */
const LATE_ANSWERS = /\^\[\]1[01];rgb:[0-9a-f/]+\^\[\\/g

function linesAlone(noted: readonly ObservedLine[]): readonly string[] {
  return noted.map(({ text }) => text).filter((text) => text === '' || text.replace(QUESTIONS, '') !== '')
}

/** So long after the last output nothing more comes of a process that has ended. */
const QUIET_SECONDS = 1

function isSameLine(a: ObservedLine, b: ObservedLine): boolean {
  return a.pid === b.pid && a.text === b.text
}

/** The last of some lines that are not among the texts, each as often as it is missing. */
function missingLines(lines: readonly ObservedLine[], among: readonly string[]): readonly ObservedLine[] {
  const texts = new Map<string, number>()
  for (const text of among) texts.set(text, (texts.get(text) ?? 0) + 1)
  return lines.filter((line) => {
    if (linesAlone([line]).length === 0) return false
    const left = texts.get(line.text) ?? 0
    texts.set(line.text, left - 1)
    return left <= 0
  })
}

/** Those of some lines that are not among others, each as often as it is missing. */
function missing(from: readonly string[], among: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of among) counts.set(text, (counts.get(text) ?? 0) + 1)
  return from.filter((text) => {
    const left = counts.get(text) ?? 0
    counts.set(text, left - 1)
    return left <= 0
  })
}

/** Another program that has the port. */
function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen({ host: '0.0.0.0', port }, () => resolve(server))
  })
}
