import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { SignalName } from '../../simulator/manager/signals.ts'
import type { ObservedAlive, ObservedProcesses } from '../conformance/recording/observed.ts'
import type { Ending } from '../conformance/recording/scenario.ts'
import {
  replay,
  type Driver,
  type Launch,
  type Over,
  type Request,
  type World,
} from '../conformance/replay/world.ts'
import type { RemoteDriver } from './pages/machine.ts'

const sources = {
  app: readFileSync(join(import.meta.dirname, 'fixture/main.js'), 'utf8'),
  broken: `class RuntimeError extends Error { name = 'RuntimeError' }\nthrow new RuntimeError('broken release')\n`,
}

/** A simulated machine with Web Workers in a page; the judge stays in this process. */
export function browserWorld(page: Page): World {
  return {
    run: async (recorded, { seed = 1 }) => {
      await page.evaluate(([seed, sources]) => remote.open(seed, sources), [seed, sources] as const)
      return replay(recorded, new PageDriver(page), { patience: 10 })
    },
  }
}

type Look = Awaited<ReturnType<RemoteDriver['sleep']>>

/** A driver for the machine in the page: each call returns what there is to see. */
class PageDriver implements Driver {
  readonly #page: Page
  #look: Look = { now: 0, output: [], lastOutput: 0, ended: undefined, requests: [] }

  constructor(page: Page) {
    this.#page = page
  }

  async start(launch: Launch): Promise<void> {
    await this.#page.evaluate((launch) => remote.start(launch), launch)
  }

  async sleep(seconds: number): Promise<void> {
    this.#look = await this.#page.evaluate((seconds) => remote.sleep(seconds), seconds)
  }

  now(): number {
    return this.#look.now
  }

  output(): readonly string[] {
    return this.#look.output
  }

  lastOutput(): number {
    return this.#look.lastOutput
  }

  ended(): Ending | undefined {
    return this.#look.ended
  }

  async kill(target: 'parent' | number, signal: SignalName): Promise<void> {
    this.#look = await this.#page.evaluate(
      async ([target, signal]) => {
        await remote.kill(target, signal)
        return remote.look()
      },
      [target, signal] as const,
    )
  }

  async pressCtrlC(): Promise<void> {
    this.#look = await this.#page.evaluate(async () => {
      await remote.pressCtrlC()
      return remote.look()
    })
  }

  request(path: string, _by?: number, over?: Over, patience?: number): Request {
    // It is sent at this moment of virtual time, which only advances in `sleep`; calls of the page keep their order.
    const sent = this.#page.evaluate(([path, over, patience]) => remote.request(path, over, patience), [
      path,
      over,
      patience,
    ] as const)
    let number: number | undefined
    void sent.then((given) => (number = given))
    const look = () => this.#look
    return {
      get ended() {
        return number === undefined ? undefined : look().requests[number]
      },
    }
  }

  async breakCode(): Promise<void> {
    await this.#page.evaluate(() => remote.breakCode())
  }

  async alive(): Promise<ObservedAlive> {
    const alive = await this.#page.evaluate(() => remote.alive())
    if (alive === undefined) throw new Error('there is no machine in the page')
    return alive
  }

  async observe(): Promise<ObservedProcesses> {
    const observed = await this.#page.evaluate(() => remote.observe())
    if (observed === undefined) throw new Error('there is no machine in the page')
    return observed
  }

  async stop(): Promise<void> {
    expect(await this.#page.evaluate(() => remote.stop()), 'Web Workers that the host counts').toBe(0)
  }
}
