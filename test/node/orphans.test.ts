import { describe, expect, it } from 'vitest'
import { folder, programs, serving, start } from './real/app.ts'
import { ask } from './real/client.ts'
import { childrenOf, lives, processInfo, processorTime, taskOf, until } from './real/processes.ts'

describe('no worker outlives its manager', () => {
  it.each(Object.entries(programs(2)))(
    '%s: killed with -9, a worker in a busy loop, another frozen',
    async (_, line) => {
      const { command, port } = await serving(line)
      const [first, second] = command.workers
      if (first === undefined || second === undefined) throw new Error('there are no two workers')
      command.kill(first, 'STOP')
      await until(() => processInfo(first)?.state === 'T', 30, 'it was frozen')
      void ask(port, '/busy/60')
      await until(() => processorTime(second) > 0.5, 30, 'the other worker was busy')

      const all = childrenOf(command.pid)
      expect(all.map(taskOf).sort()).toEqual(['sentinel', 'work', 'work'])
      command.kill(command.pid, 'KILL')
      await until(() => !all.some(lives), 30, 'workers and sentinel were gone')
    },
  )

  it('fastapi: killed while the application is imported for the first time, and never ends', async () => {
    const { command } = await start('fastapi run main.js', {
      cwd: folder({ 'main.js': 'console.log("importing"); for (;;) continue' }),
    })
    await command.printed('importing')
    const all = childrenOf(command.pid)
    expect(all.map(taskOf).sort()).toEqual(['discover', 'sentinel'])
    command.kill(command.pid, 'KILL')
    await until(() => !all.some(lives), 30, 'nothing was left')
  })

  it('the helper is started right before the first worker, as in the original', async () => {
    const { command } = await serving(programs(2).uvicorn)
    const [helper, ...workers] = childrenOf(command.pid).sort((a, b) => a - b)
    expect(taskOf(helper ?? 0)).toBe('sentinel')
    expect(workers.map(taskOf)).toEqual(['work', 'work'])
  })
})
