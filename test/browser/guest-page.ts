/** Processes of the page for tests: each is a Web Worker in a sandbox, driven turn by turn. */
import { expect, type Page } from '@playwright/test'
import type { HeaderList } from '../../simulator/machine/network/headers.ts'
import type { GuestSpec } from '../../simulator/host/virtual/guest.ts'
import type { PlainInput, PlainTurn } from './pages/machine.ts'
import { test as base } from './room.ts'

export const EPOCH = Date.UTC(2024, 4, 1, 12, 0, 0)
/** Application code is slow on a busy machine, but it becomes idle: nothing here spins unless it is meant to. */
export const PATIENCE = 20_000

/** A process in the page. */
export class Process {
  readonly #page: Page
  readonly #id: number

  constructor(page: Page, id: number) {
    this.#page = page
    this.#id = id
  }

  turn(input: PlainInput): Promise<PlainTurn> {
    return this.#page.evaluate(([id, input]) => lab.turn(id, input), [this.#id, input] as const)
  }

  get(target = '/', more: { now?: number; id?: number; headers?: HeaderList } = {}): Promise<PlainTurn> {
    const { now = 0, id = 1, headers = [] } = more
    return this.turn({ type: 'request', now, request: { id, method: 'GET', target, headers } })
  }

  end(): Promise<void> {
    return this.#page.evaluate((id) => lab.end(id), this.#id)
  }

  rest(): Promise<PlainTurn | undefined> {
    return this.#page.evaluate((id) => lab.rest(id), this.#id)
  }
}

/** Each has a sandbox of its own. */
export const test = base.extend<{ patience: number }>({
  patience: [PATIENCE, { option: true }],
  page: async ({ page, patience }, use) => {
    await page.evaluate((patience) => lab.open(patience), patience)
    await use(page)
    await page.evaluate(() => lab.close())
  },
})

/** Makes a process; its application is not imported yet. */
export async function spawn(page: Page, source: string, spec: Partial<GuestSpec> = {}): Promise<Process> {
  const id = await page.evaluate(([source, spec]) => lab.guest(source, spec), [source, spec] as const)
  return new Process(page, id)
}

/** A process whose application was imported. */
export async function imported(page: Page, source: string, spec: Partial<GuestSpec> = {}): Promise<Process> {
  const process = await spawn(page, source, spec)
  const turn = await process.turn({ type: 'import' })
  expect(turn.acts.at(-1)).toMatchObject({ type: 'imported' })
  return process
}

/** The JSON that an application answers when it evaluates `expression` at each request. */
export async function evaluate(
  page: Page,
  expression: string,
  spec: Partial<GuestSpec> = {},
): Promise<unknown> {
  const process = await imported(
    page,
    `export const app = async (request) => Response.json(${expression})`,
    spec,
  )
  return JSON.parse(bodyOf(await process.get()))
}

export function bodyOf(turn: PlainTurn): string {
  return turn.acts.map((act) => (act.type === 'body' ? act.text : '')).join('')
}

export function printed(turn: PlainTurn): string[] {
  return turn.acts.flatMap((act) => (act.type === 'print' ? [`${act.stream}: ${act.text}`] : []))
}

export const workersAlive = (page: Page) => page.evaluate(() => lab.alive())
