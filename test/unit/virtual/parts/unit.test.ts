import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Unit } from '../../../../simulator/host/virtual/unit.ts'
import type { Process } from '../../../../simulator/host/virtual/process.ts'
import { readUnit } from '../../../../simulator/machine/init/unit-file.ts'
import type { SignalName } from '../../../../simulator/manager/signals.ts'
import { born, findIdling, idling, surroundings } from './support.ts'

/** A unit, its processes, and what it says in the journal. `stubborn`: its programs have handlers and stay. */
function unit(settings: string, { stubborn = false, texts = {} } = {}) {
  const parts = surroundings(texts)
  const { processes } = parts
  const said: string[] = []
  const got: string[] = []
  const onSignal = (signal: SignalName) => stubborn && got.push(signal) > 0
  const idle = idling(parts)
  const run: typeof idle = (exec) => idle({ ...exec, ...(stubborn && { onSignal }) })
  const read = readUnit('web.service', `[Unit]\nDescription=Web\n[Service]\nExecStart=/bin/web\n${settings}`)
  const made = new Unit({ ...parts, run, find: findIdling }, 'web.service', read, (text) => said.push(text))
  processes.watch({
    gone: (process, status) => process.unit === 'web.service' && made.processEnded(process, status),
  })
  const child = (): Process =>
    born(processes, {
      ppid: made.state().mainPid ?? 1,
      unit: 'web.service',
      command: 'child',
      startOptions: { onSignal },
    })
  const start = () => made.start(() => undefined)
  const main = (): number => made.state().mainPid ?? 0
  const now = () => `${made.state().active} ${made.state().sub}`
  return { ...parts, unit: made, said, got, child, start, main, now }
}

test('a start and a stop are each answered once, however often they are asked for', async () => {
  const { clock, now, processes, said, unit: web } = unit('')
  const answers: string[] = []
  for (const name of ['first', 'second']) web.start((result) => answers.push(`${name} start ${result}`))
  expect(processes.all()).toHaveLength(1)
  for (const name of ['first', 'second']) web.stop((result) => answers.push(`${name} stop ${result}`))
  await clock.runUntil(10)
  web.stop((result) => answers.push(`third stop ${result}`))
  expect(answers).toEqual([
    'first start done',
    'second start done',
    'first stop done',
    'second stop done',
    'third stop done',
  ])
  expect(now()).toBe('inactive dead')
  expect(said).toEqual([
    'Started web.service - Web.',
    'Stopping web.service - Web...',
    'web.service: Deactivated successfully.',
    'Stopped web.service - Web.',
  ])
})

test('a stop takes the place of a start that waits for the one before', async () => {
  const { clock, main, now, processes, start, unit: web } = unit('', { stubborn: true })
  start()
  const answers: string[] = []
  web.stop(() => answers.push('stopped'))
  web.start((result) => answers.push(`start ${result}`))
  web.stop(() => answers.push('stopped'))
  processes.end(main(), 0)
  await clock.runUntil(10)
  expect({ answers, now: now() }).toEqual({
    answers: ['start canceled', 'stopped', 'stopped'],
    now: 'inactive dead',
  })
})

test('a start while it stops begins when it has stopped', async () => {
  const { clock, got, main, now, processes, start, unit: web } = unit('', { stubborn: true })
  start()
  const first = main()
  web.stop(() => undefined)
  let started: string | undefined
  web.start((result) => (started = result))
  expect({ got, started, now: now() }).toEqual({
    got: ['TERM'],
    started: undefined,
    now: 'deactivating stop-sigterm',
  })
  processes.end(first, 0)
  await clock.runUntil(10)
  expect({ started, again: main() > first }).toEqual({ started: 'done', again: true })
})

test('a unit that cannot be used says so and starts nothing', () => {
  const { now, processes, unit: web } = unit('ExecStart=/bin/second\n')
  const results: string[] = []
  web.start((result) => results.push(result))
  web.stop((result) => results.push(result))
  web.reload((result) => results.push(result))
  expect({ results, now: now(), processes: processes.all() }).toEqual({
    results: ['bad-setting', 'done', 'not-active'],
    now: 'inactive dead',
    processes: [],
  })
})

test('a stop cancels a start that is still being prepared', async () => {
  const { clock, now, processes, unit: web } = unit('ExecStartPre=/bin/check\n')
  const answers: string[] = []
  web.start((result) => answers.push(`start ${result}`))
  expect(now()).toBe('activating start-pre')
  web.stop((result) => answers.push(`stop ${result}`))
  await clock.runUntil(10)
  expect({ answers, now: now(), processes: processes.all() }).toEqual({
    answers: ['start canceled', 'stop done'],
    now: 'inactive dead',
    processes: [],
  })
})

// systemd.kill(5), and unit_kill_context in src/core/unit.c of systemd 252.
test.each([
  ['control-group', 'TERM', 'TERM', 'killed', 'killed'],
  ['mixed', 'TERM', undefined, 'killed', 'killed'],
  ['process', 'TERM', undefined, 'killed', 'there'],
  ['none', undefined, undefined, 'there', 'there'],
])('a stop with KillMode=%s', async (mode, toMain, toChild, main, other) => {
  const {
    child,
    clock,
    now,
    processes,
    start,
    trace,
    unit: web,
  } = unit(`KillMode=${mode}\nTimeoutStopSec=5\n`, { stubborn: true })
  start()
  const [first] = processes.all()
  const second = child()
  web.stop(() => undefined)
  const first_ = (pid = 0) =>
    trace.events.flatMap((each) => (each.type === 'signalled' && each.pid === pid ? [each.signal] : []))[0]
  expect([first_(first?.pid), first_(second.pid)]).toEqual([toMain, toChild])
  await clock.runUntil(4999)
  expect([first?.alive, second.alive]).toEqual([true, true])
  expect(now()).toBe(mode === 'none' ? 'inactive dead' : 'deactivating stop-sigterm')
  await clock.runUntil(5001)
  const fate = (process: Process | undefined) => (process?.alive === true ? 'there' : 'killed')
  expect([fate(first), fate(second)]).toEqual([main, other])
  expect(now()).toBe(mode === 'none' ? 'inactive dead' : 'failed failed')
})

test.each([
  ['control-group', 'TERM'],
  ['mixed', 'KILL'],
  ['process', undefined],
  ['none', undefined],
])('the main process ends, and with KillMode=%s its child gets %s', async (mode, signal) => {
  const { child, clock, main, now, processes, start, trace } = unit(`KillMode=${mode}\n`)
  start()
  const { pid } = child()
  processes.end(main(), 0)
  await clock.runUntil(100)
  const got = trace.events.flatMap((each) =>
    each.type === 'signalled' && each.pid === pid ? [each.signal] : [],
  )
  expect(got).toEqual(signal === undefined ? [] : [signal])
  expect(processes.get(pid) === undefined).toBe(signal !== undefined)
  expect(now()).toBe('inactive dead')
})

test('the processor time of all its processes is told when it ends, the last one included', async () => {
  const { child, clock, cores, processes, said, start, unit: web } = unit('')
  start()
  const other = child()
  for (const [index, each] of processes.all().entries()) cores.run(each, (index + 1) * 1000, () => undefined)
  await clock.runUntil(3000)
  processes.end(other.pid, 0)
  expect(web.state().cpu).toBe(3000)
  web.stop(() => undefined)
  await clock.runUntil(3010)
  expect(said.at(-1)).toBe('web.service: Consumed 3.000s CPU time.')
})

test('what was begun before the power went is not told to what comes after', async () => {
  const { clock, main, now, processes, said, start, unit: web } = unit('Restart=always\n')
  start()
  const pid = main()
  web.forget()
  const before = said.length
  processes.terminate(processes.get(pid)!, { signal: 'KILL' })
  await clock.runUntil(10_000)
  expect({ said: said.length, now: now(), pending: clock.pending }).toEqual({
    said: before,
    now: 'inactive dead',
    pending: 0,
  })
})

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('start', 'stop', 'reload') },
  { weight: 3, arbitrary: fc.constantFrom('exit 0', 'exit 1', 'kill', 'term', 'child', 'child exits') },
  { weight: 1, arbitrary: fc.constantFrom('reset', 'power', 'ready') },
  { weight: 3, arbitrary: fc.constantFrom('wait 0', 'wait 50', 'wait 400', 'wait 3000') },
)
const settings = fc.record({
  Restart: fc.constantFrom('no', 'always', 'on-failure', 'on-success', 'on-abnormal', 'on-abort'),
  RestartSec: fc.constantFrom('0', '0.1', '2'),
  KillMode: fc.constantFrom('control-group', 'mixed', 'process', 'none'),
  TimeoutStopSec: fc.constantFrom('0.2', '1'),
  StartLimitBurst: fc.constantFrom('0', '2', '5'),
  ExecReload: fc.constantFrom('/bin/kill -HUP $MAINPID', ''),
  ExecStartPre: fc.constantFrom('', '/bin/check', '/bin/nothing', '-/bin/nothing'),
  Type: fc.constantFrom('simple', 'simple', 'exec', 'notify', 'forking'),
  ExecStartPost: fc.constantFrom('', '', '/bin/post'),
  ExecStop: fc.constantFrom('', '', '/bin/stop', '/bin/nothing'),
  ExecStopPost: fc.constantFrom('', '', '/bin/after'),
  TimeoutStartSec: fc.constantFrom('0.2', '2'),
})

test('property: whatever happens to a service, it has one main process at most, answers everybody once, and comes to rest', async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.boolean(),
      fc.array(step, { maxLength: 25 }),
      async (with_, stubborn, steps) => {
        const lines = Object.entries(with_).map(([name, value]) => `${name}=${value}\n`)
        const { child, clock, main, processes, signals, unit: web } = unit(lines.join(''), { stubborn })
        const other = born(processes, { unit: 'other.service', command: 'web' })
        const answers: number[] = []
        const asked: number[] = []
        let life = 0
        const lives: number[] = []
        const answer = () => {
          const index = answers.push(0) - 1
          lives.push(life)
          asked.push(index)
          return () => void (answers[index] = (answers[index] ?? 0) + 1)
        }
        const own = () => processes.all().filter(({ alive, unit: of }) => alive && of === 'web.service')
        const check = () => {
          const { mainPid, restartAt, sub } = web.state()
          expect(restartAt !== undefined).toBe(sub === 'auto-restart')
          if (sub === 'running' && with_.Type !== 'forking')
            expect(processes.get(mainPid ?? 0)?.alive).toBe(true)
          if (mainPid !== undefined) expect(processes.get(mainPid)?.alive).toBe(true)
          // What KillMode= leaves behind is there beside the next one.
          if (with_.KillMode === 'control-group' || with_.KillMode === 'mixed')
            expect(own().filter(({ command }) => command === '/bin/web').length).toBeLessThanOrEqual(1)
        }
        for (const each of steps) {
          const [what, ms] = each.split(' ')
          const victim = own().find(({ pid }) => pid === main()) ?? own()[0]
          if (each === 'start') web.start(answer())
          else if (each === 'stop') web.stop(answer())
          else if (each === 'reload') web.reload(answer())
          else if (each === 'child' && main() > 0) child()
          else if (each === 'child exits') processes.end(own().at(-1)?.pid ?? 0, 0)
          else if (each === 'kill' && victim) signals.send(victim.pid, 'KILL')
          else if (each === 'term' && victim) signals.send(victim.pid, 'TERM')
          else if (what === 'exit' && victim) processes.end(victim.pid, Number(ms))
          else if (each === 'reset') web.resetFailed()
          else if (each === 'ready') web.notified(main(), 'READY=1')
          else if (each === 'power') {
            web.forget()
            life += 1
            for (const process of own()) processes.terminate(process, { signal: 'KILL' })
          } else if (what === 'wait') await clock.runUntil(clock.now + Number(ms))
          check()
        }
        web.stop(answer())
        await clock.runUntil(clock.now + 10_000)
        expect(web.state()).toMatchObject({ mainPid: undefined, restartAt: undefined })
        expect(['inactive', 'failed']).toContain(web.active)
        expect(clock.pending).toBe(0)
        // Nobody is left who could hear an answer from before the power went.
        const due = answers.filter((_, index) => lives[index] === life)
        expect(due.every((count) => count === 1)).toBe(true)
        expect(answers.every((count) => count <= 1)).toBe(true)
        if (with_.KillMode === 'control-group' || with_.KillMode === 'mixed') expect(own()).toEqual([])
        expect(other).toMatchObject({ alive: true, frozen: false })
      },
    ),
    { numRuns: 300 },
  )
})
