import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExitStatus } from '../../../../simulator/manager/machine.ts'
import type { ProgramName, SettingsOfUvicorn } from '../../../../simulator/manager/settings.ts'
import { settingsOf, type More } from '../machine.ts'
import { serving } from './support.ts'

const BOOTED = 4000
const tcp = (port: number) => ({ binds: [{ kind: 'tcp', host: '0.0.0.0', port }] }) as const

/** A place where servers are started by their settings. */
function managers(texts?: Readonly<Record<string, string>>) {
  const parts = serving(texts)
  const { clock, managers: all, network, processes } = parts
  const ends = new Map<number, ExitStatus>()
  const launch = (program: ProgramName, workers: number, more: More = {}): number => {
    const pid = all.launch({
      settings: settingsOf(program, workers, more),
      command: `${program} main:app`,
      env: {},
      onEnd: (status) => ends.set(pid, status),
    })
    return pid
  }
  const living = () => processes.all().filter(({ alive, kind }) => alive && kind !== 'helper')
  const workersOf = (manager: number) =>
    living()
      .filter(({ kind, ppid }) => kind === 'worker' && ppid === manager)
      .map(({ pid }) => pid)
  const ask = async (port = 8080, target = '/') => {
    let seen = 'nothing'
    network.request({ host: '127.0.0.1', port, method: 'GET', target }, { onEnd: (end) => (seen = end) })
    await clock.runUntil(clock.now + 500)
    return seen
  }
  const run = (ms: number) => clock.runUntil(clock.now + ms)
  const text = (pid: number) =>
    parts.trace.events.map((each) => (each.type === 'output' && each.pid === pid ? each.text : '')).join('')
  return { ...parts, text, ends, launch, living, workersOf, ask, run }
}

test.each([
  ['uvicorn', 1],
  ['uvicorn', 3],
  ['gunicorn', 2],
  ['fastapi', 1],
  ['fastapi', 2],
] as const)(
  '%s with %i workers is started, serves, and goes on SIGTERM with all that it started',
  async (program, count) => {
    const { ask, ends, launch, living, network, run, signals, workersOf } = managers()
    const pid = launch(program, count)
    await run(BOOTED)
    expect(workersOf(pid)).toHaveLength(count === 1 ? 0 : count)
    expect(await ask()).toBe('answered')
    signals.send(pid, 'TERM')
    signals.send(pid, 'TERM')
    await run(20_000)
    expect([living(), network.listeners.all(), await ask()]).toEqual([[], [], 'refused'])
    expect(ends.get(pid)).toBeDefined()
  },
)

test('an address that is taken: it ends with a code, and what has the address is untouched', async () => {
  const { ends, launch, run, workersOf } = managers()
  const first = launch('uvicorn', 2)
  await run(BOOTED)
  const before = workersOf(first)
  const second = [launch('uvicorn', 2), launch('gunicorn', 2)]
  await run(30_000)
  for (const pid of second) {
    const end = ends.get(pid)
    expect(end !== undefined && 'code' in end && end.code > 0).toBe(true)
  }
  expect(workersOf(first)).toEqual(before)
})

test('a worker that dies is replaced by its manager, and no other manager hears of it', async () => {
  const { launch, run, signals, trace, workersOf } = managers()
  const [one, two] = [launch('uvicorn', 2, tcp(8080)), launch('gunicorn', 2, tcp(8081))]
  await run(BOOTED)
  const [mine, theirs] = [workersOf(one), workersOf(two)]
  const begun = trace.recorded
  signals.send(mine[0] ?? 0, 'KILL')
  await run(10_000)
  expect(workersOf(one)).toHaveLength(2)
  expect(workersOf(one)).not.toContain(mine[0])
  expect(workersOf(two)).toEqual(theirs)
  const about = trace.events.filter(
    (each) => each.seq >= begun && 'pid' in each && [two, ...theirs].includes(each.pid ?? 0),
  )
  expect(about.filter(({ type }) => type !== 'memory')).toEqual([])
})

test('a manager that is killed leaves its workers to the init system: they serve on, and report to nobody', async () => {
  const { ask, launch, trace, processes, run, signals, workersOf, living } = managers()
  const pid = launch('gunicorn', 2)
  await run(BOOTED)
  const orphans = workersOf(pid)
  signals.send(pid, 'KILL')
  expect(orphans.map((each) => processes.get(each)?.ppid)).toEqual([1, 1])
  await run(60_000)
  expect([living().map((each) => each.pid), await ask()]).toEqual([orphans, 'answered'])
  expect(trace.events.filter((each) => each.type === 'signalled' && each.from === pid)).toEqual([])
})

test('who watches files hears of a change, the other does not, nor one that has ended', async () => {
  const { files, managers: all, run, signals, text } = managers()
  const reload = { reloader: 'StatReload', dirs: ['/'], includes: [], excludes: [], delay: 0.25 } as const
  const start = (port: number, watches: boolean) => {
    const settings = settingsOf('uvicorn', 1, tcp(port)) as SettingsOfUvicorn
    const { uvicorn } = settings
    return all.launch({
      settings: watches ? { ...settings, uvicorn: { ...uvicorn, reload } } : settings,
      command: 'uvicorn main:app',
      env: {},
    })
  }
  const [watching, ended, not] = [start(8080, true), start(8081, true), start(8082, false)]
  await run(BOOTED)
  signals.send(ended, 'KILL')
  files.write('main.js', 'memory=1')
  await run(BOOTED)
  expect([watching, ended, not].map((pid) => text(pid).includes('Reloading'))).toEqual([true, false, false])
})

test('property: what is done to one server is nothing to the other', async () => {
  const signal = fc.constantFrom(
    'TERM',
    'INT',
    'HUP',
    'QUIT',
    'KILL',
    'TTIN',
    'TTOU',
    'USR1',
    'USR2',
    'STOP',
    'CONT',
  )
  const act = fc.record({
    signal,
    to: fc.constantFrom('manager', 'worker'),
    wait: fc.integer({ min: 0, max: 1500 }),
  })
  const program = fc.constantFrom<ProgramName>('uvicorn', 'gunicorn', 'fastapi')
  await fc.assert(
    fc.asyncProperty(program, program, fc.array(act, { maxLength: 8 }), async (one, two, acts) => {
      const { ask, launch, run, signals, workersOf } = managers()
      const [victim, other] = [launch(one, 2, tcp(8080)), launch(two, 2, tcp(8081))]
      await run(BOOTED)
      const theirs = workersOf(other)
      expect(theirs).toHaveLength(2)
      for (const { signal, to, wait } of acts) {
        signals.send(to === 'manager' ? victim : (workersOf(victim)[0] ?? victim), signal)
        await run(wait)
      }
      await run(5000)
      expect(workersOf(other)).toEqual(theirs)
      expect(await ask(8081)).toBe('answered')
    }),
    { numRuns: 40 },
  )
})
