import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, programs, serving } from './real/app.ts'
import { textOf } from './real/client.ts'
import { type Command, COMMAND, NODE } from './real/command.ts'
import { childrenOf, lives, taskOf, until } from './real/processes.ts'

/** The sentinels of a process. */
const sentinelsOf = (pid: number) => childrenOf(pid).filter((child) => taskOf(child) === 'sentinel')

describe('the sentinel', () => {
  it('that is killed is started again, and knows whom to end', async () => {
    const { command } = await serving(programs(2).uvicorn)
    const workers = command.living
    for (let i = 0; i < 2; i++) {
      const [sentinel = 0] = sentinelsOf(command.pid)
      process.kill(sentinel, 'SIGKILL')
      await until(() => sentinelsOf(command.pid).some((pid) => pid !== sentinel), 5, 'there was another')
    }
    // A stopped worker does not notice that its manager is gone.
    for (const pid of workers) command.kill(pid, 'STOP')
    command.kill(command.pid, 'KILL')
    await until(() => !workers.some(lives), 5, 'no worker was left')
  })

  it.each(['sentinel.sh', 'worker.mjs', 'child.mjs', 'serve-alone.mjs', 'begin.mjs', 'words'])(
    'is part of a whole installation: without %s nothing starts, and that is said',
    (part) => {
      const copy = join(folder({}), 'command')
      cpSync(dirname(COMMAND), copy, { recursive: true })
      rmSync(join(copy, part), { recursive: true })
      const line = [
        join(copy, 'server-workers.mjs'),
        'uvicorn',
        'main:app',
        '--port',
        '0',
        '--workers',
        part === 'serve-alone.mjs' ? '1' : '2',
      ]
      const { status, stderr } = spawnSync(NODE, line, { cwd: folder(), encoding: 'utf8', timeout: 10_000 })
      expect(stderr).toContain(part)
      expect(stderr).toContain('is not whole')
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(status).toBe(1)
    },
  )
})

describe('lab', () => {
  it('that is killed leaves nothing: no server, no worker, no folder', async () => {
    const temporary = folder({})
    const lab = spawn(NODE, [COMMAND, 'lab', 'replication', '--yes'], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void lab.kill('SIGKILL'))
    const pids: number[] = []
    lab.stdout.on('data', (text: Buffer) => {
      for (const [, pid] of String(text).matchAll(
        /Started (?:server|parent) process \[(?:\u001b\[\S*?m)?(\d+)/g,
      ))
        pids.push(Number(pid))
    })
    await until(() => pids.length >= 2, 30, 'its server ran')
    expect(readdirSync(temporary).some((name) => name.startsWith('server-workers-lab-'))).toBe(true)
    lab.kill('SIGKILL')
    await until(() => !pids.some(lives), 10, 'no process was left')
    await until(
      () => readdirSync(temporary).every((name) => !name.startsWith('server-workers-lab-')),
      10,
      'no folder was left',
    )
  })
})

/** Whether limits of others can be set here. */
const canLimit = spawnSync('prlimit', ['--version']).status === 0

const limit = (pid: number, files: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}`])

/** What it says, or when it has not read its words before, that it cannot open the file with them. */
const SAID =
  /The system did not start another process: EMFILE|This process may not open more files \(EMFILE\)/g
const says = (command: Command) => until(() => command.plain.match(SAID) !== null, 45, 'it was said')

describe('a system that starts no more processes', () => {
  it.runIf(canLimit).each(['uvicorn', 'gunicorn', 'fastapi'] as const)(
    '%s says so once, waits, and starts the worker as soon as it can',
    async (name) => {
      const { command, port } = await serving(programs(2)[name])
      limit(command.pid, '8:4096')
      const [victim = 0, other = 0] = command.living
      command.kill(victim, 'KILL')
      await says(command)
      expect(await textOf(port, '/')).toBe('hello\n')
      expect(lives(other)).toBe(true)
      limit(command.pid, '4096:4096')
      await until(() => command.living.length === 2, 10, 'it was replaced')
      expect(command.plain.match(SAID)).toHaveLength(1)
      command.kill(command.pid, 'TERM')
      await command.end()
    },
  )

  it.runIf(canLimit)('can be left: SIGTERM ends the server, and its workers first', async () => {
    const { command } = await serving(programs(2).uvicorn)
    limit(command.pid, '8:4096')
    const [victim = 0, other = 0] = command.living
    command.kill(victim, 'KILL')
    await says(command)
    command.kill(command.pid, 'TERM')
    expect(await command.end()).toEqual({ kind: 'code', code: 0 })
    expect(lives(other)).toBe(false)
    expect(command.plain).toContain(`Finished server process [${other}]`)
  })
})

describe.skipIf(!canLimit)('a second master that cannot be started', () => {
  it('is said, waited for, and started as soon as that is possible', async () => {
    const { command, port } = await serving(programs(1).gunicorn)
    limit(command.pid, '8:4096')
    command.kill(command.pid, 'USR2')
    await says(command)
    expect(await textOf(port, '/')).toBe('hello\n')
    limit(command.pid, '4096:4096')
    await command.printed('Application startup complete.', 2)
    expect(command.children.filter(({ task }) => task === 'second master')).toHaveLength(1)
  })
})

describe('a manager that was stopped for longer than its timeout', () => {
  it('kills nobody when it goes on', async () => {
    const { command } = await serving(`${programs(2).gunicorn} --timeout 6`)
    const workers = command.living
    command.kill(command.pid, 'STOP')
    // Longer does no harm.
    await new Promise((resolve) => setTimeout(resolve, 9000))
    command.kill(command.pid, 'CONT')
    // What it has to do is done: it has looked after its workers.
    for (const times of [1, 2]) {
      command.kill(command.pid, 'TTIN')
      await command.printed('Application startup complete.', 2 + times)
    }
    expect(command.plain).not.toContain('WORKER TIMEOUT')
    expect(workers.filter(lives)).toEqual(workers)
    // Who is silent from now on is still found.
    command.kill(workers[0] ?? 0, 'STOP')
    await command.printed('WORKER TIMEOUT')
  })
})
