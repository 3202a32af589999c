import { describe, expect, test } from 'vitest'
import {
  conditionsOf,
  Judge,
  SCENARIOS,
  type Goal,
  type NumberRange,
} from '../../../simulator/scenario/index.ts'
import type { LabTexts } from '../../../src/lab/tasks/texts.ts'
import { replay } from './replay.ts'
import { WRONG_WAYS } from './wrong-ways.ts'

const checkpoints = SCENARIOS.flatMap((lab) =>
  lab.checkpoints.map((checkpoint) => ({ name: `${lab.id}/${checkpoint.id}`, lab, checkpoint })),
)

const files = import.meta.glob<LabTexts>('../../../content/labs/*/*.json', { import: 'default', eager: true })

describe.each(checkpoints)('$name', ({ name, lab, checkpoint: { id, goal, solution } }) => {
  const ids = conditionsOf(goal)

  test('each part of its goal is in one condition, and each condition has a name of its own', () => {
    expect(bare(goal)).toEqual([])
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
  })

  test('each condition has words; those that can be lost say what to do, and no others', () => {
    const texts = Object.entries(files).filter(([path]) => path.endsWith(`/${lab.id}.json`))
    expect(texts.length).toBeGreaterThan(0)
    for (const [path, { checkpoints }] of texts) {
      const told = checkpoints[id]
      expect(Object.keys(told?.conditions ?? {}).toSorted(), path).toEqual(ids.toSorted())
      expect(told?.why.length, path).toBeGreaterThan(20)
      const lost = Object.entries(told?.conditions ?? {}).filter(([, words]) => words.lost !== undefined)
      expect(lost.map(([id]) => id).toSorted(), path).toEqual(losable(goal).toSorted())
    }
  })

  test('all hold when it is reached, and at no time before were all of them met', async () => {
    const { trace, now } = await replay(lab, solution, 0)
    const judge = new Judge(goal)
    for (const event of trace) {
      judge.take(event)
      const states = judge.conditions(event.at).map(({ state }) => state)
      expect(states.every((state) => state === 'met')).toBe(judge.reached(event.at))
      expect(states, `lost on the way: ${event.type}`).not.toContain('lost')
    }
    expect(judge.conditions(now).map(({ id, state }) => ({ id, state }))).toEqual(
      ids.map((id) => ({ id, state: 'met' })),
    )
  })

  test('a wrong way leaves one open or lost, and what is lost stays lost', async () => {
    for (const { name: way, steps } of WRONG_WAYS[name] ?? []) {
      const { trace, now } = await replay(lab, steps, 15_000)
      const judge = new Judge(goal)
      const lost = new Set<string>()
      for (const event of trace) {
        judge.take(event)
        const gone = judge
          .conditions(event.at)
          .filter(({ state }) => state === 'lost')
          .map(({ id }) => id)
        expect(gone, way).toEqual(expect.arrayContaining([...lost]))
        for (const id of gone) lost.add(id)
      }
      expect(
        judge.conditions(now).some(({ state }) => state !== 'met'),
        way,
      ).toBe(true)
    }
  })
})

/** The parts of a goal that are in no condition, and conditions inside others. */
function bare(goal: Goal): readonly Goal[] {
  const parts = partsOf(goal)
  if (goal.id !== undefined) return parts.flatMap((part) => conditionsOf(part)).length > 0 ? [goal] : []
  return parts.length === 0 ? [goal] : parts.flatMap(bare)
}

function partsOf(goal: Goal): readonly Goal[] {
  if ('all' in goal) return goal.all
  if ('any' in goal) return goal.any
  if ('order' in goal) return goal.order
  if ('not' in goal) return [goal.not]
  return 'for' in goal ? [goal.goal] : []
}

/** Conditions that something can make impossible: too much of what never becomes less. */
function losable(goal: Goal): readonly string[] {
  if (goal.id !== undefined) return canBeLost(goal) ? [goal.id] : []
  return partsOf(goal).flatMap(losable)
}

const GROWING = ['answering', 'most', 'answered', 'lost', 'unaccepted', 'errors', 'refused', 'peak']
const bounded = (range: NumberRange): boolean => typeof range === 'number' || range.atMost !== undefined

function canBeLost(goal: Goal): boolean {
  if ('happened' in goal) return goal.times !== undefined && bounded(goal.times)
  if ('now' in goal) return GROWING.includes(goal.now) && bounded(goal.is)
  // It comes true for good, and its contrary is lost.
  if ('not' in goal) return true
  return partsOf(goal).some(canBeLost)
}
