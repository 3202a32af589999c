/** What a lab's data name is within what a machine, its clients and a session of the playground can be. */
import { describe, expect, test } from 'vitest'
import { SPEEDS as PACE } from '../../../simulator/host/browser/pace.ts'
import { SPEEDS } from '../../../simulator/machine/speed.ts'
import { SCENARIOS, type Step } from '../../../simulator/scenario/index.ts'
import { readSession } from '../../../simulator/scenario/session/read-session.ts'
import { LIMITS } from '../../../simulator/scenario/session/index.ts'
import { SPEEDS as LAB } from '../../../src/lab/toolbar.ts'
import { presets } from '../../../src/playground/all-presets.ts'
import { freshSession, MACHINE } from '../../../src/playground/presets.ts'
import { SPEEDS as PLAYGROUND } from '../../../src/playground/view/time.ts'

const expectWithin = (value: number, [least, most]: readonly [number, number], what: string): void => {
  expect(Number.isInteger(value), `${what}: ${value} is a whole number`).toBe(true)
  expect(value, what).toBeGreaterThanOrEqual(least)
  expect(value, what).toBeLessThanOrEqual(most)
}

test.each([
  ['named', SPEEDS],
  ['in a lab', LAB],
  ['in the playground', PLAYGROUND],
])('every speed %s is one that a machine takes', (_, speeds) => {
  for (const speed of speeds) {
    expect(speed).toBeGreaterThanOrEqual(PACE.least)
    expect(speed).toBeLessThanOrEqual(PACE.most)
  }
})

test.each(presets.map((preset) => ({ id: preset.id, preset })))(
  'what the playground begins with is a session: $id',
  ({ preset }) => {
    expect(readSession(freshSession(MACHINE, preset, 80))).toHaveProperty('session')
  },
)

describe.each(SCENARIOS.map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
  test('the machine, its clients and its chance', () => {
    expectWithin(lab.machine.cores, LIMITS.cores, 'cores')
    expectWithin(lab.machine.memory, LIMITS.memory, 'memory')
    expectWithin(lab.seed, LIMITS.seed, 'seed')
    const { clients, pause, patience } = lab.clients
    expectWithin(clients, LIMITS.clients, 'clients')
    expectWithin(pause[0], LIMITS.wait, 'the shortest pause')
    expectWithin(pause[1], [pause[0], LIMITS.wait[1]], 'the longest pause')
    expectWithin(patience, LIMITS.wait, 'patience')
    expectWithin(lab.zoom.span ?? 10_000, [1000, 120_000], 'what the picture shows')
  })

  test('questions: speeds, seeds, and how long they go on', () => {
    for (const { id, speed = 1, seeds = [], settle, choices } of lab.predictions) {
      expect(SPEEDS, id).toContain(speed)
      for (const seed of seeds) expectWithin(seed, LIMITS.seed, id)
      expectWithin(settle, [1, LIMITS.time[1]], id)
      expect(choices.length, id).toBeGreaterThanOrEqual(2)
      expect(new Set(choices.map((choice) => choice.id)).size, id).toBe(choices.length)
    }
  })

  test('steps: times, patience, workers', () => {
    const all: readonly (readonly [string, readonly Step[]])[] = [
      ['setup', lab.setup ?? []],
      ...lab.controls.map(({ id, steps }) => [id, steps] as const),
      ...lab.predictions.map(({ id, steps }) => [id, steps] as const),
      ...lab.checkpoints.map(({ id, solution }) => [id, solution] as const),
    ]
    for (const [id, steps] of all)
      for (const step of steps) {
        expectWithin(step.after, LIMITS.wait, id)
        if (step.do === 'request' && step.patience !== undefined) expectWithin(step.patience, LIMITS.wait, id)
        if (step.do === 'signal') expect(step.to, id).toMatch(/^\{(parent|worker:[1-9])\}$/)
        if (step.do === 'write') expect(Object.keys(lab.files), id).toContain(step.file)
        if (step.do === 'unit')
          expect(Object.keys(lab.files), id).toContain(`/etc/systemd/system/${step.unit}.service`)
      }
  })
})
