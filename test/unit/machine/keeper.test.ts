import { expect, test } from 'vitest'
import type { Keeper } from '../../../simulator/machine/keeper/api.ts'
import { decideRestart, FRESH } from '../../../simulator/machine/keeper/rules.ts'
import { MIB } from '../../../simulator/machine/hardware.ts'
import { ask, machine } from './support.ts'

/** The delays before the first restarts of a program that ends after `ran` ms each time. */
function delays(keeper: Keeper, ran: number, count = 9): (number | string)[] {
  let memory = FRESH
  const seen: (number | string)[] = []
  for (let i = 0; i < count; i++) {
    const next = decideRestart(keeper, memory, { status: { code: 1 }, ran })
    memory = next.memory
    seen.push(next.decision.again ? next.decision.after : next.decision.stateText)
    if (!next.decision.again) break
  }
  return seen
}

test.each<[string, Keeper, number, (number | string)[]]>([
  ['nobody', { by: 'nobody' }, 10, ['ended']],
  ['a loop', { by: 'loop', pause: 1000 }, 10, [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000]],
  ['Supervisor', { by: 'supervisor' }, 10, [1000, 2000, 3000, 'FATAL']],
  ['Supervisor, later', { by: 'supervisor' }, 5000, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    'Docker',
    { by: 'container', policy: 'always' },
    10,
    [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600],
  ],
  ['Docker on-failure:2', { by: 'container', policy: 'on-failure', maximum: 2 }, 10, [100, 200, 'Exited']],
  ['Kubernetes', { by: 'pod' }, 10, [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]],
  ['Kubernetes, after long', { by: 'pod' }, 700_000, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
])('%s', (_name, keeper, ran, expected) => {
  expect(delays(keeper, ran)).toEqual(expected)
})

test('a container stops at once in exec form, and is killed after its grace in shell form', async () => {
  const seconds = async (form: 'exec' | 'shell'): Promise<number> => {
    const kernel = machine()
    kernel.keepers.add({
      name: 'web',
      command: 'uvicorn main:app --host 0.0.0.0',
      keeper: { by: 'container', policy: 'always', form },
    })
    await kernel.runUntil(3000)
    expect(await ask(kernel, '/')).toBe('200')
    const begun = kernel.now
    let stopped = 0
    kernel.keepers.stop('web', () => (stopped = kernel.now))
    await kernel.runUntil(begun + 20_000)
    expect(kernel.processes()).toEqual([])
    return (stopped - begun) / 1000
  }
  expect(await seconds('exec')).toBeLessThan(1)
  expect(await seconds('shell')).toBeCloseTo(10, 1)
})

test('Supervisor gives up on what cannot start', async () => {
  const kernel = machine({ source: 'boot=raise' })
  kernel.keepers.add({ name: 'web', command: 'uvicorn main:app', keeper: { by: 'supervisor', startsecs: 5 } })
  await kernel.runUntil(60_000)
  expect(kernel.keepers.list()[0]).toMatchObject({ state: 'failed', stateText: 'FATAL', restarts: 3 })
  expect(kernel.keepers.log('web').at(-1)?.text).toContain('gave up: web entered FATAL state')
})

test('a container has its own limit of memory', async () => {
  const kernel = machine()
  kernel.keepers.add({
    name: 'web',
    command: 'uvicorn main:app',
    keeper: { by: 'container', policy: 'always', memory: 128 * MIB },
  })
  await kernel.runUntil(3000)
  expect(await ask(kernel, '/allocate/50')).toBe('200')
  expect(await ask(kernel, '/allocate/80')).not.toBe('200')
  expect(kernel.keepers.list()[0]).toMatchObject({ oomKilled: true, stateText: 'Restarting' })
  expect(
    kernel.dmesg().some(({ text }) => text.startsWith('Memory cgroup out of memory: Killed process')),
  ).toBe(true)
  await kernel.runUntil(kernel.now + 3000)
  expect(await ask(kernel, '/')).toBe('200')
})
