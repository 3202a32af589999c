import type { Browser, CDPSession, Page } from '@playwright/test'
// For the type of the element.
import type {} from '../../../src/playground/index.ts'
import { ready } from '../../browser/playground-page.ts'
import { count, left, rounds } from '../../browser/playground-rounds.ts'
import type { Line } from '../line.ts'
import { median, percentile } from '../statistics.ts'

/** A fresh visit to the playground, its machine there; what is to be done `before` its first script. */
async function open(browser: Browser, root: string, before?: (page: Page) => Promise<void>): Promise<Page> {
  const context = await browser.newContext({
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 900 },
  })
  const page = await context.newPage()
  await before?.(page)
  await page.goto(`${root}playground/#off`)
  await ready(page)
  return page
}

async function type(page: Page, line: string): Promise<void> {
  await page.locator('sw-playground .xterm-helper-textarea').first().focus()
  await page.keyboard.type(`${line}\n`)
}

async function serving(page: Page, workers: number): Promise<void> {
  await page.waitForFunction(
    (workers) => {
      const { trace } = document.querySelector('sw-playground')?.machine?.kernel ?? {}
      const serving = trace?.filter((event) => event.type === 'phase' && event.phase === 'serving')
      return serving?.length === workers
    },
    workers,
    { timeout: 120_000 },
  )
}

/** How long four workers take to serve, on the wall, beside one bare Web Worker; and whether 32 come up. */
export async function boot(browser: Browser, root: string): Promise<readonly Line[]> {
  const page = await open(browser, root)
  const times = await page.evaluate(async () => {
    const machine = document.querySelector('sw-playground')?.machine
    if (machine === undefined) throw new Error('there is no machine')
    const { kernel, pace } = machine
    const bare: number[] = []
    const four: number[] = []
    /** A Web Worker with nothing in it: until it has answered once. */
    const one = async (): Promise<number> => {
      const begun = performance.now()
      const url = URL.createObjectURL(new Blob(['postMessage(0)'], { type: 'text/javascript' }))
      const worker = new Worker(url)
      await new Promise((resolve) => (worker.onmessage = resolve))
      const took = performance.now() - begun
      worker.terminate()
      URL.revokeObjectURL(url)
      return took
    }
    /** Four of ours, as fast as virtual time can be played: until all of them serve. */
    const ours = async (): Promise<number> => {
      let ready = 0
      const stop = kernel.subscribe((event) => {
        if (event.type === 'phase' && event.phase === 'serving') ready += 1
      })
      const argv = ['uvicorn', 'main:app', '--port', '8080', '--workers', '4']
      const begun = performance.now()
      const pid = kernel.exec({ argv, env: {} })
      if (pid === 'not-found') throw new Error('there is no uvicorn')
      while (ready < 4) await pace.skip(50)
      const took = performance.now() - begun
      stop()
      kernel.signal(pid, 'INT')
      while (kernel.process(pid)?.alive === true) await pace.skip(200)
      return took
    }
    await one()
    await ours()
    for (let round = 0; round < 9; round++) {
      bare.push(await one())
      four.push(await ours())
    }
    return { bare, four }
  })
  await page.context().close()
  const bare = median(times.bare)
  const many = await open(browser, root)
  const begun = performance.now()
  await type(many, 'uvicorn main:app --port 8080 --workers 32 --no-access-log')
  await serving(many, 32)
  const took = performance.now() - begun
  const workers = many.workers().length
  await many.context().close()
  return [
    {
      id: 'boot-four',
      what: 'Four workers until they serve, to one bare Web Worker until it answers',
      unit: 'x',
      ours: median(times.four) / bare,
      goal: { atMost: 6 },
      of: `${median(times.four).toFixed(0)} ms to ${bare.toFixed(0)} ms, medians of 9`,
    },
    {
      id: 'workers',
      what: 'Web Workers that serve at once',
      unit: 'workers',
      ours: workers,
      goal: { atLeast: 32 },
      of: `all after ${took.toFixed(0)} ms at the speed of the wall`,
    },
  ]
}

/** What the main thread does in each frame with 16 workers, 200 requests in flight and all panels open. */
export async function frames(browser: Browser, root: string, seconds: number): Promise<readonly Line[]> {
  const page = await open(browser, root)
  await type(page, 'uvicorn main:app --port 8080 --workers 16 --no-access-log')
  await serving(page, 16)
  for (const kind of ['application', 'settings', 'figures-panel', 'own'])
    await page.locator(`sw-playground details.${kind} > summary`).click()
  await page.locator('sw-playground .thing').first().click()
  await page.evaluate(() => {
    const kernel = document.querySelector('sw-playground')?.machine?.kernel
    if (kernel === undefined) throw new Error('there is no machine')
    // Each client asks again as soon as it has been answered: 200 requests are in flight all the time.
    const ask = (): void => {
      const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/work', patience: 60_000 }
      kernel.request(request, { onEnd: () => kernel.after(1, ask) })
    }
    for (let client = 0; client < 200; client++) ask()
  })
  const cdp = await page.context().newCDPSession(page)
  await page.waitForTimeout(3000)
  const events = await traced(cdp, seconds)
  const answered = await page.evaluate(
    () => document.querySelector('sw-playground')?.machine?.kernel.recorded ?? 0,
  )
  const now = await page.evaluate(() => document.querySelector('sw-playground')?.machine?.kernel.now ?? 0)
  await page.context().close()
  const { work, longest } = perFrame(events)
  const of = `${work.length} frames, ${answered} events in ${(now / 1000).toFixed(0)} virtual s`
  return [
    {
      id: 'frame-work',
      what: 'Work of the main thread in a frame, 95th percentile: 16 workers, 200 requests, all panels open',
      unit: 'ms',
      ours: percentile(work, 0.95),
      goal: { atMost: 8 },
      beside: { median: median(work) },
      of,
    },
    {
      id: 'frame-task',
      what: 'The longest task meanwhile',
      unit: 'ms',
      ours: longest,
      goal: { atMost: 50 },
      of,
    },
  ]
}

/**
 * What so many rounds of start, kill, reload and stop leave behind. Half as many come before them: until then what a session keeps to
 * be looked back at, which has its limits, still fills.
 */
export async function leaks(browser: Browser, root: string, times: number): Promise<readonly Line[]> {
  const page = await open(browser, root, count)
  const cdp = await page.context().newCDPSession(page)
  await rounds(page, times / 2)
  const before = await left(page, cdp)
  let after = before
  const heaps = [before.heap]
  for (let tenth = 0; tenth < 10; tenth++) {
    await rounds(page, times / 10)
    after = await left(page, cdp)
    heaps.push(after.heap)
  }
  await page.context().close()
  const of = `${times} rounds of start, kill, reload, stop`
  const mb = (bytes: number): string => (bytes / 1_000_000).toFixed(2)
  return [
    {
      id: 'left-workers',
      what: 'Web Workers left',
      unit: 'workers',
      ours: after.workers,
      goal: { atMost: 0 },
      of,
    },
    {
      id: 'left-listeners',
      what: 'Listeners left beside those before',
      unit: 'x',
      ours: after.listeners / before.listeners,
      goal: { atMost: 1 },
      of: `${after.listeners} and ${before.listeners}; timers: 0`,
    },
    {
      id: 'left-heap',
      what: 'Heap left beside that before',
      unit: 'x',
      ours: after.heap / before.heap,
      goal: { atMost: 1.1 },
      of: `${heaps.map(mb).join(', ')} MB, before and after each tenth of the rounds`,
    },
  ]
}

/** What a paused machine with four workers costs: processor time of all that the page has, in so many seconds. */
export async function paused(browser: Browser, root: string, seconds: number): Promise<readonly Line[]> {
  const page = await open(browser, root)
  await type(page, 'uvicorn main:app --port 8080 --workers 4')
  await serving(page, 4)
  const cdp = await browser.newBrowserCDPSession()
  const used = async (): Promise<number> => {
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, each) => sum + each.cpuTime, 0)
  }
  const during = async (): Promise<number> => {
    await page.waitForTimeout(3000)
    const before = await used()
    await page.waitForTimeout(seconds * 1000)
    return (100 * ((await used()) - before)) / seconds
  }
  const running = await during()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const still = await during()
  await page.context().close()
  return [
    {
      id: 'paused',
      what: 'Processor time of the page while its machine is paused',
      unit: '%',
      ours: still,
      goal: { atMost: 0.5 },
      of: `running, with nobody asking, ${running.toFixed(1)} %`,
    },
  ]
}

interface TraceEvent {
  readonly name: string
  readonly cat: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds: when, how long on the wall, and how much of the processor. */
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: { readonly frame?: string } }
}

/** Chromium's own account of so many seconds. */
async function traced(cdp: CDPSession, seconds: number): Promise<readonly TraceEvent[]> {
  const events: TraceEvent[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    },
  })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.end')
  await complete
  return events
}

/** The processor time of the page's main thread from frame to frame, and of its longest task, in ms. */
function perFrame(events: readonly TraceEvent[]): { work: number[]; longest: number } {
  // The thread that fires animation frames is the page's.
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame')
  const counts = new Map<string, number>()
  for (const { pid, tid } of frames) counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1)
  const main = [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0]
  if (main === undefined) throw new Error('the page drew no frame')
  const own = events.filter(({ pid, tid }) => `${pid} ${tid}` === main)
  // Chromium tells of each task twice, under two names.
  const tasks = own.filter(({ name, ph }) => ph === 'X' && name === 'RunTask')
  const called = frames.filter(({ pid, tid }) => `${pid} ${tid}` === main).map(({ ts }) => ts)
  const took = ({ tdur, dur }: TraceEvent): number => (tdur ?? dur ?? 0) / 1000
  const work: number[] = []
  // A frame begins with the task that calls back for it, and that draws it.
  const begins = tasks.filter(({ ts, dur = 0 }) => called.some((at) => at >= ts && at <= ts + dur))
  const starts = begins.map(({ ts }) => ts).toSorted((a, b) => a - b)
  for (let index = 1; index < starts.length; index++) {
    const [from = 0, to = 0] = [starts[index - 1], starts[index]]
    work.push(tasks.filter(({ ts }) => ts >= from && ts < to).reduce((sum, task) => sum + took(task), 0))
  }
  return { work, longest: Math.max(0, ...tasks.map(took)) }
}
