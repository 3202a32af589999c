/** The table of the measurements, as README and RESULTS have it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Line } from '../../bench/line.ts'
import { isRival, table } from '../../bench/table.ts'

const lines: readonly Line[] = [
  {
    id: 'boot',
    what: 'Answered after',
    unit: 'ms',
    ours: 257,
    beside: { 'node -e 0': 40, 'server-workers gunicorn': 250, 'pm2 7.0.4': 1100 },
  },
  {
    id: 'kill',
    what: 'Failed requests',
    unit: 'requests',
    ours: 1,
    goal: { atMost: 0 },
    of: '9 times',
    beside: { 'pm2 7.0.4 (no answer any more after 4)': 185, 'uvicorn 0.54.0': Infinity },
  },
]

test('each of the others has a column under its name and version, rivals first', () => {
  expect(table(lines).split('\n')).toEqual([
    '| what | ours | goal | pm2 7.0.4 | uvicorn 0.54.0 | node -e 0 | server-workers gunicorn |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    '| Answered after | 257 ms |  | 1100 ms |  | 40 ms | 250 ms |',
    '| Failed requests (9 times) | 1 ✗ | ≤ 0 | 185 (no answer any more after 4) | never |  |  |',
  ])
})

test('README has the rivals alone, each with its version, and no number that RESULTS lacks', () => {
  const [first = {}, ...others] = rowsOf('README.md')
  const all = rowsOf('test/bench/RESULTS.md')
  const columns = Object.keys(first).slice(3)
  expect(columns.length).toBeGreaterThan(3)
  expect(columns.filter((name) => !isRival(name))).toEqual([])
  for (const name of columns.filter((each) => each !== 'node:cluster'))
    expect(name).toMatch(/ \d+\.\d+\.\d+$/)
  for (const row of [first, ...others])
    expect(all.find(({ what }) => what === row['what'])).toMatchObject(row)
})

/** The rows of a file's table, each cell under the head of its column. */
function rowsOf(file: string): Readonly<Record<string, string>>[] {
  const [head = [], , ...rows] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])))
}
