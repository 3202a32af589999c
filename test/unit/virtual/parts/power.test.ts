import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CertificateStore } from '../../../../simulator/host/virtual/certificates.ts'
import { KeptPrograms } from '../../../../simulator/host/virtual/keepers.ts'
import { Power } from '../../../../simulator/host/virtual/power.ts'
import { ReverseProxy } from '../../../../simulator/host/virtual/proxy.ts'
import { Systemd } from '../../../../simulator/host/virtual/systemd.ts'
import { born, findIdling, idling, surroundings } from './support.ts'

const UNIT = '[Service]\nExecStart=/bin/web\nRestart=always\n[Install]\nWantedBy=multi-user.target\n'
/** From the moment at which the power is gone until the first unit starts, in ms. */
const OFF = 9900

function machine() {
  const parts = surroundings({ '/etc/systemd/system/web.service': UNIT })
  const run = idling(parts)
  const init = new Systemd({ ...parts, run, find: findIdling })
  const keepers = new KeptPrograms({ ...parts, run })
  const certificates = new CertificateStore(parts)
  const proxy = new ReverseProxy({ ...parts, certificates })
  const power = new Power({ ...parts, init, keepers, proxy }, parts.power)
  parts.processes.watch({
    gone(process, status) {
      init.processEnded(process, status)
      keepers.processEnded(process)
    },
  })
  const told = () =>
    parts.trace.events.flatMap((each) =>
      each.type === 'booted' || each.type === 'shutting-down' ? [`${each.type} at ${each.at}`] : [],
    )
  const running = () => parts.processes.all().map(({ command }) => command)
  return { ...parts, machine: power, init, keepers, proxy, told, running }
}

test('a shutdown asks every program to go, and boots when the last has gone', async () => {
  const { clock, machine: power, processes, told } = machine()
  const got: string[] = []
  const process = born(processes, { startOptions: { onSignal: (signal) => got.push(signal) > 0 } })
  power.reboot(false)
  expect({ got, up: power.up }).toEqual({ got: ['TERM', 'HUP'], up: false })
  await clock.runUntil(250)
  processes.end(process.pid, 0)
  await clock.runUntil(300 + OFF - 1)
  expect({ up: power.up, bootedAt: power.bootedAt }).toEqual({ up: false, bootedAt: 0 })
  await clock.runUntil(300 + OFF)
  expect({ up: power.up, bootedAt: power.bootedAt }).toEqual({ up: true, bootedAt: 300 + OFF })
  expect(told()).toEqual(['shutting-down at 0', `booted at ${300 + OFF}`])
})

test('who does not go in 90 seconds is killed', async () => {
  const { clock, machine: power, processes } = machine()
  const process = born(processes, { startOptions: { onSignal: () => true } })
  power.reboot(false)
  await clock.runUntil(90_000)
  expect(process.alive).toBe(true)
  await clock.runUntil(90_200)
  expect(process.alive).toBe(false)
})

test('without power nobody is asked, and nothing answers', async () => {
  const { clock, machine: power, network, power: supply, processes } = machine()
  const got: string[] = []
  const server = born(processes, { startOptions: { onSignal: (signal) => got.push(signal) > 0 } })
  network.listeners.bind(server.pid, [{ kind: 'tcp', host: '0.0.0.0', port: 80 }], 5)
  power.reboot(true)
  expect({ got, alive: server.alive, on: supply.on }).toEqual({ got: [], alive: false, on: false })
  let end: string | undefined
  const request = { host: '127.0.0.1', port: 80, method: 'GET', target: '/' }
  network.request(request, { onEnd: (how) => (end = how) })
  await clock.runUntil(OFF - 1)
  expect(end).toBeUndefined()
  await clock.runUntil(OFF + 2000)
  expect(end).toBe('refused')
})

test.each([false, true])(
  'what is enabled runs again, what was started by hand does not (hard: %s)',
  async (hard) => {
    const { clock, init, keepers, kernelLog, machine: power, processes, proxy, running } = machine()
    init.enable('web')
    init.start('web')
    keepers.add({ name: 'kept', keeper: { by: 'container', policy: 'always' }, command: 'db' })
    keepers.add({ name: 'once', keeper: { by: 'container', policy: 'no' }, command: 'job' })
    proxy.start({ sites: [], automatic: false })
    born(processes, { command: 'by hand' })
    kernelLog.say('before')
    power.reboot(hard)
    await clock.runUntil(60_000)
    expect(running()).toEqual(['/bin/web', 'db', 'nginx: master process /usr/sbin/nginx'])
    expect(init.status('web')).toMatchObject({ active: 'active', restarts: 0, result: 'success' })
    expect(kernelLog.lines).toEqual([])
  },
)

test('nothing starts while the power is off, whatever restarts it else', async () => {
  const { clock, init, keepers, machine: power, trace } = machine()
  init.start('web')
  keepers.add({ name: 'kept', keeper: { by: 'container', policy: 'always' }, command: 'db' })
  power.reboot(true)
  await clock.runUntil(OFF - 1)
  const off = trace.events.findIndex(({ type }) => type === 'shutting-down')
  expect(trace.events.slice(off).filter(({ type }) => type === 'forked')).toEqual([])
})

test('property: however often it is told to, it never boots twice for one shutdown', async () => {
  const order = fc.record({ hard: fc.boolean(), wait: fc.integer({ min: 0, max: 20_000 }) })
  const life = fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 8 }), life, async (orders, lives) => {
      const { clock, init, machine: power, power: supply, processes, told, trace } = machine()
      init.enable('web')
      init.start('web')
      const stubborn = born(processes, { startOptions: { onSignal: () => true } })
      if (lives !== undefined) clock.schedule(lives, () => processes.end(stubborn.pid, 0))
      trace.subscribe(({ type }) => {
        if (type === 'forked') expect(supply.on).toBe(true)
      })
      for (const { hard, wait } of orders) {
        power.reboot(hard)
        await clock.runUntil(clock.now + wait)
      }
      await clock.runUntil(clock.now + 200_000)
      const facts = told().map((each) => each.split(' ')[0])
      expect(facts.filter((each, i) => each === 'booted' && facts[i - 1] === 'booted')).toEqual([])
      expect(facts.at(-1)).toBe('booted')
      expect(power.up).toBe(true)
      expect(init.status('web')).toMatchObject({ active: 'active', restarts: 0 })
      expect(processes.all().map(({ command }) => command)).toEqual(['/bin/web'])
    }),
    { numRuns: 100 },
  )
})

test('the load and the processor time are those of this boot', async () => {
  const { clock, cores, machine: power, processes } = machine()
  cores.run(born(processes), Infinity, () => undefined)
  await clock.runUntil(600_000)
  power.reboot(true)
  await clock.runUntil(clock.now + OFF + 1000)
  const { load, busy, idle } = cores.info()
  expect({ load, busy, idle }).toEqual({ load: [0, 0, 0], busy: 0, idle: 4000 })
})
