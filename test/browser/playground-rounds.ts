import type { CDPSession, Page } from '@playwright/test'
import { ready } from './playground-page.ts'

/** The callbacks that the page has requested from the browser, and its messages to other threads. */
export interface Scheduled {
  readonly frames: number
  readonly timers: number
  readonly intervals: number
  readonly messages: number
}

/** Counts from the page's first script on. */
export async function count(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames = new Set<number>()
    const timers = new Set<number>()
    const intervals = new Set<number>()
    let messages = 0
    const frame = window.requestAnimationFrame.bind(window)
    const noFrame = window.cancelAnimationFrame.bind(window)
    const timer = window.setTimeout.bind(window)
    const noTimer = window.clearTimeout.bind(window)
    const interval = window.setInterval.bind(window)
    const noInterval = window.clearInterval.bind(window)
    window.requestAnimationFrame = (run) => {
      const id = frame((now) => {
        frames.delete(id)
        run(now)
      })
      frames.add(id)
      return id
    }
    window.cancelAnimationFrame = (id) => {
      frames.delete(id)
      noFrame(id)
    }
    window.setTimeout = ((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const id = timer(() => {
        timers.delete(id)
        run(...args)
      }, ms)
      timers.add(id)
      return id
    }) as unknown as typeof setTimeout
    window.setInterval = ((run: () => void, ms?: number) => {
      const id = interval(run, ms)
      intervals.add(id)
      return id
    }) as unknown as typeof setInterval
    // The browser has one list of both.
    window.clearTimeout = window.clearInterval = (id) => {
      timers.delete(id as number)
      intervals.delete(id as number)
      noTimer(id)
      noInterval(id)
    }
    const post = Reflect.get(MessagePort.prototype, 'postMessage') as (...args: unknown[]) => void
    Reflect.set(MessagePort.prototype, 'postMessage', function (this: MessagePort, ...args: unknown[]) {
      messages += 1
      return Reflect.apply(post, this, args)
    })
    Reflect.set(window, 'scheduled', () => ({
      frames: frames.size,
      timers: timers.size,
      intervals: intervals.size,
      messages,
    }))
  })
}

export function scheduled(page: Page): Promise<Scheduled> {
  return page.evaluate(() => (Reflect.get(window, 'scheduled') as () => Scheduled)())
}

/** Waits until the page has requested no more callbacks: then it does nothing by itself. */
export async function atRest(page: Page): Promise<Scheduled> {
  await page.waitForFunction(
    () => {
      const { frames, timers, intervals } = (Reflect.get(window, 'scheduled') as () => Scheduled)()
      return frames === 0 && timers === 0 && intervals === 0
    },
    undefined,
    // By the clock: waiting by frames would itself request a frame.
    { polling: 100, timeout: 30_000 },
  )
  return scheduled(page)
}

/** What the browser keeps for the page after a garbage collection. */
export interface Held {
  readonly workers: number
  readonly listeners: number
  readonly nodes: number
  readonly frames: number
  /** Bytes. */
  readonly heap: number
}

/** Starts over, pauses, and counts what is left of earlier machines. */
export async function left(page: Page, cdp: CDPSession): Promise<Held> {
  await page.getByRole('button', { name: 'Reset', exact: true }).click()
  await ready(page)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await atRest(page)
  await cdp.send('Performance.enable')
  for (let turn = 0; turn < 3; turn++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN
  const held = {
    workers: page.workers().length,
    listeners: of('JSEventListeners'),
    nodes: of('Nodes'),
    frames: of('Frames'),
    heap: of('JSHeapUsedSize'),
  }
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  return held
}

/**
 * Start, kill a worker, reload, stop: this many times, as fast as possible.
 * @throws Error when a stopped server leaves a Web Worker, or an expected event never happens.
 */
export async function rounds(page: Page, times: number): Promise<void> {
  await page.evaluate(async (times) => {
    const playground = document.querySelector('sw-playground')
    const machine = playground?.machine
    if (playground == null || machine === undefined) throw new Error('there is no machine')
    const { kernel, pace } = machine
    const webWorkers = (): number => machine.workers
    const click = (selector: string): void => {
      const found = playground.shadowRoot?.querySelector<HTMLElement>(selector)
      if (found == null) throw new Error(`there is no ${selector}`)
      found.click()
    }
    const until = async (what: string, is: () => boolean): Promise<void> => {
      for (let seconds = 0; !is(); seconds += 0.25) {
        if (seconds > 60) throw new Error(`it never came to that: ${what}`)
        await pace.skip(250)
      }
      await playground.updateComplete
    }
    const alive = (): number[] =>
      kernel.processes().flatMap(({ kind, pid, state }) => (kind === 'worker' && state !== 'Z' ? [pid] : []))
    for (let round = 0; round < times; round++) {
      let ready = 0
      const stop = kernel.subscribe((event) => {
        if (event.type === 'phase' && event.phase === 'serving') ready += 1
      })
      click('.controls [data-run=start]')
      await until('four serve', () => ready === 4)
      const server = kernel.processes().find(({ kind }) => kind === 'manager')
      if (server === undefined) throw new Error('there is no server')
      click('.kill')
      await until('the killed one is back', () => ready === 5)
      kernel.signal(server.pid, 'HUP')
      await until('all are new', () => ready === 9 && alive().length === 4)
      if (webWorkers() !== 4) throw new Error(`${webWorkers()} Web Workers for 4`)
      kernel.signal(server.pid, 'INT')
      await until('it has stopped', () => kernel.process(server.pid)?.alive !== true)
      stop()
      if (webWorkers() !== 0) throw new Error(`${webWorkers()} Web Workers are left`)
    }
  }, times)
}
