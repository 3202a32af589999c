import { expect, test } from 'vitest'
import { GIB, MIB } from '../../../../simulator/machine/hardware.ts'
import { WORKER_MEMORY } from '../../../../simulator/host/virtual/memory.ts'
import { born, bottom } from './support.ts'

test('processes use memory, and give it back when they end', () => {
  const { memory, processes } = bottom()
  const before = memory.info()
  expect(before.total).toBe(4 * GIB)
  const process = born(processes, { memory: 200 * MIB })
  expect(memory.info().used - before.used).toBe(200 * MIB)
  memory.resize(process, 300 * MIB)
  expect(memory.of(process)).toMatchObject({ memory: 300 * MIB, shared: 0, pss: 300 * MIB, swapped: 0 })
  processes.terminate(process, { code: 0 })
  expect(memory.info()).toEqual(before)
})

test('a fork shares the pages of its parent; when it boots it copies some of them, and none of what the application holds', () => {
  const { memory, processes } = bottom()
  const parent = born(processes, { memory: WORKER_MEMORY + 100_000_000 })
  const child = born(processes, { kind: 'worker', memory: parent.memory, copyOf: parent })
  expect(memory.of(child)).toMatchObject({ shared: 138_000_000, pss: 69_000_000 })
  memory.touch(child, 'boot')
  expect(memory.of(child).shared).toBe(124_700_000)
})

test('a container over its limit loses its biggest process, and those outside stay', () => {
  const { kernelLog, memory, processes, trace } = bottom()
  memory.limit('web', 100 * MIB)
  const outside = born(processes, { memory: 500 * MIB })
  const small = born(processes, { container: 'web', memory: 40 * MIB })
  const big = born(processes, { container: 'web', memory: 50 * MIB })
  memory.resize(big, 80 * MIB)
  expect([outside.alive, small.alive, big.alive]).toEqual([true, true, false])
  expect(big.oomKilled).toBe(true)
  expect(trace.events.filter(({ type }) => type === 'out-of-memory')).toMatchObject([
    { pid: big.pid, invoker: big.pid, bytes: 80 * MIB, container: 'web' },
  ])
  expect(kernelLog.lines.length).toBeGreaterThan(0)
})

test('without a limit the whole machine has to be full before anything is killed', () => {
  const { memory, processes } = bottom()
  const first = born(processes, { memory: 2 * GIB })
  const second = born(processes, { memory: GIB })
  memory.resize(second, 3 * GIB)
  expect([first.alive, second.alive]).toEqual([true, false])
})
