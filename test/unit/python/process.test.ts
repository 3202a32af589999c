import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endGuests, MEMORY } from './guest.ts'
import { pythonPackages } from '../../../src/build/python-packages.ts'
import { answerTo, get, play, type At } from './play.ts'

/** An interpreter takes its time to start on a busy computer. */
const PATIENCE_MS = 300_000

const source = readFileSync(join(import.meta.dirname, 'application.py'), 'utf8')
const PATH = '/home/user/code/awesomeapp/main.py'

afterAll(endGuests)

/** FastAPI itself, where pip and its index are there. */
const itself = await pythonPackages().catch(() => undefined)

const ways = [
  { way: 'the subset', packages: undefined },
  { way: 'FastAPI itself', packages: itself?.path },
]

describe.each(ways)('an application in Python, with $way', ({ way, packages }) => {
  const isSubset = way === 'the subset'
  const isThere = isSubset || packages !== undefined
  const events: readonly At[] = [
    [0, { type: 'import' }],
    [10, { type: 'startup' }],
    [100, get(1, '/')],
    [110, get(2, '/')],
    [120, get(3, '/items/7?q=a%20b')],
    [130, get(4, '/items/seven')],
    [140, get(5, '/missing')],
    [150, get(6, '/tea')],
    [155, get(26, '/cookies')],
    [160, get(7, '/echo', 'POST', '{"a": [1, 2]}')],
    [170, get(8, '/later')],
    [180, get(9, '/nowhere')],
    [190, get(10, '/tea', 'POST')],
    [1000, get(11, '/deaf')],
    [1100, get(12, '/')],
    [2000, get(13, '/thread')],
    [2010, get(14, '/thread')],
    [2100, get(15, '/')],
    [3000, get(16, '/spin?ms=40')],
    [4000, get(17, '/depends')],
    [5000, get(18, '/stream')],
    [6000, get(19, '/chance')],
    [7000, get(20, '/boom')],
    [7100, get(21, '/full')],
    [7200, get(25, '/keep')],
    [8000, get(22, '/ways-out')],
    [8100, get(23, '/docs')],
    [8200, { type: 'shutdown' }],
    [9000, get(24, '/exit')],
  ]
  let first: Awaited<ReturnType<typeof play>>
  let again: Awaited<ReturnType<typeof play>>
  beforeAll(async () => {
    if (!isThere) return
    const live = () => play(source, events, 10_000, { ...(packages !== undefined && { packages }) })
    ;[first, again] = await Promise.all([live(), live()])
  }, PATIENCE_MS)

  const json = (id: number): unknown => JSON.parse(answerTo(first.done, id)?.text ?? '')

  it.runIf(isThere)('is imported, starts, stops, and ends itself', () => {
    const kinds = first.done.map(({ type }) => type)
    expect(kinds.slice(0, 3)).toEqual(['imported', 'print', 'started'])
    const printed = first.done.flatMap((act) => (act.type === 'print' ? [act.text] : []))
    expect(printed).toEqual(['starting 27367\n', 'closed\n', 'stopped\n'])
    expect(first.done.slice(-2)).toEqual([
      expect.objectContaining({ type: 'stopped' }),
      expect.objectContaining({ type: 'exit', code: 3 }),
    ])
  })

  it.runIf(isThere)('has globals, a PID and an environment of its own', () => {
    expect(json(1)).toEqual({ pid: 27367, visits: 1, greeting: 'hello' })
    expect(json(2)).toEqual({ pid: 27367, visits: 2, greeting: 'hello' })
  })

  it.runIf(isThere)('answers as FastAPI does', () => {
    expect(json(3)).toEqual({ item: 7, q: 'a b' })
    const message = 'Input should be a valid integer, unable to parse string as an integer'
    expect(answerTo(first.done, 4)?.status).toBe(422)
    expect(json(4)).toEqual({
      detail: [{ type: 'int_parsing', loc: ['path', 'item'], msg: message, input: 'seven' }],
    })
    expect(answerTo(first.done, 5)).toMatchObject({ status: 404, text: '{"detail":"no such thing"}' })
    expect(answerTo(first.done, 6)).toMatchObject({ status: 418, text: 'short and stout' })
    expect(first.done.find((act) => act.type === 'head' && act.id === 6)).toMatchObject({
      headers: [
        ['x-pot', '1'],
        ['content-length', '15'],
        ['content-type', 'text/plain; charset=utf-8'],
      ],
    })
    expect(first.done.find((act) => act.type === 'head' && act.id === 26)).toMatchObject({
      headers: [
        ['x-first', '1'],
        ['content-length', '9'],
        ['content-type', 'application/json'],
        ['set-cookie', 'a=1; HttpOnly; Max-Age=60; Path=/; SameSite=lax'],
        ['x-between', 'yes'],
        ['set-cookie', 'b=2; Path=/b; SameSite=lax'],
      ],
    })
    expect(json(26)).toEqual(['a', 'b'])
    expect(json(7)).toEqual({ body: { a: [1, 2] }, state: 'open' })
    expect(answerTo(first.done, 9)).toMatchObject({ status: 404, text: '{"detail":"Not Found"}' })
    expect(answerTo(first.done, 10)).toMatchObject({ status: 405 })
    expect(json(17)).toBe('connection')
    expect(answerTo(first.done, 18)).toMatchObject({ status: 200, text: '0\n1\n2\n', at: 5300 })
  })

  it.runIf(isThere)(
    'waits on virtual time: asyncio.sleep for itself alone, time.sleep deaf in async def, a thread in def',
    () => {
      expect(answerTo(first.done, 8)?.at).toBe(470)
      expect(answerTo(first.done, 11)?.at).toBe(1500)
      // Asked 100 ms later, and not heard before the sleep was over.
      expect(answerTo(first.done, 12)?.at).toBe(1500)
      expect(first.held[0]).toEqual([expect.closeTo(1000, 0), expect.closeTo(1500, 0)])
      expect([13, 14, 15].map((id) => answerTo(first.done, id)?.at)).toEqual([2500, 2510, 2100])
    },
  )

  it.runIf(isThere)('computes on modelled time', () => {
    const at = answerTo(first.done, 16)?.at ?? 0
    expect(at).toBeGreaterThanOrEqual(3040)
    expect(at).toBeLessThan(3042)
  })

  it.runIf(isThere)("raises with Python's own traceback, in which only its own frames stand", () => {
    const raised = first.done.find((act) => act.type === 'request-raised' && act.id === 20)
    const line = (text: string): number => source.split('\n').findIndex((each) => each.includes(text)) + 1
    expect(raised).toMatchObject({
      raised: {
        name: 'ZeroDivisionError',
        message: 'division by zero',
        frames: [
          `File "${PATH}", line ${line('return divide(0)')}, in boom\n  return divide(0)`,
          `File "${PATH}", line ${line('return 1 / number')}, in divide\n  return 1 / number\n         ~~^~~~~~~~`,
        ],
      },
    })
  })

  it.runIf(isThere)('has a heap that ends, and says whose limit that is', () => {
    const raised = first.done.find((act) => act.type === 'request-raised' && act.id === 21)
    expect(raised).toMatchObject({ raised: { name: 'MemoryError', message: /64 MB/ } })
  })

  it.runIf(isThere)('takes memory as its heap grows', () => {
    expect(json(25)).toBe(1)
    expect(first.memory.at(-1)).toBeGreaterThan(MEMORY + 10_000_000)
  })

  it.runIf(isThere)('finds every way out closed, with one sentence each', () => {
    const said = (answerTo(first.done, 22)?.text ?? '').split('\n')
    expect(said).toHaveLength(12)
    for (const each of said) expect(each).toMatch(/is not available here: /)
    expect(said[0]).toBe(
      'js is not available here: an application in the page reaches nothing of the browser.',
    )
    expect(said[8]).toContain('reaches no network')
  })

  it.runIf(isSubset)('says of what the subset lacks that the real FastAPI has it', () => {
    expect(answerTo(first.done, 23)).toMatchObject({
      status: 501,
      text: expect.stringContaining('the real FastAPI has it') as string,
    })
  })

  it.runIf(isThere)('does the same again with the same seed and inputs, chance and calendar included', () => {
    expect(again.done).toEqual(first.done)
    expect(json(19)).toEqual([
      expect.any(Number),
      expect.stringMatching(/^[0-9a-f-]{36}$/),
      expect.stringMatching(/^[0-9a-f]{8}$/),
      '2024-05-01T12:00:06+00:00',
    ])
  })
})

it(
  'an import that fails is told with the traceback of Python, at the line that asked for too much',
  async () => {
    const { done } = await play(
      'import os\n\nfrom fastapi import FastAPI, WebSocket\n',
      [[0, { type: 'import' }]],
      0,
    )
    const message =
      "fastapi.WebSocket is not in this page's subset of FastAPI's interface; the real FastAPI has it."
    const frames = [`File "${PATH}", line 3, in <module>\n  from fastapi import FastAPI, WebSocket`]
    const raised = { name: 'ImportError', message, frames }
    expect(done).toEqual([
      expect.objectContaining({ type: 'import-failed', error: { kind: 'raised', raised } }),
    ])
  },
  PATIENCE_MS,
)

it('a file that is not there is named as on Linux', { timeout: PATIENCE_MS }, async () => {
  const { done } = await play('open("missing.txt")\n', [[0, { type: 'import' }]], 0)
  expect(done[0]).toMatchObject({
    error: {
      raised: {
        name: 'FileNotFoundError',
        message: "[Errno 2] No such file or directory: 'missing.txt'",
        frames: [`File "${PATH}", line 1, in <module>\n  open("missing.txt")\n  ~~~~^^^^^^^^^^^^^^^`],
      },
    },
  })
})

it(
  'raise … from … says what was the cause, raise … from None nothing',
  { timeout: PATIENCE_MS },
  async () => {
    const source = `try:
    1 / 0
except ZeroDivisionError as error:
    raise RuntimeError("no answer") from FROM
`
    const import_ = async (from: string) => {
      const { done } = await play(source.replace('FROM', from), [[0, { type: 'import' }]], 0)
      return done.find((act) => act.type === 'import-failed')?.error
    }
    const [cause, none] = await Promise.all([import_('error'), import_('None')])
    expect(cause).toMatchObject({
      raised: { message: 'no answer', cause: { name: 'ZeroDivisionError', message: 'division by zero' } },
    })
    expect(none).toMatchObject({ raised: { message: 'no answer' } })
    expect(JSON.stringify(none)).not.toContain('division')
  },
)

describe('where the browser cannot put a stack aside (JSPI)', () => {
  const source = `import threading, time
from fastapi import FastAPI
app = FastAPI()
@app.get("/deaf")
async def deaf():
    time.sleep(0.5)
    return "awake"
@app.get("/thread")
def thread():
    time.sleep(0.5)
    return "rested"
@app.get("/start")
async def start():
    try:
        threading.Thread(target=print).start()
    except RuntimeError as error:
        return str(error)
@app.get("/")
async def root():
    return "here"
`
  const events: readonly At[] = [
    [0, { type: 'import' }],
    [10, { type: 'startup' }],
    [1000, get(1, '/deaf')],
    [1100, get(2, '/')],
    [2000, get(3, '/thread')],
    [2100, get(4, '/')],
    [3000, get(5, '/start')],
  ]

  it.each(ways.filter(({ way, packages }) => way === 'the subset' || packages !== undefined))(
    'sleeps are added to the turn, of def endpoints too, and threads do not start, with $way',
    { timeout: PATIENCE_MS },
    async ({ packages }) => {
      const { done, held } = await play(source, events, 4000, {
        withoutStacks: true,
        ...(packages !== undefined && { packages }),
      })
      expect(held).toEqual([])
      expect([1, 2, 3, 4].map((id) => answerTo(done, id)?.at)).toEqual([1500, 1500, 2500, 2500])
      expect(answerTo(done, 5)?.text).toContain(
        "Can't start new thread: this browser cannot put a stack aside",
      )
    },
  )
})
