import { expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { foldAll } from '../../../simulator/machine/view/index.ts'
import { Desk, replay } from '../../../simulator/shell/desk/index.ts'
import { Measures, percentile } from '../../../src/machine-view/figures/measures.ts'
import { seriesOf } from '../../../src/machine-view/figures/series.ts'
import { History } from '../../../src/machine-view/history.ts'
import { freshSession, HELLO, MACHINE } from '../../../src/playground/presets.ts'

/** Half a minute with four workers and five clients, one worker killed. */
async function played(history = new History(), measures = new Measures(), until = 30_000) {
  const session = freshSession(MACHINE, HELLO, 90)
  const kernel = new Kernel({ seed: 1, factory: scripted, files: session.files })
  const clients = { ...session.clients, target: '/busy/0' }
  const desk = new Desk(kernel, { ...session, clients }, { words: english.shell })
  kernel.subscribe((event) => {
    history.take(event)
    measures.take(event)
    desk.take(event)
  })
  const inputs = [
    ...session.inputs,
    { at: 10, type: 'line', terminal: 'server', text: 'uvicorn main:app --port 8080 --workers 4' },
    { at: 10, type: 'clients', on: true },
    { at: 9000, type: 'signal', pid: 27368, signal: 'KILL' },
  ] as const
  await replay(kernel, desk, inputs, until)
  return { history, measures, trace: kernel.trace }
}

test('the picture of a moment is that of the trace up to it', async () => {
  const { history, trace } = await played()
  expect(trace.length).toBeGreaterThan(1000)
  for (const time of [0, 400, 3000.5, 9000, 9100, 15_000, 29_999]) {
    const { now, ...picture } = history.at(time)
    const { now: _, ...expected } = foldAll(trace.filter(({ at }) => at <= time))
    expect(picture).toEqual(expected)
    expect(now).toBe(time)
  }
  const { now: _, ...last } = history.at(Infinity)
  const { now: __, ...whole } = history.picture
  expect(last).toEqual(whole)
})

test('a terminal of a moment shows what it had shown by then', async () => {
  const { history, trace } = await played()
  const text = (until: number) =>
    trace
      .filter(({ at }) => at <= until)
      .map((event) =>
        (event.type === 'output' || event.type === 'echo') && event.terminal === 'server' ? event.text : '',
      )
      .join('')
  expect(history.screen('server', 8000, Infinity)).toBe(text(8000))
  expect(history.screen('server', Infinity, Infinity)).toBe(text(Infinity))
  expect(text(Infinity).endsWith(history.screen('server', Infinity, 3))).toBe(true)
  expect(history.screen('nobody', 8000, 3)).toBe('')
})

test('from event to event, there and back', async () => {
  const { history, trace } = await played()
  const last = trace.at(-1)?.at ?? 0
  let at = last
  let steps = 0
  for (let before = history.neighbour(at, -1); before !== undefined; before = history.neighbour(at, -1)) {
    expect(before).toBeLessThan(at)
    at = before
    steps += 1
  }
  expect(steps).toBe(new Set(trace.map((event) => event.at)).size - 1)
  expect(history.neighbour(last, 1)).toBeUndefined()
})

test('the figures are those of the trace', async () => {
  const { measures, trace } = await played()
  const ended = trace.filter((event) => event.type === 'request-ended')
  const answered = ended.filter(({ end }) => end === 'answered')
  expect(answered.length).toBeGreaterThan(100)
  const { plots, seconds } = seriesOf(measures, 30_000, { cores: 4, memory: 2_000_000_000 })
  const sum = (values: readonly (number | null)[] = []) =>
    values.reduce<number>((total, each) => total + (each ?? 0), 0)
  expect(seconds).toHaveLength(30)
  expect(sum(plots.requests[0])).toBe(answered.length)
  expect(sum(plots.requests[1])).toBe(ended.length - answered.length)
  const byPid = measures.shares(30_000)
  expect(sum(byPid.map(({ count }) => count))).toBe(answered.length)
  for (const { pid, count } of byPid)
    expect(answered.filter((event) => event.pid === pid)).toHaveLength(count)
  // What the processes held at the end, as the trace says.
  const memory = new Map<number, number>()
  for (const event of trace) {
    if (event.type === 'memory') memory.set(event.pid, event.bytes)
    if (event.type === 'ended') memory.delete(event.pid)
  }
  expect(plots.memory[0]?.at(-1)).toBeCloseTo(sum([...memory.values()]) / 1_000_000)
})

test('percentiles', () => {
  expect(percentile([], 0.5)).toBeUndefined()
  expect(percentile([7], 0.99)).toBe(7)
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(hundred, 0.5)).toBe(51)
  expect(percentile(hundred, 0.95)).toBe(96)
})

test('a long session keeps its latest events, and of those before them some moments, as exactly', async () => {
  const history = new History(10_000)
  const { trace } = await played(history, new Measures(), 1_000_000)
  expect(trace.length).toBeGreaterThan(40_000)
  expect(history.trace.length).toBeLessThan(10_000 + 25_600)
  expect(history.trace).toEqual(trace.slice(-history.trace.length))
  const first = history.trace[0]?.at ?? 0
  const text = (until: number, most: number) =>
    trace
      .filter(({ at }) => at <= until)
      .flatMap((event) =>
        (event.type === 'output' || event.type === 'echo') && event.terminal === 'server' ? [event.text] : [],
      )
      .slice(-most)
      .join('')
  for (const time of [0, 5000, 60_000, first - 1, first + 1, first + 20_000, 999_000]) {
    const shown = history.moment(time)
    expect(shown).toBeLessThanOrEqual(time)
    if (time > first) expect(shown).toBe(time)
    const { now, ...picture } = history.at(time)
    expect(now).toBe(shown)
    const { now: _, ...expected } = foldAll(trace.filter(({ at }) => at <= shown))
    expect(picture).toEqual(expected)
    expect(history.screen('server', time, 300)).toBe(text(shown, 300))
  }
  // There are many, and one leads to the next.
  let at: number | undefined = first
  let moments = 0
  for (at = history.neighbour(at, -1); at !== undefined; at = history.neighbour(at, -1)) {
    expect(history.moment(at)).toBe(at)
    expect(history.neighbour(at - 1, 1)).toBeLessThanOrEqual(at)
    moments += 1
  }
  expect(moments).toBeGreaterThanOrEqual(4)
  expect(moments).toBeLessThanOrEqual(64)
})

test('figures of a long session: the seconds that are kept are the same, and no answer is lost from the sum', async () => {
  const few = new Measures(60)
  const all = new Measures()
  await played(new History(), few, 200_000)
  await played(new History(), all, 200_000)
  const machine = { cores: 4, memory: 2_000_000_000 }
  expect(seriesOf(few, 200_000, machine)).toEqual(seriesOf(all, 200_000, machine))
  expect(few.shares(200_000)).toEqual(all.shares(200_000))
  expect(few.second(3)).toBeUndefined()
  expect(all.second(20)).toMatchObject({ over: true })
  expect(all.second(20)?.latencies.length).toBeLessThanOrEqual(3)
})
