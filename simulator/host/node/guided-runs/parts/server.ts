import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../output/failure.ts'
import { fill } from '../../output/language.ts'
import { commandAsTyped } from '../../cli/command-as-typed.ts'
import type { Guide } from './guide.ts'

/** The command itself, beside this file in the bundle. */
const COMMAND = fileURLToPath(new URL('./server-workers.mjs', import.meta.url))
/** The applications of the guided runs, beside it. */
export const APPS = fileURLToPath(new URL('./labs/', import.meta.url))

/** How long a server may take to start and to stop, in ms. */
const START_MS = 30_000
const STOP_MS = 5000

const ESCAPES = /\u001b\[[0-9;]*m/g

/** Options of a server to start. */
export interface ServerOptions {
  /** The application as typed: `counter:app`. */
  readonly app: string
  readonly workers: number
  readonly options?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether its output is hidden (false). */
  readonly quiet?: boolean
}

/** A real server on this machine, with uvicorn's manager. */
export class Server {
  readonly port: number
  readonly pid: number
  /** How long it took until all workers served, in ms. */
  readonly bootMs: number
  readonly #child: ChildProcess
  readonly #started: readonly number[]
  readonly #heard: Heard

  private constructor(
    child: ChildProcess,
    port: number,
    bootMs: number,
    started: readonly number[],
    heard: Heard,
  ) {
    this.#child = child
    this.pid = child.pid ?? 0
    this.port = port
    this.bootMs = bootMs
    this.#started = started
    this.#heard = heard
  }

  /** Starts a server and waits until all its workers serve. It is stopped when the run ends. @throws Failure when it does not start. */
  static async start(guide: Guide, asked: ServerOptions): Promise<Server> {
    const port = await freePort()
    const line = ['uvicorn', asked.app, '--port', String(port)]
    if (asked.workers > 1) line.push('--workers', String(asked.workers))
    line.push(...(asked.options ?? []))
    guide.command(`${commandAsTyped()} ${line.map((word) => (word === '' ? "''" : word)).join(' ')}`)
    const began = performance.now()
    const child = spawn(process.execPath, [COMMAND, ...line, ...(guide.colors ? ['--use-colors'] : [])], {
      cwd: APPS,
      env: { ...process.env, ...asked.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { pid } = child
    if (pid !== undefined) {
      guide.sentinel.watch(pid)
      child.once('exit', () => guide.sentinel.forget(pid))
    }
    const started: number[] = []
    const heard = new Heard(asked.quiet === true)
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (text) => {
        if (!heard.quiet) guide.output(text)
        const plain = text.replace(ESCAPES, '')
        const [, pid] = /Started server process \[(\d+)\]/.exec(plain) ?? []
        if (pid !== undefined) started.push(Number(pid))
        heard.line(plain)
      })
    }
    const stop = () => {
      heard.quiet = true
      return end(child)
    }
    guide.onEnd(stop)
    const ready = heard.said('Application startup complete.', asked.workers)
    const gone = once(child, 'exit').then(() => 'gone' as const)
    const late = after(START_MS)
    const outcome = await Promise.race([ready, gone, late.passed])
    late.cancel()
    if (outcome !== 'said') {
      await stop()
      if (asked.quiet === true) for (const said of heard.lines) guide.output(said)
      throw new Failure(fill(guide.words.noStart, { command: line.join(' ') }))
    }
    return new Server(child, port, performance.now() - began, started, heard)
  }

  /** PIDs of the workers so far, in the order in which they logged that they had started. */
  get workers(): readonly number[] {
    return [...this.#started]
  }

  /** Waits until a text has been printed this many times in all. */
  async printed(text: string, times: number): Promise<void> {
    const late = after(START_MS)
    await Promise.race([this.#heard.said(text, times), late.passed])
    late.cancel()
  }

  /** Sends a signal to the manager. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits for its end. @returns the exit code, or the signal */
  async ended(): Promise<number | NodeJS.Signals> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    return this.#child.signalCode ?? this.#child.exitCode ?? 0
  }

  /** Stops it and waits for its end. Its last lines are not shown. */
  stop(): Promise<void> {
    this.#heard.quiet = true
    return end(this.#child)
  }
}

/** The server's output so far, and those that wait for a text in it. */
class Heard {
  /** Whether the output is hidden. */
  quiet: boolean
  readonly lines: string[] = []
  #waiting: (() => boolean)[] = []

  constructor(quiet: boolean) {
    this.quiet = quiet
  }

  line(text: string): void {
    this.lines.push(text)
    this.#waiting = this.#waiting.filter((done) => !done())
  }

  said(text: string, times: number): Promise<'said'> {
    return new Promise((resolve) => {
      const done = () => {
        const enough = this.lines.filter((line) => line.includes(text)).length >= times
        if (enough) resolve('said')
        return enough
      }
      if (!done()) this.#waiting.push(done)
    })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const late = after(STOP_MS)
  if ((await Promise.race([gone, late.passed])) === 'late') {
    // Its workers end with it.
    child.kill('SIGKILL')
    await gone
  }
  late.cancel()
}

function after(ms: number): { readonly passed: Promise<'late'>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms)
  })
  return { passed, cancel: () => clearTimeout(timer) }
}

/** A port that is free at present. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}
