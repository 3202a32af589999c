import { lookUp } from '../../../simulator/manager/look-up.ts'
import type { Step } from '../../../simulator/scenario/step.ts'
import type { Figure } from '../figure.ts'
import { barsOf, boxesOf, type Bar } from '../rows.ts'
import { servers } from '../observe.ts'

/** When the picture begins, and how long after that the update, in ms. */
const [FROM, UPDATE] = [4000, 1000]
/** How long a replica takes until it serves: it loads something for two seconds. */
const READY = 2600
const [COUNT, EVERY] = [45, 200]
const LAST_OLD = 8002

type Port = 8001 | 8002 | 8003 | 8004
const create = (port: Port): Step => ({
  after: 0,
  do: 'keep',
  keeping: { name: `web-${port}`, command: `uvicorn main:app --port ${port}`, keeper: { by: 'pod' } },
})
const remove = (port: Port): Step => ({ after: 0, do: 'keeper', verb: 'stop', name: `web-${port}` })
const balance = (...ports: readonly Port[]): Step => ({
  after: 0,
  do: 'proxy',
  settings: {
    sites: [{ name: 'shop.example', upstream: ports.map((port) => `127.0.0.1:${port}`) }],
    automatic: false,
    plain: true,
  },
})
const ASK: Step = {
  after: 0,
  do: 'ask',
  request: {
    host: '203.0.113.10',
    port: 80,
    target: '/',
    from: '198.51.100.7',
    headers: [['host', 'shop.example']],
  },
}

/** The actions at each time, in ms after the beginning of the picture. */
const UPDATES: Readonly<Record<string, readonly (readonly [at: number, ...steps: readonly Step[]])[]>> = {
  ready: [
    [UPDATE, create(8003)],
    [UPDATE + READY, balance(8003, 8002), remove(8001), create(8004)],
    [UPDATE + 2 * READY, balance(8003, 8004), remove(8002)],
  ],
  early: [
    [UPDATE, create(8003), balance(8003, 8002), remove(8001)],
    [UPDATE + 1000, create(8004), balance(8003, 8004), remove(8002)],
  ],
  recreate: [
    [UPDATE, remove(8001), remove(8002)],
    [UPDATE + 400, create(8003), create(8004), balance(8003, 8004)],
  ],
}

/** Makes steps that follow each other out of steps with times of their own. */
function inOrder(timed: readonly (readonly [at: number, ...steps: readonly Step[]])[]): Step[] {
  let before = 0
  return timed
    .toSorted(([a], [b]) => a - b)
    .flatMap(([at, ...steps]) =>
      steps.map((step) => {
        const after = at - before
        before = at
        return { ...step, after }
      }),
    )
}

/** An old replica may stop when a new one is ready, and not before. */
export const rollingUpdate: Figure = {
  id: 'rolling-update',
  chapter: 'containers',
  control: { kind: 'choice', values: ['ready', 'early', 'recreate'], first: 'early' },
  event: 'bad-gateway',
  plan: (value) => ({
    steps: inOrder([
      [0, create(8001), create(8002), balance(8001, 8002)],
      ...(lookUp(UPDATES, value) ?? []).map(([at, ...steps]) => [FROM + at, ...steps] as const),
      ...Array.from({ length: COUNT }, (_, index) => [FROM + index * EVERY, ASK] as const),
    ]),
    from: FROM,
    until: FROM + 9500,
    app: 'life=slow2',
  }),
  rows: (seen, name) => [
    { label: name('failed'), bars: seen.asked.flatMap(failure) },
    ...servers(seen).map((life, index) => ({
      label: String(life.pid),
      detail: name(Number(/\d+$/.exec(life.command)?.[0]) > LAST_OLD ? 'new' : 'old'),
      look: index + 1,
      boxes: boxesOf(life),
      bars: barsOf(seen.inner, life.pid),
    })),
  ],
  measures: ({ asked }) => [
    { id: 'failed', count: asked.filter(({ status = 0 }) => status >= 500).length },
    { id: 'answered', count: asked.filter(({ status }) => status === 200).length },
  ],
}

/** A failed request, drawn as long as a few requests, so that it is visible. */
function failure({ request, from, status = 0 }: { request: number; from: number; status?: number }): Bar[] {
  return status < 500 ? [] : [{ request, from, until: from + EVERY * 0.7, kind: 'failed' }]
}
