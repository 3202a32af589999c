import { spawn } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, programs, reachable } from './real/app.ts'
import { textOf } from './real/client.ts'
import { COMMAND, NODE } from './real/command.ts'
import { freePort } from './real/ports.ts'
import { childrenOf, lives, until } from './real/processes.ts'

describe('an output that is gone', () => {
  it.each(Object.entries(programs(2)))('%s: nobody reads any more, the server goes on', async (_, line) => {
    const port = await freePort()
    const typed = line.replace('{port}', String(port)).split(' ')
    const child = spawn(NODE, [COMMAND, ...typed], {
      cwd: folder(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const pid = child.pid ?? 0
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await until(() => !lives(pid), 30, 'it was gone')
    })
    let text = ''
    child.stderr.on('data', (data) => (text += String(data)))
    await until(() => text.split('startup complete.').length > 2, 30, 'both workers had started')
    await reachable(port)

    child.stdout.destroy()
    child.stderr.destroy()
    for (let i = 0; i < 5; i++) expect(await textOf(port, '/')).toBe('hello\n')
    child.kill('SIGTTIN')
    await until(() => childrenOf(pid).length === 4, 30, 'a third worker was there beside the helper')
    expect(await textOf(port, '/')).toBe('hello\n')
    child.kill('SIGTERM')
    await until(() => !lives(pid), 30, 'it had stopped')
  })
})
