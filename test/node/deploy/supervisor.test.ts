import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folder } from '../real/app.ts'
import { textOf } from '../real/client.ts'
import { freePort } from '../real/ports.ts'
import { lives } from '../real/processes.ts'
import { asUvicorn, file, program, replaced } from './tools.ts'

const APP = 'export const app = { fetch: () => new Response(String(process.pid)) }\n'
/** A machine that is busy with other tests starts four processes of Node in some seconds. */
const PATIENCE_MS = 60_000

/** The PIDs that answer until `enough` says so. Every request must be answered. */
async function answering(port: number, enough: (pids: ReadonlySet<number>) => boolean): Promise<Set<number>> {
  const pids = new Set<number>()
  const end = Date.now() + PATIENCE_MS
  while (!enough(pids)) {
    if (Date.now() > end) throw new Error(`expected other PIDs than ${[...pids].join(', ')}`)
    pids.add(Number(await textOf(port, '/')))
  }
  return pids
}

test('Supervisor keeps four processes on one socket, and no request meets a closed port when one is killed', async (context) => {
  const supervisord = program('supervisord', 'supervisor', context)
  const port = await freePort()
  const home = folder({ 'main.js': APP })
  asUvicorn(join(home, 'bin/uvicorn'))
  const ours = replaced(file('supervisor/awesomeapp.conf'), {
    '/srv/awesomeapp/.venv/bin/': `${home}/bin/`,
    'directory=/srv/awesomeapp': `directory=${home}`,
    'user=awesomeapp\n': '',
    '127.0.0.1:8080': `127.0.0.1:${port}`,
  })
  const own = `[supervisord]\nnodaemon=true\nlogfile=${home}/log\npidfile=${home}/pid\nchildlogdir=${home}\n`
  writeFileSync(join(home, 'supervisord.conf'), own + ours)
  const supervisor = spawn(supervisord, ['-c', join(home, 'supervisord.conf')], { cwd: home })
  const ended = once(supervisor, 'exit')
  onTestFinished(async () => {
    supervisor.kill()
    await ended
  })
  let log = ''
  supervisor.stdout.on('data', (text: Buffer) => (log += text.toString()))
  const spawned = () => [...log.matchAll(/spawned: '(\S+)' with pid (\d+)/g)].map(([, , pid]) => Number(pid))

  await expect.poll(() => log.split('entered RUNNING').length - 1, { timeout: PATIENCE_MS }).toBe(4)
  const first = await answering(port, (pids) => pids.size === 4)
  expect([...first].toSorted()).toEqual(spawned().toSorted())

  const [victim = 0] = first
  process.kill(victim, 'SIGKILL')
  const later = await answering(port, (pids) => [...pids].some((pid) => !first.has(pid)))
  expect(later.has(victim)).toBe(false)

  const all = spawned()
  supervisor.kill('SIGTERM')
  await ended
  expect(all.filter(lives)).toEqual([])
})
