import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Browser } from '@playwright/test'
import { ready } from '../../browser/playground-page.ts'
// For the type of the element.
import type {} from '../../../src/playground/index.ts'
import type { Line } from '../line.ts'
import { median } from '../statistics.ts'

/** Where the build puts the files of Python. */
const FOLDER = 'dist/site/python'
const MB = 1_000_000

/** Python in the page: what is loaded, and how long its workers take to answer. `rounds`: how often each time is taken. */
export async function python(browser: Browser, root: string, rounds: number): Promise<readonly Line[]> {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  let asked = 0
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.includes('/python/')) asked += 1
  })
  await page.goto(`${root}playground/`)
  await ready(page)
  const before = asked
  await page.locator('sw-playground details.application > summary').click()
  await page.getByRole('button', { name: /^Run Python/ }).click()
  const badge = page.locator('sw-playground .badge')
  await badge.waitFor({ timeout: 120_000 })
  const runtime = (await page.locator('sw-playground .runtime').textContent()) ?? ''
  const itself = /with (FastAPI \S+) itself/.exec(runtime)?.[1]
  const times = await page.evaluate(measure, rounds)
  await context.close()
  const framework = itself ?? "the subset of FastAPI's interface"
  return [
    ...sizes(),
    {
      id: 'python-before',
      what: 'Requests for Python before it is asked for',
      unit: 'requests',
      ours: before,
      goal: { atMost: 0 },
    },
    {
      id: 'python-four',
      what: `Four Python workers have answered, with ${framework}`,
      unit: 'ms',
      ours: median(times.four),
      goal: { atMost: itself === undefined ? 2500 : 5000 },
      of: `median of ${rounds}, as fast as virtual time can be played`,
    },
    {
      id: 'python-restart',
      what: `A Python worker that was killed is replaced and has answered, with ${framework}`,
      unit: 'ms',
      ours: median(times.restart),
      goal: { atMost: 500 },
      of: `median of ${rounds}, 4 s after the others`,
    },
  ]
}

/** In the page: starts four workers until each has answered; kills one, until its successor has. */
async function measure(rounds: number): Promise<{ four: readonly number[]; restart: readonly number[] }> {
  const machine = document.querySelector('sw-playground')?.machine
  if (machine === undefined) throw new Error('there is no machine')
  const { kernel, pace } = machine
  const four: number[] = []
  const restart: number[] = []
  const answered = new Set<number>()
  const serving = new Set<number>()
  kernel.subscribe((event) => {
    if (event.type === 'phase' && event.phase === 'serving') serving.add(event.pid)
    if (event.type === 'head') answered.add(event.pid)
  })
  const ask = () => {
    const request = { host: '127.0.0.1', port: 8080, method: 'GET', target: '/', patience: 60_000 }
    kernel.request(request, { onEnd: () => undefined })
  }
  /** Asks until so many workers have answered. */
  const until = async (workers: number): Promise<number> => {
    const begun = performance.now()
    while (answered.size < workers) {
      if (serving.size > 0) ask()
      await pace.skip(50)
    }
    return performance.now() - begun
  }
  for (let round = 0; round < rounds; round++) {
    answered.clear()
    serving.clear()
    const pid = kernel.exec({ argv: ['uvicorn', 'main:app', '--port', '8080', '--workers', '4'], env: {} })
    if (pid === 'not-found') throw new Error('there is no uvicorn')
    four.push(await until(4))
    // The worker that stands by starts meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 4000))
    const [victim = 0] = answered
    answered.delete(victim)
    kernel.signal(victim, 'KILL')
    restart.push(await until(4))
    kernel.signal(pid, 'INT')
    while (kernel.process(pid)?.alive === true) await pace.skip(200)
  }
  return { four, restart }
}

/** What is loaded when it is asked for, as a host sends it that compresses. */
function sizes(): readonly Line[] {
  const [version = ''] = readdirSync(FOLDER)
  const files = readdirSync(join(FOLDER, version))
  const interpreter = files.filter((name) => !name.startsWith('packages-'))
  const packed = files.filter((name) => name.startsWith('packages-'))
  const sum = (names: readonly string[], size: (bytes: Buffer) => number) =>
    names.reduce((all, name) => all + size(readFileSync(join(FOLDER, version, name))), 0) / MB
  const brotli = (bytes: Buffer) => brotliCompressSync(bytes).length
  const gzip = (bytes: Buffer) => gzipSync(bytes).length
  const what = 'Download of the interpreter'
  return [
    {
      id: 'python-brotli',
      what: `${what}, brotli`,
      unit: 'MB',
      ours: sum(interpreter, brotli),
      goal: { atMost: 4.8 },
    },
    {
      id: 'python-gzip',
      what: `${what}, gzip`,
      unit: 'MB',
      ours: sum(interpreter, gzip),
      goal: { atMost: 6.4 },
    },
    {
      id: 'python-packages',
      what: 'Download of FastAPI and what it needs',
      unit: 'MB',
      ours: sum(packed, gzip),
    },
  ]
}
