import { requests } from '../../../simulator/scenario/step.ts'
import type { Figure } from '../figure.ts'
import { barsOf, boxesOf, queueRow } from '../rows.ts'
import { servers } from '../observe.ts'

const FROM = 3000
const SLOW = { await: '/slow/2', blocks: '/sleep/2' } as const

/** One call that blocks stops every other request of the same loop. */
export const blockingCall: Figure = {
  id: 'blocking-call',
  chapter: 'replication',
  control: { kind: 'choice', values: ['await', 'blocks'], first: 'blocks', code: true },
  event: 'request-ended',
  plan: (value) => ({
    steps: [
      { after: 0, do: 'exec', command: 'uvicorn main:app --port 8080' },
      { after: FROM + 300, do: 'request', target: value === 'await' ? SLOW.await : SLOW.blocks },
      ...requests('/', 12, 200, 100),
    ],
    from: FROM,
    until: FROM + 3000,
  }),
  rows: (seen, name) => [
    queueRow(seen, name('waiting')),
    ...servers(seen).map((life) => ({
      label: String(life.pid),
      detail: name('loop'),
      look: 1,
      boxes: boxesOf(life, name('still')),
      bars: barsOf(seen.asked, life.pid),
    })),
  ],
  measures({ asked }) {
    const quick = asked.filter(({ target }) => target === '/')
    return [
      { id: 'longest', ms: Math.max(...quick.map(({ from, until = Infinity }) => until - from)) },
      { id: 'served', count: quick.filter(({ end }) => end === 'answered').length },
    ]
  },
}
