import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Systemd } from '../../../../simulator/host/virtual/systemd.ts'
import type { UnitJobResult } from '../../../../simulator/machine/init/api.ts'
import { born, findIdling, idling, surroundings } from './support.ts'

const WEB = '/etc/systemd/system/web.service'
const SERVICE = '[Service]\nExecStart=/bin/web\n'
const INSTALL = '[Install]\nWantedBy=multi-user.target\n'

/** An init system with the units whose texts are given, by their paths. */
function systemd(texts: Readonly<Record<string, string>> = { [WEB]: SERVICE }) {
  const parts = surroundings(texts)
  const init = new Systemd({ ...parts, run: idling(parts), find: findIdling })
  parts.processes.watch({ gone: (process, status) => init.processEnded(process, status) })
  const lines = (unit?: string) => init.journal(unit === undefined ? {} : { unit }).map(({ text }) => text)
  return { ...parts, init, lines }
}

test('a unit is found by its name with its ending or without, and what has no file is not there', () => {
  const { init, lines } = systemd()
  expect(init.status('web')).toEqual(init.status('web.service'))
  expect(init.status('web')).toMatchObject({ name: 'web.service', loaded: 'loaded', enabled: 'static' })
  const results: UnitJobResult[] = []
  for (const job of ['start', 'stop', 'restart', 'reload'] as const)
    init[job]('other', (result) => results.push(result))
  expect(results).toEqual(['not-found', 'not-found', 'not-found', 'not-found'])
  expect([init.status('other'), init.enable('other'), init.disable('other')]).toEqual([
    undefined,
    'not-found',
    'not-found',
  ])
  init.resetFailed('other')
  expect(lines()).toEqual([])
})

test('what is enabled is started at boot; a unit without [Install] is static', () => {
  const { init, processes } = systemd({
    [WEB]: SERVICE + INSTALL,
    [WEB.replace('web', 'static')]: SERVICE,
    [WEB.replace('web', 'other')]: SERVICE + INSTALL,
  })
  expect([init.enable('web'), init.enable('static'), init.enable('other')]).toEqual([
    'done',
    'static',
    'done',
  ])
  expect([init.disable('other'), init.disable('other'), init.disable('static')]).toEqual([
    'done',
    'done',
    'static',
  ])
  init.boot()
  expect(init.units().map(({ name, enabled, active }) => [name, enabled, active])).toEqual([
    ['other.service', 'disabled', 'inactive'],
    ['static.service', 'static', 'inactive'],
    ['web.service', 'enabled', 'active'],
  ])
  expect(processes.all().map(({ unit }) => unit)).toEqual(['web.service'])
})

test('a restart is a stop and then a start, also of what does not run', async () => {
  const { clock, init, processes } = systemd()
  const results: UnitJobResult[] = []
  init.restart('web', (result) => results.push(result))
  const first = init.status('web')?.mainPid
  init.restart('web', (result) => results.push(result))
  await clock.runUntil(10)
  expect(results).toEqual(['done', 'done'])
  expect(init.status('web')?.mainPid).toBeGreaterThan(first ?? Infinity)
  expect(processes.all()).toHaveLength(1)
})

test('a file that was changed counts after daemon-reload, and what runs goes on', () => {
  const { files, init, processes } = systemd()
  init.start('web')
  files.write(WEB, '[Unit]\nDescription=Shop\n[Service]\nExecStart=/bin/shop\n')
  expect(init.status('web')).toMatchObject({ description: 'web.service', needsReload: true })
  init.daemonReload()
  expect(init.status('web')).toMatchObject({ description: 'Shop', needsReload: false, active: 'active' })
  expect(processes.all().map(({ command }) => command)).toEqual(['/bin/web'])
})

test('a file that cannot be used any more does not keep what runs from being stopped', async () => {
  const { clock, files, init, processes } = systemd()
  init.start('web')
  files.write(WEB, '[Service]\n')
  init.daemonReload()
  const results: UnitJobResult[] = []
  init.stop('web', (result) => results.push(result))
  await clock.runUntil(10)
  init.start('web', (result) => results.push(result))
  expect({ results, left: processes.all() }).toEqual({ results: ['done', 'bad-setting'], left: [] })
})

test('a file that has gone takes its unit with it only when that is inactive', async () => {
  const { clock, files, init, processes } = systemd({ [WEB]: `${SERVICE}Restart=always\nRestartSec=5\n` })
  init.start('web')
  processes.end(init.status('web')?.mainPid ?? 0, 1)
  files.remove(WEB)
  init.daemonReload()
  expect(init.status('web')).toMatchObject({ loaded: 'not-found', sub: 'auto-restart' })
  await clock.runUntil(6000)
  expect(init.status('web')).toMatchObject({ active: 'active' })
  init.stop('web')
  await clock.runUntil(7000)
  expect(processes.all()).toEqual([])
  init.daemonReload()
  expect([init.status('web'), init.units()]).toEqual([undefined, []])
})

test('the journal has whole lines, those of each process by itself, and the rest when it ends', () => {
  const { init, lines, processes } = systemd()
  const [one, two, free] = ['web.service', 'web.service', undefined].map((unit) =>
    born(processes, { unit, command: '/usr/bin/python3 app' }),
  )
  if (!one || !two || !free) throw new Error('expected three processes')
  init.written(one, 'half')
  init.written(two, 'other\nbeg')
  init.written(free, 'not of a unit\n')
  init.written(one, ' a line\n')
  expect(lines()).toEqual(['other', 'half a line'])
  processes.end(two.pid, 0)
  init.kernelSaid('oom')
  expect(lines()).toEqual(['other', 'half a line', 'beg', 'oom'])
  expect(init.journal({ unit: 'web' })[0]).toMatchObject({
    unit: 'web.service',
    identifier: 'python3',
    pid: two.pid,
    priority: 6,
  })
  expect(lines('other')).toEqual([])
})

test('property: however a process cuts its output, the journal has its lines in order', () => {
  const piece = fc.record({ by: fc.nat(2), text: fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n') }) })
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const { init, processes } = systemd()
      const writers = [1, 2, 3].map(() => born(processes, { unit: 'web.service' }))
      for (const { by, text } of pieces) if (writers[by]) init.written(writers[by], text)
      for (const { pid } of writers) processes.end(pid, 0)
      for (const [by, { pid }] of writers.entries()) {
        const whole = pieces.map((each) => (each.by === by ? each.text : '')).join('')
        const expected = whole.split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(init.journal().flatMap((each) => (each.pid === pid ? [each.text] : []))).toEqual(expected)
      }
    }),
  )
})

test('the journal is bounded, and the newest lines are in it', async () => {
  const { clock, init } = systemd()
  for (let i = 0; i < 12_000; i++) init.kernelSaid(`line ${i}`)
  const all = init.journal()
  expect(all.length).toBeGreaterThanOrEqual(5000)
  expect(all.length).toBeLessThanOrEqual(10_000)
  expect(all.at(-1)?.text).toBe('line 11999')
  await clock.runUntil(100)
  init.kernelSaid('late')
  expect(init.journal({ since: 100 }).map(({ text }) => text)).toEqual(['late'])
})

test('resetFailed without a name is for all units, with one for that', () => {
  const { init, processes } = systemd({ [WEB]: SERVICE, [WEB.replace('web', 'db')]: SERVICE })
  const fail = (name: string) => {
    init.start(name)
    processes.end(init.status(name)?.mainPid ?? 0, 1)
  }
  const states = () => init.units().map(({ active }) => active)
  for (const name of ['db', 'web']) fail(name)
  expect(states()).toEqual(['failed', 'failed'])
  init.resetFailed('web')
  expect(states()).toEqual(['failed', 'inactive'])
  fail('web')
  init.resetFailed()
  expect(states()).toEqual(['inactive', 'inactive'])
})

test('what the processes of one unit do is nothing to another', async () => {
  const { clock, init, processes } = systemd({ [WEB]: SERVICE, [WEB.replace('web', 'db')]: SERVICE })
  init.start('web')
  init.start('db')
  const before = init.status('db')
  processes.end(init.status('web')?.mainPid ?? 0, 1)
  await clock.runUntil(10)
  expect(init.status('web')?.active).toBe('failed')
  expect(init.status('db')).toEqual(before)
})
