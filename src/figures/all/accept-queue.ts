import { requests } from '../../../simulator/scenario/step.ts'
import type { Figure } from '../figure.ts'
import { barsOf, boxesOf, queueRow } from '../rows.ts'
import { servers, waited } from '../observe.ts'

const FROM = 3000
const COUNT = 12

/** Nothing distributes requests: they wait in one queue until a worker is free. */
export const acceptQueue: Figure = {
  id: 'accept-queue',
  chapter: 'server-workers',
  control: { kind: 'range', least: 1, most: 4, step: 1, first: '2' },
  event: 'accepted',
  plan: (workers) => ({
    steps: [
      { after: 0, do: 'exec', command: `uvicorn main:app --port 8080 --workers ${workers}` },
      ...requests('/compute/350', COUNT, 100, FROM),
    ],
    from: FROM,
    until: FROM + 4500,
  }),
  rows: (seen, name) => [
    queueRow(seen, name('waiting')),
    ...servers(seen).map((life, index) => ({
      label: String(life.pid),
      detail: name('worker'),
      look: index + 1,
      boxes: boxesOf(life).filter(({ kind }) => kind !== 'held'),
      bars: barsOf(seen.asked, life.pid),
    })),
  ],
  measures({ asked, events }) {
    const backlog = events.flatMap((event) => (event.type === 'backlog' ? event.waiting : []))
    return [
      { id: 'longest', ms: Math.max(...asked.map(waited)) },
      { id: 'most', count: Math.max(0, ...backlog) },
    ]
  },
}
