import { expect, test } from 'vitest'
import { MIB } from '../../../simulator/machine/hardware.ts'
import { Memory, SYSTEM_MEMORY } from '../../../simulator/machine/memory/memory.ts'
import { Processor, newTask, type ProcessorTask } from '../../../simulator/machine/processor/processor.ts'
import { ask, machine, run } from './support.ts'

function chances(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

test('property: no page is lost, none is counted twice, swap is not overdrawn, the worst is killed', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = chances(seed)
    const total = (300 + Math.floor(chance() * 2000)) * MIB
    const memory = new Memory({ memory: total, swap: Math.floor(chance() * 3) * 200 * MIB })
    const alive: number[] = []
    for (let step = 0; step < 150; step++) {
      const pid = 100 + step
      const some = alive[Math.floor(chance() * alive.length)]
      const what = chance()
      if (some === undefined || what < 0.25) {
        memory.born(pid, Math.floor(chance() * 60) * MIB, step)
        alive.push(pid)
      } else if (what < 0.45) {
        memory.fork(some, pid, Math.floor(chance() * 20) * MIB, step)
        alive.push(pid)
      } else if (what < 0.6) memory.touch(some, chance())
      else if (what < 0.8) memory.resize(some, Math.floor(chance() * 200) * MIB)
      else if (what < 0.9) memory.use(some, 8 * MIB, step)
      else {
        memory.ended(some)
        alive.splice(alive.indexOf(some), 1)
      }
      while (memory.squeeze() > 0) {
        const worst = memory.worst()
        const points = alive.map((each) => memory.badness(each) ?? 0)
        expect(memory.badness(worst ?? 0)).toBe(Math.max(...points))
        memory.ended(worst ?? 0)
        alive.splice(alive.indexOf(worst ?? 0), 1)
      }
      const each = alive.map((pid) => memory.of(pid))
      const pss = each.reduce((sum, one) => sum + one.pss, SYSTEM_MEMORY)
      expect(Math.abs(pss - memory.used)).toBeLessThan(16)
      expect(each.reduce((sum, one) => sum + one.swapped, 0)).toBe(memory.swapUsed)
      expect(memory.swapUsed).toBeLessThanOrEqual(memory.swapTotal)
      expect(memory.used).toBeLessThanOrEqual(total)
      for (const one of each) expect(one.pss).toBeLessThanOrEqual(one.rss + 1)
    }
  }
})

test('property: processor time is conserved, nobody waits while a core is idle, and it is shared fairly', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const chance = chances(seed)
    const cores = 1 + Math.floor(chance() * 16)
    const processor = new Processor(cores)
    const running = new Map<ProcessorTask, { work: number; served: number }>()
    let now = 0
    let given = 0
    let capacity = 0
    for (let step = 0; step < 300; step++) {
      const next = processor.next()
      const later = now + chance() * 20
      const then = next === undefined ? later : Math.min(later, next.at)
      const count = running.size
      capacity += (then - now) * Math.min(count, cores)
      for (const task of running.values()) task.served += ((then - now) * Math.min(count, cores)) / count
      now = then
      if (next?.at === then) {
        const known = running.get(next.task)
        expect(processor.servedTo(next.task, now)).toBeCloseTo(known?.work ?? -1, 6)
        // As fair shares say, to the ms: this also says that no core was idle meanwhile.
        expect(known?.served).toBeCloseTo(known?.work ?? -1, 6)
        given += processor.remove(next.task, now)
        running.delete(next.task)
      } else if (chance() < 0.6 || running.size === 0) {
        const task = newTask(chance() * 100)
        processor.add(task, now)
        running.set(task, { work: task.work, served: 0 })
      } else {
        const [task] = [...running.keys()].slice(Math.floor(chance() * running.size))
        if (task === undefined) continue
        expect(processor.servedTo(task, now)).toBeCloseTo(running.get(task)?.served ?? -1, 6)
        given += processor.remove(task, now)
        running.delete(task)
      }
    }
    for (const task of [...running.keys()]) given += processor.remove(task, now)
    const { busy, idle } = processor.used
    expect(given).toBeCloseTo(busy, 5)
    expect(busy).toBeCloseTo(capacity, 5)
    expect(busy + idle).toBeCloseTo(now * cores, 4)
  }
})

test('computing takes longer when there are more who compute than cores', async () => {
  const took = async (cores: number): Promise<number> => {
    const kernel = machine({ hardware: { cores } })
    run(kernel, 'uvicorn main:app --workers 4')
    await kernel.runUntil(6000)
    const begun = kernel.now
    let open = 4
    for (let i = 0; i < 4; i++) {
      kernel.request(
        { host: '127.0.0.1', port: 8000, method: 'GET', target: '/compute/1000' },
        { onEnd: () => (open -= 1) },
      )
    }
    while (open > 0) await kernel.step()
    return kernel.now - begun
  }
  expect(await took(4)).toBeLessThan(1100)
  expect(await took(2)).toBeGreaterThan(1900)
  expect(await took(1)).toBeGreaterThan(3900)
})

test('states, load average and processor time of processes', async () => {
  const kernel = machine({ hardware: { cores: 2 } })
  const pid = run(kernel, 'uvicorn main:app')
  await kernel.runUntil(3000)
  const row = () => kernel.processes().find((each) => each.pid === pid)
  expect(row()?.state).toBe('S')
  const before = row()?.cpu ?? 0
  expect(kernel.faults.spin(pid)).toBe('done')
  await kernel.runUntil(kernel.now + 120_000)
  expect(row()?.state).toBe('R')
  expect((row()?.cpu ?? 0) - before).toBeCloseTo(120_000, -1)
  expect(kernel.processor().load[0]).toBeGreaterThan(0.8)
  expect(kernel.processor().load[0]).toBeLessThan(1.01)
  kernel.faults.freeze(pid)
  expect(row()?.state).toBe('T')
  await kernel.runUntil(kernel.now + 60_000)
  expect((row()?.cpu ?? 0) - before).toBeCloseTo(120_000, -1)
})

test('each spawned worker has its own copy; after --preload they share it', async () => {
  const used = async (command: string): Promise<number> => {
    const kernel = machine({ source: 'memory=500' })
    run(kernel, command)
    await kernel.runUntil(4000)
    expect(kernel.processes().filter(({ kind }) => kind === 'worker')).toHaveLength(4)
    return kernel.memory().used / MIB
  }
  const spawned = await used('uvicorn main:app --workers 4')
  const forked = await used('gunicorn main:app -k uvicorn.workers.UvicornWorker -w 4')
  const preloaded = await used('gunicorn main:app -k uvicorn.workers.UvicornWorker -w 4 --preload')
  expect(spawned).toBeGreaterThan(2000)
  expect(forked).toBeGreaterThan(1900)
  expect(preloaded).toBeLessThan(800)
})

test('the kernel kills the biggest when memory is out, says so, and the manager replaces it', async () => {
  const kernel = machine({ hardware: { memory: 512 * MIB } })
  run(kernel, 'uvicorn main:app --workers 2')
  await kernel.runUntil(4000)
  expect(await ask(kernel, '/allocate/150')).toBe('200')
  const big = kernel.processes().toSorted((a, b) => b.memory - a.memory)[0]
  expect(big?.oomScore).toBeGreaterThan(kernel.processes()[0]?.oomScore ?? 0)
  kernel.faults.fillMemory(big?.pid ?? 0, 300 * MIB)
  expect(kernel.processes().find(({ pid }) => pid === big?.pid)?.state).toBe('Z')
  const lines = kernel.dmesg().map(({ text }) => text)
  expect(lines[0]).toMatch(/^python3 invoked oom-killer: gfp_mask=/)
  expect(lines.at(-2)).toMatch(
    new RegExp(
      `^Out of memory: Killed process ${big?.pid} \\(python3\\) total-vm:\\d+kB, anon-rss:\\d+kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:\\d+kB oom_score_adj:0$`,
    ),
  )
  await kernel.runUntil(kernel.now + 3000)
  expect(kernel.processes().filter(({ kind }) => kind === 'worker')).toHaveLength(2)
})

test('with swap nobody is killed, but who needs its pages waits for the disk', async () => {
  const kernel = machine({ hardware: { memory: 512 * MIB, swap: 1024 * MIB } })
  run(kernel, 'uvicorn main:app --workers 2')
  await kernel.runUntil(4000)
  await ask(kernel, '/allocate/600')
  expect(kernel.memory().swapUsed).toBeGreaterThan(200 * MIB)
  expect(kernel.dmesg()).toEqual([])
  for (let i = 0; i < 20; i++) await ask(kernel, '/')
  expect(kernel.trace.some(({ type }) => type === 'swapping')).toBe(true)
})

test('hardware changes while it runs, within limits', () => {
  const kernel = machine()
  kernel.setHardware({ cores: 16, swap: 0 })
  expect(kernel.processor().cores).toBe(16)
  expect(() => kernel.setHardware({ cores: 0 })).toThrow('expected 1 to 16 cores, got 0')
  expect(() => kernel.setHardware({ memory: 5 })).toThrow('bytes of memory, got 5')
})
