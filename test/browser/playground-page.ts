import { expect, type Page } from '@playwright/test'
import type { TraceEvent } from '../../simulator/machine/trace.ts'
import { foldAll, type Picture } from '../../simulator/machine/view/index.ts'
import type { SessionData } from '../../simulator/scenario/session/index.ts'
// For the type of the element.
import type {} from '../../src/playground/index.ts'

/** Opens the playground and waits until its machine stands there. */
export async function openPlayground(page: Page, folder = '', hash = '#off'): Promise<void> {
  await page.goto(`${folder}playground/${hash}`)
  await ready(page)
}

/** Waits until a session has been opened and, if it was not new, played again. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('sw-playground')?.machine !== undefined)
}

/** Everything that happened on the machine. */
export async function traceOf(page: Page): Promise<TraceEvent[]> {
  const text = await page.evaluate(() =>
    JSON.stringify(document.querySelector('sw-playground')?.machine?.kernel.trace ?? []),
  )
  return JSON.parse(text) as TraceEvent[]
}

export async function sessionOf(page: Page): Promise<SessionData> {
  const text = await page.evaluate(() => JSON.stringify(document.querySelector('sw-playground')?.session))
  return JSON.parse(text) as SessionData
}

/** How long to wait for what must come; a test has at least a minute. */
const PATIENCE_MS = 45_000

/** Waits until something is true of the picture: on a busy machine that takes its time. */
export async function waitFor(
  page: Page,
  what: (picture: Picture) => boolean,
  patience = PATIENCE_MS,
): Promise<Picture> {
  for (const until = Date.now() + patience; ;) {
    const picture = foldAll(await traceOf(page))
    if (what(picture)) return picture
    if (Date.now() > until) throw new Error(`it never came to that: ${JSON.stringify(picture.happened)}`)
    await page.waitForTimeout(100)
  }
}

export const isServing = ({ happened }: Picture): boolean => happened.clauses[0]?.key === 'serving'

/** All that a terminal shows. */
export function terminalText(page: Page, name: string): Promise<string> {
  return page.evaluate((name) => document.querySelector('sw-playground')?.terminalText(name) ?? '', name)
}

/** The focused element inside the playground. */
export async function focused(page: Page): Promise<string> {
  const [name = ''] = await named(page, ':focus')
  return name
}

/** The elements of the playground that match a selector, each with its kind and its name. */
function named(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const elements = document.querySelector('sw-playground')?.shadowRoot?.querySelectorAll(selector) ?? []
    return [...elements].map((element) => {
      const name = element.getAttribute('aria-label') ?? element.textContent
      return `${element.localName} ${name.trim().replaceAll(/\s+/g, ' ')}`
    })
  }, selector)
}

/** Presses Tab until the focused element has this name. The element may appear only later. */
export async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const kind = /^\^(\w+) /.exec(name.source)?.[1] ?? '*'
  await expect
    .poll(() => named(page, kind), `something on the page is ${name}`)
    .toContainEqual(expect.stringMatching(name))
  for (let presses = 0; presses < 60; presses++) {
    if (name.test(await focused(page))) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never led to ${name}; now at ${await focused(page)}`)
}

/** Opens what unfolds under the terminals. */
export async function unfold(page: Page, kind: string): Promise<void> {
  await page.locator(`sw-playground details.${kind} > summary`).click()
}

/** Opens a session from a file, and runs it. */
export async function runFile(page: Page, session: SessionData): Promise<void> {
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.locator('sw-playground input[type=file]').setInputFiles({
    name: 'session.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(session)),
  })
  await page.getByRole('button', { name: 'Run it' }).click()
  await page.waitForFunction(
    (until) => (document.querySelector('sw-playground')?.machine?.kernel.now ?? -1) >= until,
    session.until,
  )
}
