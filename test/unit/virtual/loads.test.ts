/** Laws that every queue obeys, over arbitrary loads and settings: what clients measure for themselves, what the machine counts, and what its cores do. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { Clients } from '../../../simulator/machine/clients/clients.ts'
import { RequestLedger } from '../../../simulator/machine/requests.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import { newMachine, openTerminal } from '../shell/terminal.ts'

const UP = 8000
const URL = 'http://127.0.0.1:8080'

/** How each server is started. */
const LINES = {
  uvicorn: (workers: number) => `uvicorn main:app --port 8080 --workers ${workers} --no-access-log`,
  fastapi: (workers: number) => `fastapi run main.py --port 8080 --workers ${workers}`,
  gunicorn: (workers: number) => `gunicorn main:app -b :8080 -w ${workers} -k uvicorn.workers.UvicornWorker`,
  'gunicorn asgi': (workers: number) => `gunicorn main:app -b :8080 -w ${workers} -k asgi`,
}

interface Machine {
  readonly server: keyof typeof LINES
  readonly workers: number
  readonly cores: number
  readonly seed: number
}

const machine: fc.Arbitrary<Machine> = fc.record({
  server: fc.constantFrom('uvicorn', 'fastapi', 'gunicorn', 'gunicorn asgi'),
  workers: fc.integer({ min: 1, max: 4 }),
  cores: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(1_000_000),
})

/** A machine whose server is up, and what its trace says of requests from then on. */
async function serving({ server, workers, cores, seed }: Machine) {
  const kernel = newMachine(seed)
  kernel.setHardware({ cores })
  openTerminal(kernel, 'server').type(`${LINES[server](workers)}\r`)
  await kernel.runUntil(UP)
  return { kernel, seen: observe(kernel) }
}

/** Counts requests in flight over time, and how long each was. */
function observe(kernel: Kernel) {
  const ledger = new RequestLedger()
  const begun = new Map<number, number>()
  const lasted: number[] = []
  const accepted: { request: number; pid: number; at: number }[] = []
  const events: TraceEvent[] = []
  let area = 0
  let last = kernel.now
  let highest = 0
  kernel.subscribe((event) => {
    area += ledger.open * (event.at - last)
    last = event.at
    ledger.take(event)
    events.push(event)
    highest = Math.max(highest, ledger.open)
    if (event.type === 'connected') begun.set(event.request, event.at)
    if (event.type === 'accepted') accepted.push(event)
    if (event.type === 'request-ended') lasted.push(event.at - (begun.get(event.request) ?? event.at))
  })
  return {
    ledger,
    lasted,
    accepted,
    begun,
    events,
    /** Requests in flight, summed over time, in ms. */
    area: () => area + ledger.open * (kernel.now - last),
    highest: () => highest,
  }
}

/** Types a line and lets the machine run until it has said `word`, or `most` ms. */
async function type(kernel: Kernel, name: string, line: string, word: string, most: number): Promise<string> {
  const terminal = openTerminal(kernel, name)
  const before = terminal.text.length
  terminal.type(`${line}\r`)
  const end = kernel.now + most
  // The word may be a part of the line itself.
  while (kernel.now < end && !terminal.text.slice(before + line.length).includes(word))
    await kernel.runUntil(kernel.now + 50)
  return terminal.text.slice(before)
}

/** A number of hey's summary. */
function said(report: string, name: string): number {
  const [, value] = new RegExp(`${name}:\\s+([\\d.]+)`).exec(report) ?? []
  return Number(value)
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
const processorTime = (kernel: Kernel) => sum(kernel.processes().map(({ cpu }) => cpu))

const hey = fc.record({
  machine,
  clients: fc.integer({ min: 1, max: 40 }),
  each: fc.integer({ min: 3, max: 10 }),
  target: fc.constantFrom('/', '/compute/5', '/compute/20', '/slow/1', '/boom', '/nowhere'),
  keepAlive: fc.boolean(),
})

test("property: requests in flight are rate × mean time, hey's own numbers against the machine's", async () => {
  await fc.assert(
    fc.asyncProperty(hey, async ({ machine, clients, each, target, keepAlive }) => {
      const { kernel, seen } = await serving(machine)
      const from = processorTime(kernel)
      const { busy, idle } = kernel.processor()
      const at = kernel.now
      const options = `-n ${clients * each} -c ${clients}${keepAlive ? '' : ' -disable-keepalive'}`
      const report = await type(kernel, 'client', `hey ${options} ${URL}${target}`, 'distribution:', 300_000)
      const seconds = said(report, 'Total')
      const rate = said(report, 'Requests/sec')
      const mean = said(report, 'Average')
      // hey prints four decimals.
      const rounding = 0.00006 / mean + 0.00006 / seconds + 0.001
      const inFlight = seen.area() / 1000 / seconds
      expect(Math.abs(rate * mean - inFlight)).toBeLessThanOrEqual(inFlight * rounding)
      expect(seen.highest()).toBeLessThanOrEqual(clients)
      expect(inFlight).toBeLessThanOrEqual(clients * (1 + rounding))
      // The book: all were sent, all have one end, nothing is under way.
      const { fates, open, sent, waiting } = seen.ledger
      expect([sent, sum(Object.values(fates)), open, waiting]).toEqual([clients * each, clients * each, 0, 0])
      expect(kernel.sockets().every((socket) => socket.waiting === 0)).toBe(true)
      // The cores: what they did is what their processes used, and the rest of the time they were idle.
      const now = kernel.processor()
      expect(processorTime(kernel) - from).toBeCloseTo(now.busy - busy, 3)
      expect(now.busy - busy + now.idle - idle).toBeCloseTo(machine.cores * (kernel.now - at), 3)
    }),
    { numRuns: 40 },
  )
})

test('property: saturated cores are busy all the time, and give what they have to requests', async () => {
  const saturated = fc.record({
    machine,
    each: fc.integer({ min: 8, max: 16 }),
    ms: fc.integer({ min: 10, max: 60 }),
    keepAlive: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(saturated, async ({ machine, each, ms, keepAlive }) => {
      const { kernel, seen } = await serving(machine)
      const { cores, workers } = machine
      const clients = each * workers
      const duration = 3000
      const before = kernel.processor().busy
      const begun = kernel.now
      const options = `-z ${duration}ms -c ${clients}${keepAlive ? '' : ' -disable-keepalive'}`
      openTerminal(kernel, 'client').type(`hey ${options} ${URL}/compute/${ms}\r`)
      await kernel.runUntil(begun + duration - 100)
      const used = kernel.processor().busy - before
      const most = Math.min(cores, workers) * (kernel.now - begun)
      // The first request takes a moment to come.
      expect(used).toBeLessThanOrEqual(most + 1e-6)
      expect(used).toBeGreaterThan(most - 20 * workers)
      const { answered } = seen.ledger.fates
      // What the server itself spends on a request: see `handling` in profile.ts. One request a worker is under way.
      expect(used).toBeGreaterThanOrEqual(answered * ms)
      expect(used).toBeLessThanOrEqual((answered + workers) * (ms + 1) + 100 * workers)
      // All clients ask all the time.
      expect(seen.area() / (kernel.now - begun)).toBeGreaterThan(clients * 0.97)
    }),
    { numRuns: 25 },
  )
})

test('property: every client of hey is served, so that rate × mean time says how many there are', async () => {
  const loads = fc.record({
    machine,
    clients: fc.integer({ min: 1, max: 50 }),
    ms: fc.integer({ min: 2, max: 20 }),
    keepAlive: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(loads, async ({ machine, clients, ms, keepAlive }) => {
      const { kernel, seen } = await serving(machine)
      const { cores, workers } = machine
      // In this time each client would be answered ten times, were they dealt out evenly over the cores.
      const duration = Math.ceil((10 * clients * (ms + 1)) / Math.min(cores, workers, clients)) + 200
      const options = `-z ${duration}ms -c ${clients}${keepAlive ? '' : ' -disable-keepalive'}`
      const report = await type(
        kernel,
        'client',
        `hey ${options} ${URL}/compute/${ms}`,
        'distribution:',
        duration + 1000,
      )
      const there = said(report, 'Requests/sec') * said(report, 'Average')
      expect(there / clients).toBeLessThan(1.02)
      // What is under way at the end is in no report: one answer of each client, and who shares a worker with many waits longer.
      expect(there / clients).toBeGreaterThan(0.6)
      const first = new Set([...seen.begun.keys()].slice(0, clients))
      expect(seen.accepted.filter(({ request }) => first.has(request))).toHaveLength(clients)
    }),
    { numRuns: 30 },
  )
})

test('property: curl in loops, in several terminals: what it measures adds up to the requests in flight', async () => {
  const loops = fc.record({
    machine,
    terminals: fc.integer({ min: 1, max: 6 }),
    times: fc.integer({ min: 2, max: 8 }),
    target: fc.constantFrom('/', '/compute/30', '/slow/1'),
  })
  await fc.assert(
    fc.asyncProperty(loops, async ({ machine, terminals, times, target }) => {
      const { kernel, seen } = await serving(machine)
      const curl = `curl -s -o /dev/null -w '%{time_total}\\n' ${URL}${target}`
      const clients = Array.from({ length: terminals }, (_, i) => openTerminal(kernel, `client${i}`))
      for (const client of clients) client.type(`for i in $(seq 1 ${times}); do ${curl}; done; echo over\r`)
      await kernel.runUntil(kernel.now + times * 5000)
      const measured = clients.flatMap(({ text }) =>
        [...text.matchAll(/^(\d+\.\d{6})$/gm)].map(([, time]) => Number(time)),
      )
      expect(measured).toHaveLength(terminals * times)
      expect(seen.ledger.fates.answered).toBe(terminals * times)
      expect(seen.area() / 1000).toBeCloseTo(sum(measured), 3)
      expect(seen.highest()).toBeLessThanOrEqual(terminals)
    }),
    { numRuns: 25 },
  )
})

test("property: a lab's clients ask as often as their pauses and the answers' times let them", async () => {
  const loads = fc.record({
    machine,
    clients: fc.integer({ min: 2, max: 20 }),
    pause: fc.constantFrom<[number, number]>([150, 900], [50, 100], [0, 400], [200, 200]),
    target: fc.constantFrom('/', '/compute/15', '/slow/1'),
  })
  await fc.assert(
    fc.asyncProperty(loads, async ({ machine, clients, pause, target }) => {
      const { kernel, seen } = await serving(machine)
      const to = { host: '127.0.0.1', port: 8080 }
      const load = { clients, method: 'GET', target, pause, patience: 60_000 }
      const crowd = new Clients(kernel, load, machine.seed, () => to)
      const begun = kernel.now
      crowd.on = true
      await kernel.runUntil(begun + 40_000)
      const time = kernel.now - begun
      const count = seen.lasted.length
      // Each client asks or rests: clients × time = times of answers + pauses, but for what is under way at the end.
      const resting = clients * time - seen.area()
      const mean = (pause[0] + pause[1]) / 2
      // A pause is drawn evenly: its mean strays by this much, five times over.
      const strays = 5 * Math.sqrt(count) * ((pause[1] - pause[0]) / Math.sqrt(12))
      expect(Math.abs(resting - count * mean)).toBeLessThanOrEqual(strays + clients * pause[1] + 1)
      // Little's law.
      const own = sum(seen.lasted)
      expect(seen.area()).toBeGreaterThanOrEqual(own - 1e-6)
      expect(seen.area() - own).toBeLessThanOrEqual(
        seen.ledger.open * (Math.max(...seen.lasted) * 2 + 100) + 1e-6,
      )
      // Turned off, they finish what they have begun.
      crowd.on = false
      await kernel.runUntil(kernel.now + 30_000)
      expect([seen.ledger.open, sum(Object.values(seen.ledger.fates))]).toEqual([0, seen.ledger.sent])
    }),
    { numRuns: 25 },
  )
})

test('property: no connection starves: whatever kept connections do, who waits is accepted in turn', async () => {
  const loads = fc.record({
    machine,
    kept: fc.integer({ min: 1, max: 30 }),
    fresh: fc.integer({ min: 1, max: 10 }),
    ms: fc.constantFrom(0, 5, 20),
  })
  await fc.assert(
    fc.asyncProperty(loads, async ({ machine, kept, fresh, ms }) => {
      const { kernel, seen } = await serving(machine)
      const target = ms === 0 ? '/' : `/compute/${ms}`
      const most = ms === 0 ? 300 : 1500
      openTerminal(kernel, 'kept').type(`hey -z ${most}ms -c ${kept} ${URL}${target}\r`)
      openTerminal(kernel, 'fresh').type(`hey -z ${most}ms -c ${fresh} -disable-keepalive ${URL}${target}\r`)
      await kernel.runUntil(kernel.now + most + 5000)
      const carried = new Set(
        seen.events.flatMap((each) => (each.type === 'kept-alive' ? [each.request] : [])),
      )
      // New connections are accepted in the order in which they came (their SYNs take a different moment each).
      const fresh_ = seen.accepted.filter(({ request }) => !carried.has(request))
      let latest = 0
      for (const { request } of fresh_) {
        const came = seen.begun.get(request) ?? NaN
        expect(came).toBeGreaterThan(latest - 0.2)
        latest = Math.max(latest, came)
      }
      // Between two turns for kept connections a worker takes one that waits.
      const overtaken = (request: number, at: number) =>
        seen.accepted.filter(
          (each) =>
            each.at < at && each.at > (seen.begun.get(request) ?? NaN) + 0.2 && carried.has(each.request),
        ).length
      for (const { request, at } of fresh_.filter((_, i) => i % 7 === 0)) {
        const came = (seen.begun.get(request) ?? NaN) + 0.2
        const before = fresh_.filter((each) => each.at > came && each.at < at).length
        expect(overtaken(request, at)).toBeLessThanOrEqual(2 * (before + 1) + machine.workers)
      }
      // A request on a kept connection waits at most for one of each other, and for one new connection before each.
      for (const { at, pid, request } of seen.events.filter((each) => each.type === 'kept-alive')) {
        const taken = seen.accepted.filter((each) => each.pid === pid)
        const own = taken.findIndex((each) => each.request === request)
        const first = taken.findIndex((each) => each.at >= at)
        if (own >= 0) expect(own - first).toBeLessThanOrEqual(2 * kept + 2)
      }
    }),
    { numRuns: 25 },
  )
})

test('property: whatever happens to the server, every request has one end, and hey hears of each', async () => {
  const blow = fc.record({
    at: fc.integer({ min: 0, max: 2500 }),
    signal: fc.constantFrom('KILL', 'TERM', 'INT', 'HUP', 'STOP', 'CONT'),
    to: fc.constantFrom('manager', 'worker', 'last worker'),
  })
  const loads = fc.record({
    machine,
    clients: fc.integer({ min: 1, max: 15 }),
    target: fc.constantFrom('/', '/compute/40', '/slow/1', '/boom', '/exit/1'),
    keepAlive: fc.boolean(),
    blows: fc.array(blow, { minLength: 1, maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(loads, async ({ machine, clients, target, keepAlive, blows }) => {
      const { kernel, seen } = await serving(machine)
      const number = clients * 6
      // -t 0: hey does not give up by itself.
      const options = `-t 0 -n ${number} -c ${clients}${keepAlive ? '' : ' -disable-keepalive'}`
      const client = openTerminal(kernel, 'client')
      client.type(`hey ${options} ${URL}${target}\r`)
      for (const { at, signal, to } of blows)
        kernel.after(at, () => {
          const servers = kernel
            .processes()
            .filter(({ kind, state }) => (kind === 'manager' || kind === 'worker') && state !== 'Z')
          const of = servers.filter(({ kind }) => (kind === 'manager') === (to === 'manager'))
          const victim = to === 'last worker' ? of.at(-1) : of[0]
          if (victim !== undefined) kernel.signal(victim.pid, signal)
        })
      await kernel.runUntil(kernel.now + 20_000)
      for (const { kind, pid } of kernel.processes())
        if (kind === 'manager' || kind === 'worker') kernel.signal(pid, 'KILL')
      await kernel.runUntil(kernel.now + 60_000)
      const { fates, open, sent } = seen.ledger
      expect([open, sum(Object.values(fates)), sent]).toEqual([0, number, number])
      const told = [...client.text.matchAll(/^\s+\[(\d+)\]\s+(?:(\d+) responses|\w)/gm)]
      expect(sum(told.map(([, count, responses]) => Number(responses ?? count)))).toBe(number)
      expect(seen.area()).toBeCloseTo(sum(seen.lasted), 3)
    }),
    { numRuns: 60 },
  )
})
