/** hey counts for itself, as a client does: its report must agree with the machine's ledger. */
import { expect, test } from 'vitest'
import { RequestLedger } from '../../../simulator/machine/requests.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { EMPTY, fold } from '../../../simulator/machine/view/index.ts'
import { scenario, type Step } from '../../../simulator/scenario/index.ts'
import { replay } from '../scenario/replay.ts'

const UP = 2000
const POOL = 'uvicorn pool:app --port 8080 --workers 2 --no-access-log'
const SLOW = 'uvicorn main:app --port 8080 --workers 2 --no-access-log'
const hey = (target: string, options: string): Step => ({
  after: UP,
  do: 'type',
  in: 'client',
  text: `hey ${options} http://127.0.0.1:8080${target}`,
})
const start = (text: string): Step => ({ after: 0, do: 'type', in: 'server', text })

const RUNS: readonly { name: string; steps: readonly Step[]; told: readonly string[] }[] = [
  { name: 'the application fails', steps: [start(POOL), hey('/', '-n 120 -c 60')], told: ['200', '500'] },
  {
    name: 'a worker is killed',
    steps: [
      start(SLOW),
      hey('/wait', '-n 60 -c 10'),
      { after: 1200, do: 'signal', to: '{worker:1}', signal: 'KILL' },
    ],
    told: ['200', 'EOF'],
  },
  {
    name: 'the server is stopped',
    steps: [start(SLOW), hey('/wait', '-n 200 -c 20'), { after: 1500, do: 'interrupt', in: 'server' }],
    told: ['200', 'refused'],
  },
]

test.each(RUNS)('$name: its report and the book have the same numbers', async ({ steps, told }) => {
  const { trace, trouble } = await replay(scenario('replication'), steps, 30_000)
  expect(trouble).toEqual([])
  const book = new RequestLedger()
  let picture = EMPTY
  for (const event of trace) {
    book.take(event)
    picture = fold(picture, event)
  }
  const report = textOf(trace)
  const statuses = [...report.matchAll(/\[(\d{3})\]\s+(\d+) responses/g)].map(
    ([, status, count]) => [Number(status), Number(count)] as const,
  )
  const errors = [...report.matchAll(/^\s+\[(\d+)\]\s+((?:Get|unexpected).*)$/gm)].map(
    ([, count, text = '']) => [text, Number(count)] as const,
  )
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)
  const { answered, errors: failed, lost, unaccepted, refused } = book.fates
  expect(sum(statuses.flatMap(([status, count]) => (status < 500 ? [count] : [])))).toBe(answered)
  expect(sum(statuses.flatMap(([status, count]) => (status >= 500 ? [count] : [])))).toBe(failed)
  expect(sum(errors.flatMap(([text, count]) => (text.includes('refused') ? [count] : [])))).toBe(refused)
  expect(sum(errors.flatMap(([text, count]) => (text.includes('EOF') ? [count] : [])))).toBe(
    lost + unaccepted,
  )
  expect(picture.counts).toEqual(book.fates)
  for (const word of told) expect(report).toContain(word)
})

function textOf(trace: readonly TraceEvent[]): string {
  return trace
    .map((event) => (event.type === 'output' && event.terminal === 'client' ? event.text : ''))
    .join('')
}
