import type { Figure } from '../figure.ts'
import { boxesOf, type Row } from '../rows.ts'
import type { ObservedProcess, ObservedRun } from '../observe.ts'

const FROM = 3000
const STOP = FROM + 1000

/** The container's processes: PID 1 first. */
function inside({ lives }: ObservedRun): readonly ObservedProcess[] {
  return lives.filter(({ kind }) => kind === 'program' || kind === 'manager')
}

const server = (seen: ObservedRun): ObservedProcess | undefined =>
  inside(seen).find(({ kind }) => kind === 'manager')

/** A shell as PID 1 does not pass the signal on. */
export const whoGetsSigterm: Figure = {
  id: 'who-gets-sigterm',
  chapter: 'containers',
  control: { kind: 'choice', values: ['exec', 'shell'], first: 'shell', code: true },
  event: 'signalled',
  plan: (value) => ({
    steps: [
      {
        after: 0,
        do: 'keep',
        keeping: {
          name: 'web',
          command: 'uvicorn main:app --port 8080',
          keeper: { by: 'container', policy: 'always', form: value === 'shell' ? 'shell' : 'exec' },
        },
      },
      { after: STOP, do: 'keeper', verb: 'stop', name: 'web' },
    ],
    from: FROM,
    until: FROM + 13_000,
    shell: true,
  }),
  rows: (seen, name) =>
    inside(seen).map((life, index): Row => ({
      label: life.kind === 'manager' ? 'uvicorn' : 'sh',
      detail: index === 0 ? 'PID 1' : name('child'),
      look: life.kind === 'manager' ? 1 : 2,
      // The shell does not serve; its box starts with its process.
      boxes: life.kind === 'manager' ? boxesOf(life) : boxesOf({ ...life, serves: life.from }),
      marks: [
        ...life.signals.map(({ at, signal }) => ({ at, kind: 'signal' as const, text: `SIG${signal}` })),
        ...(life.until === undefined ? [] : [{ at: life.until, kind: 'death' as const, text: '' }]),
      ],
    })),
  measures(seen) {
    const { until = Infinity, status, signals = [] } = server(seen) ?? {}
    const killed = status !== undefined && 'signal' in status && status.signal === 'KILL'
    return [
      { id: 'gone', ms: until - STOP },
      { id: 'got', count: signals.filter(({ signal }) => signal === 'TERM').length },
      { id: 'how', word: killed ? 'killed' : 'itself' },
    ]
  },
}
