import { Agent, get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { programs, serving } from './real/app.ts'

/** How long requests are sent before, between and after the reloads. */
const PAUSE_MS = 1500
const CLIENTS = 16

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
      await pause()
      const before = command.workers.length
      command.kill(command.pid, 'HUP')
      await command.printed('Application startup complete.', before + 2)
      await command.printed('Finished server process', 2 * reload)
    }
    await pause()
    expect(await load.end()).toEqual([])
    expect(load.answered, program).toBeGreaterThan(500)
  })
})

/** Clients that send one request after the other. */
class Load {
  answered = 0
  readonly #failures: string[] = []
  readonly #clients: Promise<void>[]
  #over = false

  constructor(port: number, keepAlive: boolean) {
    this.#clients = Array.from({ length: CLIENTS }, () => this.#client(port, keepAlive))
  }

  /** Ends it; the answer is what went wrong. */
  async end(): Promise<readonly string[]> {
    this.#over = true
    await Promise.all(this.#clients)
    return this.#failures
  }

  async #client(port: number, keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    while (!this.#over) {
      await request(port, agent).then(
        (status) => (status === 200 ? this.answered++ : this.#failures.push(`status ${status}`)),
        (error: unknown) => this.#failures.push(String(error)),
      )
    }
    agent.destroy()
  }
}

function request(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode ?? 0))
        .once('error', reject)
    }).once('error', reject)
  })
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}
