import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { courses, POLICIES, TEN_MINUTES, type PolicyRun } from '../../../simulator/behaviour/index.ts'
import { spans } from '../../../src/components/policies.ts'

const all = new Map((await courses()).map((course) => [course.id, course]))
const courseOf = (id: PolicyRun['id']): PolicyRun => {
  const course = all.get(id)
  if (course === undefined) throw new Error(`expected a course of ${id}`)
  return course
}

test('who gives up, and after how many starts', () => {
  const counts = [...all].map(([id, { starts, over }]) => [id, starts.length, over === undefined])
  const [old, ...others] = counts
  expect(others).toEqual([
    ['uvicorn-0.54.0', 4, false],
    ['gunicorn', 2, false],
    ['systemd', 5, false],
    ['kubernetes', 7, true],
  ])
  // Between a round of half a second and one of five and a half.
  expect(old?.[1]).toBeGreaterThan(400)
  expect(old?.[1]).toBeLessThan(4800)
  expect(old?.[2]).toBe(true)
})

test('the pauses of a pod are doubled, those of systemd are not', () => {
  const pauses = ({ starts }: PolicyRun) =>
    starts.slice(1).map((at, index) => Math.round((at - (starts[index] ?? 0)) / 1000))
  expect(pauses(courseOf('kubernetes'))).toEqual([0, 10, 20, 40, 80, 160])
  expect(pauses(courseOf('systemd')).every((seconds) => seconds === 0)).toBe(true)
  expect(courseOf('systemd').over).toBeLessThan(10_000)
})

test.each(globSync('content/policies/*.json'))('every policy has its words in %s, and no other', (file) => {
  const words = JSON.parse(readFileSync(file, 'utf8')) as { policies: Record<string, unknown> }
  expect(Object.keys(words.policies)).toEqual(POLICIES.map(({ id }) => id))
})

test('starts that would touch are drawn as one bar', () => {
  expect(spans({ starts: [0, 1000, 5000, 20_000] })).toEqual([
    { from: 0, until: 5000 },
    { from: 20_000, until: 20_000 },
  ])
  const [bar, ...more] = spans(courseOf('uvicorn-0.30.6'))
  expect(more).toEqual([])
  expect(bar?.until).toBeGreaterThan(TEN_MINUTES - 10_000)
})
