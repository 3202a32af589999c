import { describe, expect, test } from 'vitest'
import { SCENARIOS } from '../../../simulator/scenario/index.ts'
import { idOf } from '../../../src/lab/tasks/tasks.ts'
import { inTurn } from '../../setup/seed.ts'
import { ANSWERS } from '../scenario/answers.ts'
import { VirtualLab } from './virtual-lab.ts'

/** Two tasks of a chapter, one after the other: every pair of every chapter. */
const pairs = SCENARIOS.flatMap((lab) => {
  const ids = [...lab.predictions, ...lab.checkpoints].map(({ id }) => id)
  return ids.flatMap((first) =>
    ids.filter((then) => then !== first).map((then) => ({ lab, chapter: lab.id, first, then })),
  )
})

test.each(inTurn('pairs of tasks in a chapter', pairs, 0.25))(
  '$chapter: $first, then $then',
  async ({ lab, first, then }) => {
    const page = await VirtualLab.open(lab)
    const task = (id: string) => {
      const found = page.tasks.all.find((each) => idOf(each) === id)
      if (found === undefined) throw new Error(`there is no task ${id}`)
      return found
    }
    const before = task(first)
    await page.finish(before)
    // A question is done when the machine has settled it; a solution that was watched is nobody's.
    const counted = before.kind === 'prediction' ? [`${lab.id}/${first}`] : []
    expect([...page.done]).toEqual(counted)

    await page.tasks.show(then)
    expect(page.run.isUntouched).toBe(true)
    expect(page.labMachine.paused).toBe(false)
    const next = task(then)
    if (next.kind === 'prediction') {
      const answer = ANSWERS[`${lab.id}/${then}`] ?? ''
      expect(await page.answer(next.prediction, answer)).toBe(answer)
      return expect(page.tasks.expected).toBe('next')
    }
    const { checkpoint } = next
    expect(page.tasks.standing(checkpoint)).toBe('open')
    expect(page.tasks.conditions(checkpoint).filter(({ state }) => state === 'lost')).toEqual([])
    await page.solve(checkpoint)
    expect(page.tasks.conditions(checkpoint).map(({ id, state }) => `${id} ${state}`)).toEqual(
      page.tasks.conditions(checkpoint).map(({ id }) => `${id} met`),
    )
    expect(page.tasks.standing(checkpoint)).toBe('reached')
    expect(page.tasks.expected).toBe('next')
    expect([...page.done]).toContain(`${lab.id}/${then}`)
  },
)

describe('a task that is opened begins afresh', () => {
  const lab = SCENARIOS[0]
  const [replaced] = lab?.checkpoints ?? []
  if (lab === undefined || replaced === undefined) throw new Error('expected a first lab with a checkpoint')

  test('Ctrl+C is settled, a worker is killed with nothing in hand, requests come: reached', async () => {
    const page = await VirtualLab.open(lab)
    const asked = page.tasks.all.find((task) => idOf(task) === 'who-gets-ctrl-c')
    if (asked?.kind !== 'prediction') throw new Error('expected the question about Ctrl+C')
    await page.finish(asked)
    await page.tasks.show('replaced')
    page.labMachine.start()
    await page.pass(2500)
    await page.do([{ after: 0, do: 'clients', on: false }], 1500)
    await page.do([{ after: 0, do: 'signal', to: '{worker:1}', signal: 'KILL' }], 2500)
    expect(page.tasks.standing(replaced)).toBe('reached')
    await page.do([{ after: 0, do: 'clients', on: true }], 3000)
    expect(page.tasks.standing(replaced)).toBe('reached')
  })

  test('a lost request loses the checkpoint on this machine, says so, and a fresh one can be won', async () => {
    const page = await VirtualLab.open(lab)
    await page.tasks.show('replaced')
    await page.do([
      { after: 0, do: 'type', in: 'server', text: lab.start },
      { after: 2500, do: 'request', target: '/work' },
      ...[1, 1, 1, 1].map((_, index) => ({
        after: index === 0 ? 20 : 0,
        do: 'signal' as const,
        to: '{worker:1}',
        signal: 'KILL' as const,
      })),
    ])
    await page.pass(1000)
    expect(page.tasks.standing(replaced)).toBe('lost')
    expect(page.tasks.conditions(replaced).filter(({ state }) => state === 'lost')).toMatchObject([
      { id: 'none-lost' },
    ])
    expect(page.tasks.expected).toBe('fresh')
    await page.labMachine.fresh()
    expect(page.tasks.standing(replaced)).toBe('open')
    await page.solve(replaced)
    expect(page.tasks.standing(replaced)).toBe('reached')
  })

  test('what was done before the question was left between two runs is nobody’s', async () => {
    const replication = SCENARIOS.find(({ id }) => id === 'replication')
    const twice = replication?.predictions.find(({ seeds = [] }) => seeds.length > 1)
    if (replication === undefined || twice === undefined) throw new Error('expected a question of two runs')
    const page = await VirtualLab.open(replication)
    page.tasks.choose(twice.id, 'unsure')
    await page.tasks.settle(twice)
    await page.pass(20_000)
    expect(page.tasks.stage(twice.id).at).toBe('between')
    await page.tasks.show('metrics')
    await page.tasks.show(twice.id)
    expect(page.tasks.stage(twice.id).at).toBe('asked')
    expect(await page.answer(twice, 'unsure')).toBe('unsure')
  })

  test('a task that is opened while another is being set up keeps the other from being played', async () => {
    const page = await VirtualLab.open(lab)
    const [question] = lab.predictions
    if (question === undefined) throw new Error('expected a question')
    page.tasks.choose(question.id, 'none')
    const settling = page.tasks.settle(question)
    await page.tasks.show('replaced')
    await settling
    expect(page.tasks.playing).toBe(false)
    expect(page.run.byHand).toBe(true)
    await page.solve(replaced)
    expect(page.tasks.standing(replaced)).toBe('reached')
  })
})

test('after the last task of a chapter come those that are left, and only then is it over', async () => {
  const lab = SCENARIOS[0]
  if (lab === undefined) throw new Error('expected a first lab')
  const page = await VirtualLab.open(lab)
  const ids = page.tasks.all.map(idOf)
  const last = ids.at(-1) ?? ''
  expect(page.tasks.left(ids[0] ?? '')).toEqual([])
  expect(page.tasks.left(last).map(idOf)).toEqual(ids.slice(0, -1))
  for (const id of ids.slice(0, -1)) page.done.add(`${lab.id}/${id}`)
  expect(page.tasks.left(last)).toEqual([])
})

test('time that a verdict has stopped goes on with what is done next; what the reader has stopped stays', async () => {
  const lab = SCENARIOS[0]
  const [question] = lab?.predictions ?? []
  if (lab === undefined || question === undefined) throw new Error('expected a first lab with a question')
  const page = await VirtualLab.open(lab)
  await page.answer(question, question.choices[0]?.id ?? '')
  expect(page.labMachine.paused).toBe(true)
  page.labMachine.goOn()
  expect(page.labMachine.paused).toBe(false)
  page.labMachine.toggle()
  page.labMachine.goOn()
  expect(page.labMachine.paused).toBe(true)
})

test('on a machine that nobody has used no condition holds yet', async () => {
  const lab = SCENARIOS[0]
  const [checkpoint] = lab?.checkpoints ?? []
  if (lab === undefined || checkpoint === undefined) throw new Error('expected a first lab with a checkpoint')
  const page = await VirtualLab.open(lab)
  expect(new Set(page.tasks.conditions(checkpoint).map(({ state }) => state))).toEqual(new Set(['open']))
  await page.do(checkpoint.solution.slice(0, 1))
  expect(page.tasks.conditions(checkpoint).find(({ id }) => id === 'none-lost')?.state).toBe('met')
})
