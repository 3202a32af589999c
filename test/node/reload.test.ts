import { Agent, get } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { folder, programs, serving } from './real/app.ts'
import { until } from './real/processes.ts'
import { RawClient } from './real/raw.ts'

/** How many requests are answered before, between and after the reloads. */
const REQUESTS = 200
const CLIENTS = 16

/** A client that had no processor for so long may find that its idle connection was closed: no server can know better. */
const STALL_MS = 300

describe('a reload loses no request', () => {
  it.each([
    ['uvicorn', 'keep-alive', programs(2).uvicorn, true],
    ['uvicorn', 'close', programs(2).uvicorn, false],
    ['gunicorn', 'keep-alive', programs(2).gunicorn, true],
    ['gunicorn', 'close', programs(2).gunicorn, false],
  ] as const)('%s, connections: %s', async (program, _, line, keepAlive) => {
    const { command, port } = await serving(line)
    const load = new Load(port, keepAlive)
    for (let reload = 1; reload <= 3; reload++) {
      await load.more(REQUESTS)
      const before = command.workers.length
      command.kill(command.pid, 'HUP')
      await command.printed('Application startup complete.', before + 2)
      await command.printed('Finished server process', 2 * reload)
    }
    await load.more(REQUESTS)
    expect(await load.end(), program).toEqual([])
  })
})

describe('requests that were sent together are all answered over a reload', () => {
  it.each([
    ['uvicorn', programs(2).uvicorn],
    ['gunicorn', programs(2).gunicorn],
  ])('%s', async (_, line) => {
    const cwd = folder({
      'main.js': `let slow
        exports.app = (req, res) => {
          console.log('begun', req.url)
          if (req.url === '/1') slow = () => res.end('answer 1')
          else res.end('answer ' + req.url.slice(1))
        }
        process.on('SIGWINCH', () => slow?.())`,
    })
    const { command, port } = await serving(line, { cwd })
    const client = await RawClient.open(port)
    const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`
    client.say(post('/1') + post('/2') + post('/3'))
    await command.printed('begun /3\n')
    const before = [...command.living]
    command.kill(command.pid, 'HUP')
    await command.printed('Shutting down')
    await until(() => command.plain.includes('Waiting for connections to close'), 30, 'it waits for them')
    for (const pid of before) command.kill(pid, 'WINCH')
    await client.closed
    expect(client.text.match(/answer \d/g)).toEqual(['answer 1', 'answer 2', 'answer 3'])
  })
})

/** Clients that send one request after the other. */
class Load {
  answered = 0
  readonly #failures: string[] = []
  readonly #clients: Promise<void>[]
  readonly #delay = monitorEventLoopDelay({ resolution: 10 })
  #over = false

  constructor(port: number, keepAlive: boolean) {
    this.#delay.enable()
    this.#clients = Array.from({ length: CLIENTS }, () => this.#client(port, keepAlive))
  }

  /** Waits until so many more requests were answered. */
  async more(requests: number): Promise<void> {
    const enough = this.answered + requests
    await until(() => this.answered >= enough || this.#failures.length > 0, 60, 'requests were answered')
  }

  /** Ends it; the answer is what went wrong. */
  async end(): Promise<readonly string[]> {
    this.#over = true
    await Promise.all(this.#clients)
    return this.#failures
  }

  #failed(error: unknown): void {
    const stalled = this.#delay.max > STALL_MS * 1e6
    if (!(error instanceof Closed && stalled)) this.#failures.push(String(error))
  }

  async #client(port: number, keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    while (!this.#over) {
      await request(port, agent).then(
        (status) => (status === 200 ? this.answered++ : this.#failures.push(`status ${status}`)),
        (error: unknown) => this.#failed(error),
      )
    }
    agent.destroy()
  }
}

/** A connection that was open, and was closed before its next request came. */
class Closed extends Error {}

function request(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode ?? 0))
        .once('error', reject)
    })
    sent.once('error', (error: NodeJS.ErrnoException) => {
      const wasOpen = sent.reusedSocket && error.code === 'ECONNRESET'
      reject(wasOpen ? new Closed(error.message, { cause: error }) : error)
    })
  })
}
