import type { Page } from '@playwright/test'
import type { TraceEvent } from '../../simulator/machine/trace.ts'
// For the type of the element.
import type {} from '../../src/lab/index.ts'
import { foldAll, type Picture } from '../../simulator/machine/view/index.ts'
import type { ObservedLine, Observed } from '../conformance/recording/observed.ts'

/** The languages of the chapter: the folder of its address, and words of the lab by which the tests find things. */
export const languages = [
  { folder: '', lang: 'en', start: 'Start', pause: 'Pause', resume: 'Resume' },
  { folder: 'zh-cn/', lang: 'zh-CN', start: '启动', pause: '暂停', resume: '继续' },
  { folder: 'ko/', lang: 'ko', start: '시작', pause: '일시 정지', resume: '계속' },
] as const

/** The commands of the chapter, with the recordings of their programs. */
export const commands = [
  { program: 'uvicorn', version: '0.54.0', line: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4' },
  {
    program: 'gunicorn',
    version: '26.2.0',
    line: 'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 0.0.0.0:80',
  },
  { program: 'fastapi', version: '0.0.34', line: 'fastapi run --workers 4 main.py' },
] as const

/** Collects what a browser would report as errors, and requests to other hosts, outside the base path, or refused. */
export function watch(page: Page, baseURL: string | undefined): string[] {
  const trouble: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text())
  })
  page.on('pageerror', (error) => trouble.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(baseURL ?? '') && !/^(data|blob):/.test(url)) trouble.push(`asked for ${url}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) trouble.push(`${response.status()} ${response.url()}`)
  })
  return trouble
}

/** Opens a chapter and waits until its lab is up; where the lab is a bar at the bottom of the window, the bar is expanded. */
export async function openChapter(page: Page, chapter: string): Promise<void> {
  await arriveAt(page, chapter)
  await openMachine(page)
}

/** Opens a chapter and waits until its lab is up. */
export async function arriveAt(page: Page, chapter: string): Promise<void> {
  await page.goto(`${chapter}/`)
  // A reader's first input.
  await page.mouse.move(200, 300)
  await page.waitForFunction(() => document.querySelector('sw-lab')?.machine !== undefined)
}

/** Expands the bar that the lab is (beside the text it is open), and its list of questions. */
export async function openMachine(page: Page): Promise<void> {
  const open = page.locator('sw-lab [data-dock="open"]')
  if (await open.isVisible()) await open.click()
  const fold = page.locator('sw-lab details.tasks:not([open]) > summary')
  if (await fold.isVisible()) await fold.click()
}

/** The same for the first lab. */
export function openLab(page: Page, folder = ''): Promise<void> {
  return openChapter(page, `${folder}server-workers`)
}

/** Everything that happened on the lab's machine. */
export async function traceOf(page: Page): Promise<TraceEvent[]> {
  const text = await page.evaluate(() =>
    JSON.stringify(document.querySelector('sw-lab')?.machine?.kernel.trace),
  )
  return JSON.parse(text) as TraceEvent[]
}

/** The picture that the lab must show. */
export async function pictureOf(page: Page): Promise<Picture> {
  return foldAll(await traceOf(page))
}

/** How long to wait for what must come; a test has at least a minute. */
const PATIENCE_MS = 45_000

/** Waits until something is true of the picture: on a busy machine that takes its time. */
export async function waitFor(page: Page, what: (picture: Picture) => boolean): Promise<Picture> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    const picture = await pictureOf(page)
    if (what(picture)) return picture
    if (Date.now() > until) throw new Error(`it never came to that: ${JSON.stringify(picture.happened)}`)
    await page.waitForTimeout(100)
  }
}

/** All that a terminal of the lab has shown. */
export function terminalText(page: Page, name: 'server' | 'client'): Promise<string> {
  return page.evaluate((name) => document.querySelector('sw-lab')?.terminalText(name) ?? '', name)
}

/** Puts the keyboard into a terminal and types. */
export async function typeInto(page: Page, name: 'server' | 'client', text: string): Promise<void> {
  await page.locator(`sw-lab #pane-${name} .xterm-screen`).click()
  await page.keyboard.type(text)
}

/** What the processes of the last server printed, for the judge of the recordings. */
export function observed(trace: readonly TraceEvent[]): Observed & { readonly attributed: true } {
  const server = trace.findLast((event) => event.type === 'forked' && event.kind === 'manager')
  if (server?.type !== 'forked') throw new Error('no server was started')
  const parent = server.pid
  const since = trace.filter(({ seq }) => seq >= server.seq)
  const workers = since
    .filter((event) => event.type === 'forked')
    .filter(({ ppid, kind }) => ppid === parent && kind === 'worker')
  const ended = new Map(
    since.filter((event) => event.type === 'ended').map((event) => [event.pid, event.status]),
  )
  const status = ended.get(parent)
  const family = new Set([parent, ...workers.map(({ pid }) => pid)])
  const lines: ObservedLine[] = []
  for (const event of since) {
    if (event.type === 'echo' && event.text.startsWith('^C'))
      lines.push({ pid: 0, stream: 'stdout', text: '^C' })
    if (event.type !== 'output' || !family.has(event.pid)) continue
    const { pid, stream } = event
    for (const text of event.text.replace(/\n$/, '').split('\n')) lines.push({ pid, stream, text })
  }
  const living = workers.map(({ pid }) => pid).filter((pid) => !ended.has(pid))
  return {
    attributed: true,
    parent,
    spawned: workers.map(({ pid }) => pid),
    master:
      status === undefined
        ? { kind: 'running' }
        : 'code' in status
          ? { kind: 'code', code: status.code }
          : { kind: 'signal', signal: status.signal },
    lines,
    alive: [{ master: status === undefined ? 'alive' : 'gone', workers: living }],
    clients: [],
  }
}
