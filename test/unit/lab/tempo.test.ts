import { expect, test } from 'vitest'
import { SPEEDS } from '../../../simulator/machine/speed.ts'
import { SCENARIOS, type Step } from '../../../simulator/scenario/index.ts'
import { tempo, type Tempo } from '../../../src/lab/tasks/tempo.ts'

/** How long it takes on the wall to play this, in ms; what is skipped takes next to nothing. */
function wall(steps: readonly Step[], settle: number, how: (wait: number) => Tempo): number {
  const waits = [...steps.map(({ after }) => after), settle]
  return waits.reduce((sum, wait) => {
    const speed = how(wait)
    return speed === 'skip' ? sum : sum + wait / speed
  }, 0)
}

const questions = SCENARIOS.flatMap((lab) =>
  lab.predictions.map((prediction) => ({ name: `${lab.id}/${prediction.id}`, prediction })),
)
test.each(questions)('$name is settled within 25 s', ({ prediction: { steps, settle, speed } }) => {
  expect(wall(steps, settle, tempo('question', steps, speed))).toBeLessThan(25_000)
})

const checkpoints = SCENARIOS.flatMap((lab) =>
  lab.checkpoints.map((checkpoint) => ({ name: `${lab.id}/${checkpoint.id}`, checkpoint })),
)
test.each(checkpoints)('the solution of $name is shown within 13 s', ({ checkpoint: { solution } }) => {
  expect(wall(solution, 0, tempo('solution', solution))).toBeLessThan(13_000)
})

test('a speed that is chosen is one that a machine has', () => {
  for (let wait = 0; wait < 400_000; wait += 997) {
    const speed = tempo('solution', [{ after: wait, do: 'wait' }])(wait)
    if (speed !== 'skip') expect(SPEEDS).toContain(speed)
  }
})
