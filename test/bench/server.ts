import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { freePort } from '../node/real/ports.ts'
import { lives, taskOf, until } from '../node/real/processes.ts'
import { APPS, type Contestant, type Launch } from './contestants.ts'
import { endAll, family } from './processes.ts'

/** How often readiness is polled, in ms. */
const ASK_MS = 3

/** A contestant that runs. */
export class Server {
  readonly contestant: Contestant
  readonly port: number
  readonly workers: number
  readonly #launch: Launch
  readonly #child: ChildProcess
  /** Every request that polls readiness. */
  readonly #asked: Promise<void>[] = []

  private constructor(contestant: Contestant, port: number, workers: number) {
    this.contestant = contestant
    this.port = port
    this.workers = workers
    this.#launch = contestant.launch(port, workers)
    this.#child = start(this.#launch)
  }

  /** Starts it. It is not ready yet. */
  static async start(contestant: Contestant, workers: number): Promise<Server> {
    return new Server(contestant, await freePort(), workers)
  }

  /** Starts it, and waits until every worker has answered and no poll is in progress. */
  static async ready(contestant: Contestant, workers: number): Promise<Server> {
    const server = await Server.start(contestant, workers)
    await server.allAnswered()
    await Promise.all(server.#asked)
    return server
  }

  /** The PID of the manager. */
  get pid(): number {
    const { daemon } = this.contestant
    if (daemon === undefined) return this.#child.pid ?? 0
    const file = daemon.pidFile(this.#launch)
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  }

  /** Every process of it. */
  get processes(): readonly number[] {
    return this.pid === 0 ? [] : family(this.pid)
  }

  /** The manager's descendants, without our own helper. */
  get workerProcesses(): readonly number[] {
    return this.processes.slice(1).filter((pid) => taskOf(pid) !== 'sentinel')
  }

  /**
   * Waits until as many processes have answered as there are workers, and returns their PIDs. Every response holds its process for a
   * moment, so that the next connection reaches another one.
   */
  async allAnswered(seconds = 30): Promise<ReadonlySet<number>> {
    const pids = new Set<number>()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let open = 0
    // No more questions than will do: each takes processor time from those that boot.
    const ask = () => {
      if (open >= this.workers) return
      open++
      const asked = answerOf(this.port, '/hold').then((body) => {
        open--
        if (body !== undefined) pids.add(Number(body))
        if (pids.size >= this.workers) resolve()
      })
      this.#asked.push(asked)
    }
    const asking = setInterval(ask, ASK_MS)
    const late = setTimeout(() => {
      const who = `${this.workers} workers of ${this.contestant.name}`
      reject(new Error(`${pids.size} of ${who} answered within ${seconds} s`))
    }, seconds * 1000)
    try {
      await promise
    } finally {
      clearInterval(asking)
      clearTimeout(late)
    }
    return pids
  }

  /** Tells it to reload; that takes some time. */
  reload(): void {
    const { reload } = this.contestant
    if (reload === 'HUP') process.kill(this.pid, 'SIGHUP')
    else if (reload !== undefined) start(reload(this.#launch))
  }

  /** Ends it with all that belongs to it. */
  async end(): Promise<void> {
    const { daemon } = this.contestant
    const all = this.processes
    if (daemon !== undefined) run(daemon.end(this.#launch))
    else if (lives(this.pid)) process.kill(this.pid, 'SIGTERM')
    await until(() => !all.some(lives), 5, 'it had stopped').catch(() => undefined)
    await endAll([...new Set([...all, ...this.processes])])
  }
}

function start({ file, args, env }: Launch): ChildProcess {
  return spawn(file, args, {
    cwd: APPS,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function run({ file, args, env }: Launch): void {
  spawnSync(file, args, { cwd: APPS, env: { ...process.env, ...env }, stdio: 'ignore' })
}

/** The body of an answer on a connection of its own; nothing when there is none. */
export function answerOf(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`)
    })
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece))
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(/^HTTP\/1.1 200 [^]*\r\n\r\n(.+)$/.exec(text)?.[1]))
  })
}
