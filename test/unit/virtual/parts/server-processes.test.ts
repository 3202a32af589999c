import { expect, test } from 'vitest'
import type { Process } from '../../../../simulator/host/virtual/process.ts'
import { ServerProcesses } from '../../../../simulator/host/virtual/server-processes.ts'
import { settingsOf } from '../machine.ts'
import { surroundings } from './support.ts'

const OWN = { user: 'www', unit: 'web.service', cwd: '/srv', container: 'box', kept: 'web.service' }

/** A server of a program, with a socket that it has open. */
function started(program: 'uvicorn' | 'gunicorn') {
  const parts = surroundings()
  const servers = new ServerProcesses(parts)
  parts.terminals.set('tty1', { columns: 80, colors: 'none' })
  const settings = settingsOf(program, 2)
  const written: string[] = []
  const manager = servers.manager({
    settings,
    command: `${program} main:app`,
    env: { A: '1' },
    terminal: 'tty1',
    ignores: ['HUP'],
    streams: { stdout: (text) => written.push(text) },
    ...OWN,
  })
  parts.network.listeners.bind(manager.pid, settings.binds, 5)
  const holders = () => [...(parts.network.listeners.all()[0]?.holders ?? [])]
  return { ...parts, servers, settings, manager, written, holders }
}

const whose = ({ user, unit, cwd, container, kept }: Process) => ({ user, unit, cwd, container, kept })

test('a manager belongs to whom it was started for; without that it has a job of its own', () => {
  const { manager, servers, settings } = started('uvicorn')
  expect(manager).toMatchObject({ kind: 'manager', ppid: 1, group: manager.pid, terminal: 'tty1' })
  expect(whose(manager)).toEqual(OWN)
  const plain = servers.manager({ settings, command: 'uvicorn', env: {}, ppid: manager.pid, group: 7 })
  expect(plain).toMatchObject({ ppid: manager.pid, group: 7, terminal: undefined, ...OWN })
})

test.each(['uvicorn', 'gunicorn'] as const)(
  'a worker of %s has what its manager has: owner, streams, job, sockets',
  (program) => {
    const { holders, manager, memory, servers, settings } = started(program)
    const worker = servers.worker(manager, settings)
    expect(worker).toMatchObject({ kind: 'worker', ppid: manager.pid, group: manager.group, env: { A: '1' } })
    expect(whose(worker)).toEqual(OWN)
    expect(worker.streams).toBe(manager.streams)
    expect(worker.startOptions).toEqual({ ignores: ['HUP'] })
    expect(holders()).toEqual([manager.pid, worker.pid])
    // A fork is its parent's copy, and shares its pages; a spawned worker is an interpreter of its own.
    const forked = program === 'gunicorn'
    expect(worker.command).toMatch(
      forked ? /^gunicorn main:app$/ : /^python3 -c from multiprocessing\.spawn import spawn_main; /,
    )
    expect(memory.of(worker).shared > 0).toBe(forked)
  },
)

test('a second master has the sockets of the first, a helper has not', () => {
  const { holders, manager, servers, settings } = started('gunicorn')
  const successor = servers.successor(manager, settings)
  const helper = servers.helper(manager)
  expect(successor).toMatchObject({ kind: 'manager', ppid: manager.pid, command: manager.command })
  expect(helper).toMatchObject({ kind: 'helper', ppid: manager.pid, print: undefined })
  expect(holders()).toEqual([manager.pid, successor.pid])
})

test('what was redirected is printed for a pipe, the rest for the terminal', () => {
  const { manager, output, trace, written } = started('uvicorn')
  output.write(manager, 'stdout', 'answer\n')
  output.write(manager, 'stderr', 'log\n')
  expect(written).toEqual(['answer\n'])
  expect(
    trace.events.flatMap((each) => (each.type === 'output' ? [[each.text, each.terminal]] : [])),
  ).toEqual([
    ['answer\n', undefined],
    ['log\n', 'tty1'],
  ])
})
