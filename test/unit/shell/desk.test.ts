import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { readSession } from '../../../simulator/scenario/session/read-session.ts'
import type { SessionInput, SessionData } from '../../../simulator/scenario/session/index.ts'
import { Desk, Recorder, replay } from '../../../simulator/shell/desk/index.ts'
import { decodeKeys, encodeKey, type Key } from '../../../simulator/shell/editor/keys.ts'

const settings: Pick<SessionData, 'machine' | 'clients' | 'files'> = {
  machine: {
    cores: 4,
    memory: 930_000_000,
    seed: 7,
    versions: { uvicorn: '0.51.0', gunicorn: '20.1.0', fastapi: '0.0.32' },
  },
  files: { 'main.js': '', 'main.py': 'app = FastAPI()\n' },
  clients: { clients: 5, method: 'GET', target: '/slow/1', pause: [150, 900], patience: 10_000 },
}

function freshDesk() {
  const kernel = new Kernel({ seed: settings.machine.seed, factory: scripted, files: settings.files })
  const screens = new Map<string, string>()
  const desk = new Desk(kernel, settings, {
    words: english.shell,
    onScreen: (terminal, text) => screens.set(terminal, (screens.get(terminal) ?? '') + text),
  })
  kernel.subscribe((event) => desk.take(event))
  return { kernel, desk, screens }
}

/** A person at a machine: waits, types and clicks, and does not care where the machine's events lie. */
async function live(steps: readonly (number | ((recorder: Recorder) => void))[]) {
  const { kernel, desk } = freshDesk()
  const acts: ((at: number) => void)[] = []
  const recorder = new Recorder(desk, (run) => acts.push(run))
  for (const step of [(r: Recorder) => openBoth(r), ...steps]) {
    if (typeof step === 'number') {
      await kernel.runUntil(kernel.now + step)
    } else {
      step(recorder)
      for (const act of acts.splice(0)) {
        const at = Math.ceil(kernel.now)
        await kernel.runUntil(at)
        act(at)
      }
    }
  }
  const until = Math.ceil(kernel.now)
  await kernel.runUntil(until)
  return { kernel, desk, inputs: recorder.inputs, until }
}

function openBoth(recorder: Recorder): void {
  recorder.do({ type: 'open', terminal: 'server', columns: 80 })
  recorder.do({ type: 'open', terminal: 'client', columns: 60 })
}

const type = (terminal: string, text: string) => (recorder: Recorder) =>
  recorder.keys(terminal, decodeKeys(text))
const act = (input: SessionInput) => (recorder: Recorder) => recorder.do(input)

test('what was done at a desk, played again on a fresh machine, gives the same trace', async () => {
  const lived = await live([
    type('server', 'uvicorn main:app --port 8080 --workers 2\r'),
    act({ type: 'clients', on: true }),
    3000.4,
    type('client', 'ps -ef | nothing\x15curl -s http://127.0.0.1:8080/'),
    180.25,
    type('client', '\r'),
    700.7,
    act({ type: 'request', method: 'GET', target: '/exit/3' }),
    act({ type: 'resize', terminal: 'server', columns: 50 }),
    act({ type: 'write', file: 'main.js', text: 'life=slow1' }),
    2500,
    type('server', 'typed ahead\r\x03'),
    4000,
  ])
  expect(lived.kernel.trace.length).toBeGreaterThan(100)

  const again = freshDesk()
  await replay(again.kernel, again.desk, lived.inputs, lived.until)
  expect(again.kernel.trace).toEqual(lived.kernel.trace)

  // Through a link's text and back it is still the same.
  const { until, inputs } = lived
  const data: unknown = JSON.parse(JSON.stringify({ version: 1, ...settings, inputs, until }))
  expect(readSession(data)).toEqual({ session: { version: 1, ...settings, inputs, until } })
})

test('played up to a moment, the trace is the beginning of the whole', async () => {
  const lived = await live([
    type('server', 'gunicorn main:app -w 2 -b :8080 -k uvicorn.workers.UvicornWorker\r'),
    2000,
    type('client', 'pkill -9 gunicorn\r'),
    2000,
  ])
  const half = freshDesk()
  await replay(half.kernel, half.desk, lived.inputs, 1999)
  const { length } = half.kernel.trace
  expect(length).toBeGreaterThan(10)
  expect(half.kernel.trace).toEqual(lived.kernel.trace.slice(0, length))
  expect(lived.kernel.trace[length]?.at).toBeGreaterThan(1999)
})

test('whatever is typed and clicked, and whenever, it can be played again', async () => {
  const lines = fc.constantFrom(
    'uvicorn main:app --workers 2 --port 8080\r',
    'curl -s http://127.0.0.1:8080/\r',
    'ps -ef\r',
    'pkill -9 uvicorn\r',
    'sleep 1; echo done\r',
    'kill -l\r',
  )
  const keys = fc.oneof(lines, fc.constantFrom('\x03', '\x0c', '\t', '\t\t', '\x1b[A', '\x12cu', '\r', 'ls'))
  const step = fc.oneof(
    fc.double({ min: 0, max: 1500, noNaN: true }),
    fc.tuple(fc.constantFrom('server', 'client'), keys).map(([name, text]) => type(name, text)),
    fc
      .record({ type: fc.constant('signal' as const), pid: fc.integer({ min: 27365, max: 27375 }) })
      .map((input) => act({ ...input, signal: 'KILL' })),
    fc.boolean().map((on) => act({ type: 'clients', on })),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const lived = await live(steps)
      const again = freshDesk()
      await replay(again.kernel, again.desk, lived.inputs, lived.until)
      expect(again.kernel.trace).toEqual(lived.kernel.trace)
    }),
    { numRuns: 60 },
  )
})

test('every key can be told to a terminal and comes back', () => {
  const keys: Key[] = [
    { key: 'text', text: 'ä 한' },
    { key: 'paste', text: 'a\nb' },
    ...(['enter', 'tab', 'escape', 'word-left', 'up', 'interrupt', 'suspend', 'search', 'yank'] as const).map(
      (key) => ({ key }),
    ),
  ]
  for (const key of keys) expect(decodeKeys(encodeKey(key))).toEqual([key])
})

test('a full-screen program fills the terminal as high as it is', async () => {
  const { kernel, desk, screens } = freshDesk()
  desk.apply({ type: 'open', terminal: 'server', columns: 80, rows: 30 })
  desk.apply({ type: 'open', terminal: 'client', columns: 80, rows: 12 })
  desk.apply({ type: 'line', terminal: 'server', text: 'uvicorn main:app --workers 16' })
  await kernel.runUntil(8000)
  desk.apply({ type: 'line', terminal: 'client', text: 'top' })
  await kernel.runUntil(9000)
  const last = () =>
    (screens.get('client') ?? '').split('\x1b[H').at(-1)?.split('\x1b[J')[0]?.trimEnd().split('\n') ?? []
  expect(last()).toHaveLength(11)
  desk.apply({ type: 'keys', terminal: 'client', data: 'q' })
  desk.apply({ type: 'resize', terminal: 'client', columns: 80, rows: 20 })
  desk.apply({ type: 'line', terminal: 'client', text: 'top' })
  await kernel.runUntil(14_000)
  expect(last()).toHaveLength(19)
})
