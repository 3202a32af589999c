import { describe, expect, test } from 'vitest'
import { isReached, SCENARIOS, rightChoices } from '../../../simulator/scenario/index.ts'
import { ANSWERS } from './answers.ts'
import { replay } from './replay.ts'
import { WRONG_WAYS } from './wrong-ways.ts'

describe.each(SCENARIOS.map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
  describe.each(lab.predictions.map((prediction) => ({ id: prediction.id, prediction })))(
    'prediction $id',
    ({ id, prediction }) => {
      test('the machine settles it, with one choice', async () => {
        const { seeds = [lab.seed], steps, settle } = prediction
        const runs = []
        for (const seed of seeds) runs.push(await replay(lab, steps, settle, seed))
        expect(runs.flatMap(({ trouble }) => trouble)).toEqual([])
        expect(rightChoices(prediction, runs).map((choice) => choice.id)).toEqual([
          ANSWERS[`${lab.id}/${id}`],
        ])
      })
    },
  )

  describe.each(lab.checkpoints.map((checkpoint) => ({ id: checkpoint.id, checkpoint })))(
    'checkpoint $id',
    ({ id, checkpoint }) => {
      const { goal, solution } = checkpoint

      test('its solution reaches it', async () => {
        const { trace, now, trouble } = await replay(lab, solution, 0)
        expect(trouble).toEqual([])
        expect(isReached(goal, trace, now)).toBe(true)
      })

      test('doing nothing does not', async () => {
        const { trace, now } = await replay(lab, [], 30_000)
        expect(isReached(goal, trace, now)).toBe(false)
      })

      test('starting the server and waiting does not', async () => {
        const start = [{ after: 0, do: 'type', in: 'server', text: lab.start } as const]
        const { trace, now } = await replay(lab, start, 30_000)
        expect(isReached(goal, trace, now)).toBe(false)
      })

      const ways = WRONG_WAYS[`${lab.id}/${id}`] ?? []
      test('two wrong ways at least are tried', () => {
        expect(ways.length).toBeGreaterThanOrEqual(2)
      })
      test.each(ways)('$name does not', async ({ steps }) => {
        const { trace, now, trouble } = await replay(lab, steps, 15_000)
        expect(trouble).toEqual([])
        expect(isReached(goal, trace, now)).toBe(false)
      })
    },
  )
})

test('every prediction has its truth written down, and no other', () => {
  const all = SCENARIOS.flatMap((lab) => lab.predictions.map(({ id }) => `${lab.id}/${id}`))
  expect(Object.keys(ANSWERS).toSorted()).toEqual(all.toSorted())
})
