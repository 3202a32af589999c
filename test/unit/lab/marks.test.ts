import { expect, test } from 'vitest'
import { SCENARIOS, type Prediction } from '../../../simulator/scenario/index.ts'
import { marksOf } from '../../../src/machine-view/picture/marks.ts'
import { VirtualLab } from './virtual-lab.ts'

function questionOf(
  chapter: string,
  id: string,
): { lab: (typeof SCENARIOS)[number]; prediction: Prediction } {
  const lab = SCENARIOS.find((each) => each.id === chapter)
  const prediction = lab?.predictions.find((each) => each.id === id)
  if (lab === undefined || prediction === undefined) throw new Error(`Expected ${chapter} to ask ${id}.`)
  return { lab, prediction }
}

test('the whole run of Ctrl+C is there at its verdict, and its proof: five processes got SIGINT', async () => {
  const { lab, prediction } = questionOf('server-workers', 'who-gets-ctrl-c')
  const page = await VirtualLab.open(lab)
  expect(await page.answer(prediction, 'parent')).toBe('all')
  const [first] = marksOf(page.run.view.trace)
  expect(first).toMatchObject({ name: 'SIGINT', count: 5 })
  // Looking back: before the signal four workers served.
  const before = page.run.view.at((first?.at ?? 0) - 1)
  expect(before.slots.flatMap(({ lives }) => lives).filter(({ until }) => until === undefined)).toHaveLength(
    4,
  )
})

test('a killed worker has its cross: no mark says so again', async () => {
  const { lab, prediction } = questionOf('server-workers', 'next-ten')
  const page = await VirtualLab.open(lab)
  await page.answer(prediction, 'none')
  expect(page.run.view.trace.some((event) => event.type === 'signalled' && event.signal === 'KILL')).toBe(
    true,
  )
  expect(marksOf(page.run.view.trace).map(({ name }) => name)).not.toContain('SIGKILL')
})

test('four workers that each print a mail have one mark, with how many', async () => {
  const { lab, prediction } = questionOf('replication', 'mail')
  const page = await VirtualLab.open(lab)
  expect(await page.answer(prediction, 'one')).toBe('four')
  expect(marksOf(page.run.view.trace)).toContainEqual(expect.objectContaining({ name: '✉', count: 4 }))
})

test('each start of a server that starts again is marked with its number', async () => {
  const { lab, prediction } = questionOf('containers', 'back-off')
  const page = await VirtualLab.open(lab)
  await page.answer(prediction, 'few')
  const starts = marksOf(page.run.view.trace).flatMap(({ start }) => start ?? [])
  expect(starts.length).toBeGreaterThan(3)
  expect(starts).toEqual(starts.map((_, index) => index + 1))
})

test('a server that started once has no mark of a start', async () => {
  const { lab, prediction } = questionOf('server-workers', 'next-ten')
  const page = await VirtualLab.open(lab)
  await page.answer(prediction, 'none')
  expect(marksOf(page.run.view.trace).filter(({ name }) => name === 'start')).toEqual([])
})
