import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  boxes,
  deaths,
  activityOf,
  EMPTY,
  fold,
  foldAll,
  currentProcess,
  openRequests,
} from '../../../simulator/machine/view/index.ts'
import type { Picture } from '../../../simulator/machine/view/index.ts'
import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import { newMachine, openTerminal, type TestTerminal } from '../shell/terminal.ts'
import { NO_OUTCOMES } from '../../../simulator/machine/requests.ts'

const UVICORN = 'uvicorn main:app --port 8080 --workers 4'
const GUNICORN =
  'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080'
const FASTAPI = 'fastapi run --workers 4 --port 8080 main.py'

interface Lab {
  readonly kernel: Kernel
  readonly server: TestTerminal
  readonly picture: () => Picture
  /** Lets so many ms pass. */
  readonly wait: (ms: number) => Promise<void>
  /** Sends a signal from outside. */
  readonly kill: (signal: SignalName, pid: number) => void
  /** Asks for a path; nobody waits for the answer. */
  readonly ask: (target: string) => void
}

/** A machine on which a command has been running for two seconds. */
async function running(command: string, seed = 1): Promise<Lab> {
  const kernel = newMachine(seed)
  const server = openTerminal(kernel, 'server')
  server.type(`${command}\r`)
  await kernel.runUntil(2000)
  return {
    kernel,
    server,
    picture: () => foldAll(kernel.trace),
    wait: (ms) => kernel.runUntil(kernel.now + ms),
    kill: (signal, pid) => void kernel.signal(pid, signal),
    ask: (target) =>
      void kernel.request(
        { host: '127.0.0.1', port: 8080, method: 'GET', target },
        { onEnd: () => undefined },
      ),
  }
}

const holders = (picture: Picture) => picture.slots.map((slot) => currentProcess(slot)?.pid)
const states = (picture: Picture) => picture.slots.map((slot) => activityOf(currentProcess(slot)!))
const story = (picture: Picture) => picture.happened.clauses.map(({ key }) => key)

describe('rows', () => {
  test.each([UVICORN, GUNICORN, FASTAPI])('one for each worker: %s', async (command) => {
    const { picture } = await running(command)
    expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
    expect(picture().server).toMatchObject({ pid: 27365, listening: true, alone: false, stopping: false })
    expect(story(picture())).toEqual(['serving', 'servingWhy'])
  })

  test.each([UVICORN, GUNICORN, FASTAPI])(
    'a new worker takes the row of the one that it replaces: %s',
    async (command) => {
      const { picture, wait, kill } = await running(command)
      const before = holders(picture())
      kill('KILL', before[2] ?? 0)
      expect(states(picture())).toEqual(['serving', 'serving', 'ended', 'serving'])
      await wait(2000)
      const after = holders(picture())
      expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
      expect(after.filter((_, index) => index !== 2)).toEqual(before.filter((_, index) => index !== 2))
      expect(after[2]).not.toBe(before[2])
      const [death] = deaths(picture().slots[2]!)
      expect(death).toMatchObject({
        pid: before[2],
        status: { signal: 'KILL' },
        quiet: false,
        successor: { pid: after[2] },
      })
    },
  )

  test('all of them can be replaced at once, each in its row', async () => {
    const { picture, wait, kill } = await running(UVICORN)
    for (const pid of holders(picture())) kill('KILL', pid ?? 0)
    await wait(3000)
    expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
    expect(picture().slots.map(({ lives }) => lives.length)).toEqual([2, 2, 2, 2])
  })

  test.each([UVICORN, GUNICORN, FASTAPI])('SIGTTIN adds one: %s', async (command) => {
    const { picture, wait, kill } = await running(command)
    kill('TTIN', 27365)
    await wait(2000)
    expect(states(picture())).toHaveLength(5)
    expect(story(picture())).toEqual(['moreDone'])
  })

  test.each([
    [UVICORN, 3],
    [GUNICORN, 0],
    [FASTAPI, 3],
  ])('SIGTTOU lets one end: %s', async (command, index) => {
    const { picture, wait, kill } = await running(command)
    kill('TTOU', 27365)
    await wait(5000)
    const ended = states(picture()).map((state) => state === 'ended')
    expect(ended).toEqual([0, 1, 2, 3].map((each) => each === index))
    expect(picture().slots[index]).toMatchObject({ closing: true })
    expect(story(picture())).toEqual(['fewerDone'])
  })

  test.each([UVICORN, GUNICORN, FASTAPI])('a reload makes no more of them: %s', async (command) => {
    const { picture, wait, kill } = await running(command)
    const before = holders(picture())
    kill('HUP', 27365)
    await wait(15_000)
    const after = holders(picture())
    expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
    expect(after.some((pid) => before.includes(pid))).toBe(false)
    expect(picture().server?.reloadingSince).toBeUndefined()
  })

  test('while an old worker and its successor live, each has half of the row', async () => {
    const { picture, wait, kill } = await running(UVICORN)
    kill('HUP', 27365)
    await wait(15_000)
    const row = boxes(picture().slots[0]!)
    expect(new Set(row.map(({ half }) => half))).toEqual(new Set(['whole', 'upper', 'lower']))
    for (const box of row) {
      const beside = row.filter(
        (each) =>
          each.pid !== box.pid && each.from < (box.until ?? Infinity) && box.from < (each.until ?? Infinity),
      )
      if (box.half === 'whole') expect(beside).toEqual([])
    }
  })

  test('a server alone is its own worker', async () => {
    const { picture, wait } = await running('uvicorn main:app --port 8080')
    await wait(500)
    expect(holders(picture())).toEqual([27365])
    expect(picture().server).toMatchObject({ alone: true })
    expect(story(picture())).toEqual(['alone', 'aloneWhy'])
  })

  test('the next server takes the rows of the one before it', async () => {
    const { server, picture, wait } = await running(UVICORN)
    server.type('\x03')
    await wait(4000)
    expect(states(picture())).toEqual(['ended', 'ended', 'ended', 'ended'])
    expect(
      picture()
        .slots.flatMap(deaths)
        .every(({ quiet }) => quiet),
    ).toBe(true)
    server.type(`${GUNICORN}\r`)
    await wait(2000)
    expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
    expect(picture().slots.map(({ lives }) => lives.length)).toEqual([2, 2, 2, 2])
  })
})

describe('requests', () => {
  test('are bars in lanes, and counted', async () => {
    const { picture, wait, ask } = await running('uvicorn main:app --port 8080')
    for (let index = 0; index < 3; index++) ask('/slow/1')
    await wait(500)
    const life = currentProcess(picture().slots[0]!)!
    expect(openRequests(life)).toBe(3)
    expect(life.open.map(({ lane }) => lane).toSorted()).toEqual([0, 1, 2])
    await wait(2000)
    ask('/')
    await wait(100)
    const over = picture().slots[0]?.lives[0]?.over
    expect(over?.at(-1)?.bars.at(-1)).toMatchObject({ lane: 0, status: 200, end: 'answered' })
    expect(picture().counts).toEqual({ ...NO_OUTCOMES, answered: 4 })
    expect(picture().open.size).toBe(0)
  })

  test('die with their worker, and the sentence says how many', async () => {
    const { picture, wait, kill, ask } = await running(
      'gunicorn main:app --workers 1 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080',
    )
    ask('/slow/9')
    ask('/slow/9')
    await wait(300)
    kill('KILL', 27366)
    expect(picture().happened).toMatchObject({
      tone: 'bad',
      clauses: [
        { key: 'diedBySignal', params: { pid: 27366, number: 9 } },
        { key: 'lost', params: { count: 2 } },
        { key: 'unnoticed', params: { parent: 27365 } },
      ],
    })
    expect(picture().counts.lost).toBe(2)
    expect(picture().slots[0]?.lives[0]).toMatchObject({ lost: 2 })
    expect(story(await wait(3000).then(picture))).toEqual(['diedBySignal', 'lost', 'noticed', 'back'])
  })

  test('wait in the backlog while nobody accepts', async () => {
    const { picture, wait, kill, ask } = await running(UVICORN)
    for (const pid of holders(picture())) kill('STOP', pid ?? 0)
    expect(states(picture())).toEqual(['stopped', 'stopped', 'stopped', 'stopped'])
    ask('/')
    await wait(50)
    expect(picture().sockets).toMatchObject([{ bind: { port: 8080 }, waiting: 1 }])
    kill('CONT', holders(picture())[0] ?? 0)
    await wait(100)
    expect(picture().sockets).toMatchObject([{ waiting: 0 }])
    expect(states(picture())[0]).toBe('serving')
  })
})

describe('what just happened', () => {
  test('uvicorn looks every half second, and the sentence says when it saw the gap', async () => {
    const { picture, wait, kill } = await running(UVICORN)
    kill('KILL', 27368)
    expect(story(picture())).toEqual(['diedBySignal', 'unnoticedPolling'])
    await wait(3000)
    expect(story(picture())).toEqual(['diedBySignal', 'noticedPolling', 'back'])
    const seconds = Number(picture().happened.clauses[1]?.params['seconds'])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThan(0.6)
  })

  test.each([
    ['TERM', 'askedToStop'],
    ['STOP', 'frozen'],
  ] as const)('SIG%s to a worker', async (signal, key) => {
    const { picture, kill } = await running(UVICORN)
    kill(signal, 27368)
    expect(story(picture())[0]).toBe(key)
  })

  test.each([
    [UVICORN, ['ctrlC', 'ctrlCWhy']],
    [GUNICORN, ['ctrlC', 'ctrlCFast']],
  ])('Ctrl+C: %s', async (command, keys) => {
    const { server, picture, wait } = await running(command)
    server.type('\x03')
    expect(story(picture())).toEqual(keys)
    await wait(4000)
    expect(story(picture())).toEqual(['ended'])
    expect(picture().server?.status).toEqual({ code: 0 })
  })

  test('kill -TERM of the parent', async () => {
    const { picture, kill } = await running(UVICORN)
    kill('TERM', 27365)
    expect(story(picture())).toEqual(['stopping', 'stoppingWhy'])
  })

  test('the death of the parent leaves orphans', async () => {
    const { picture, wait, kill } = await running(UVICORN)
    kill('KILL', 27365)
    expect(story(picture())).toEqual(['parentDied', 'orphansLive'])
    await wait(500)
    expect(states(picture())).toEqual(['serving', 'serving', 'serving', 'serving'])
    kill('KILL', 27368)
    expect(picture().happened.clauses).toEqual([
      { key: 'orphanDied', params: { pid: 27368 } },
      { key: 'orphansLeft', params: { count: 3 } },
    ])
  })

  test('the kernel takes a worker for its memory', async () => {
    const { kernel, picture, wait } = await running(UVICORN)
    kernel.faults.fillMemory(27368, 5 * 2 ** 30)
    expect(story(picture())).toEqual(['outOfMemory', 'outOfMemoryWhy', 'unnoticedPolling'])
    const died = picture().slots.flatMap(deaths)
    expect(died).toMatchObject([{ pid: 27368, outOfMemory: true }])
    await wait(3000)
    expect(story(picture())).toEqual(['outOfMemory', 'noticedPolling', 'back'])
  })

  test('a server whose workers fail at their startup', async () => {
    const kernel = newMachine()
    kernel.writeFile('main.py', 'life=fail')
    kernel.writeFile('main.js', 'life=fail')
    openTerminal(kernel, 'server').type(`${UVICORN}\r`)
    await kernel.runUntil(9000)
    const { happened, server } = foldAll(kernel.trace)
    expect(server?.status).toEqual({ code: 0 })
    expect(happened).toMatchObject({ tone: 'bad', clauses: [{ key: 'ended' }, { key: 'neverServed' }] })
  })

  test.each([UVICORN, GUNICORN, FASTAPI, 'uvicorn main:app --port 8080'])(
    'a second server that cannot have the port of orphans: %s',
    async (again) => {
      const { picture, kill, server, wait } = await running(UVICORN)
      kill('KILL', 27365)
      await wait(1000)
      server.type(`${again}\r`)
      await wait(8000)
      expect(picture().happened).toMatchObject({
        tone: 'bad',
        clauses: [{ key: 'portHeld', params: { parent: 27365, port: 8080 } }],
      })
    },
  )

  test('a server that never served', async () => {
    const { server, picture, wait } = await running(UVICORN)
    server.type('\x03')
    await wait(4000)
    server.type('uvicorn nope:app --workers 2\r')
    await wait(4000)
    expect(story(picture())[0]).toMatch(/^ended/)
  })
})

describe('any trace', () => {
  const deed = fc.oneof(
    fc.record({ ask: fc.constantFrom('/', '/slow/1', '/busy/1', '/exit/0', '/exit/1', '/nope') }),
    fc.record({
      signal: fc.constantFrom<SignalName>('KILL', 'TERM', 'INT', 'STOP', 'CONT', 'TTIN', 'TTOU', 'HUP'),
      whom: fc.nat(8),
    }),
  )

  test('gives a picture that agrees with the process table', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(UVICORN, GUNICORN, FASTAPI),
        fc.nat(100),
        fc.array(fc.tuple(deed, fc.nat(1500)), { maxLength: 12 }),
        async (command, seed, deeds) => {
          const { kernel, wait, kill, ask } = await running(command, seed)
          for (const [deed, ms] of deeds) {
            if ('ask' in deed) ask(deed.ask)
            else kill(deed.signal, kernel.processes()[deed.whom]?.pid ?? 1)
            await wait(ms)
          }
          let picture = EMPTY
          for (const event of kernel.trace) picture = fold(picture, event)
          const alive = kernel.processes().filter(({ kind, state }) => kind === 'worker' && state !== 'Z')
          const drawn = picture.slots.flatMap(({ lives }) => lives.filter(({ until }) => until === undefined))
          expect(drawn.map(({ pid }) => pid).toSorted()).toEqual(alive.map(({ pid }) => pid).toSorted())
          for (const { lives } of picture.slots) {
            for (const life of lives) {
              expect(life.stretches.every(({ from, until = Infinity }) => from <= until)).toBe(true)
              expect(life.until === undefined || life.open.length === 0).toBe(true)
            }
          }
          const ends = kernel.trace.filter(({ type }) => type === 'request-ended').length
          const counted = Object.values(picture.counts).reduce((sum, count) => sum + count, 0)
          expect(counted).toBe(ends)
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})
