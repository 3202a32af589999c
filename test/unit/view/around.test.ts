import { expect, test } from 'vitest'
import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { coresAt, foldAll, runnable } from '../../../simulator/machine/view/index.ts'
import { memoryParts } from '../../../simulator/machine/view/memory.ts'
import type { SessionInput, KeeperKind, TimedInput } from '../../../simulator/scenario/session/index.ts'
import { readSession } from '../../../simulator/scenario/session/read-session.ts'
import { KEEPER_KINDS } from '../../../simulator/scenario/session/index.ts'
import { Desk, replay } from '../../../simulator/shell/desk/index.ts'
import { Measures } from '../../../src/machine-view/figures/measures.ts'
import { DEFAULT_UNIT, freshSession, HELLO, MACHINE } from '../../../src/playground/presets.ts'

const UNIT_FILE = DEFAULT_UNIT.replace('--workers 4', '--workers 2')

/** Plays what somebody does on a fresh machine: [virtual ms, input]. */
async function play(until: number, target: string, ...done: readonly (readonly [number, SessionInput])[]) {
  const fresh = freshSession(MACHINE, HELLO, 90)
  const inputs: TimedInput[] = [...fresh.inputs, ...done.map(([at, input]) => ({ at, ...input }))]
  const session = { ...fresh, clients: { ...fresh.clients, target }, inputs, until }
  // Whatever can be done can be written into a link and read again.
  expect(readSession(JSON.parse(JSON.stringify(session)))).toEqual({ session })
  const kernel = new Kernel({ seed: 1, factory: scripted, files: session.files, hardware: { cores: 2 } })
  const desk = new Desk(kernel, session, { words: english.shell })
  const measures = new Measures()
  kernel.subscribe((event) => {
    desk.take(event)
    measures.take(event)
  })
  kernel.setHardware({})
  await replay(kernel, desk, inputs, until)
  return { kernel, desk, measures, picture: foldAll(kernel.trace) }
}

const SERVER: SessionInput = {
  type: 'line',
  terminal: 'server',
  text: 'uvicorn main:app --port 8080 --workers 2',
}
const PROXY: SessionInput = { type: 'proxy', on: true, site: 'example.com', automatic: true }
const CLIENTS: SessionInput = { type: 'clients', on: true }
const head = (picture: { happened: { clauses: readonly { key: string }[] } }) =>
  picture.happened.clauses[0]?.key

test('a request that goes through the proxy counts once, and belongs to the worker that answered it', async () => {
  const { kernel, picture, measures } = await play(20_000, '/', [10, SERVER], [3000, PROXY], [6000, CLIENTS])
  const outer = kernel.trace.filter(
    (event) => event.type === 'connected' && event.bind.kind === 'tcp' && event.bind.port === 443,
  )
  expect(outer.length).toBeGreaterThan(20)
  // The authority of the certificate asked once, too.
  expect(picture.counts.answered).toBeLessThanOrEqual(outer.length + 1)
  expect(picture.counts.answered).toBeGreaterThanOrEqual(outer.length - 5)
  expect(picture.around.proxy?.forwarded).toBe(outer.length)
  const seconds = Math.ceil(picture.now / 1000)
  const counted = Array.from({ length: seconds }, (_, each) => measures.second(each)?.answered ?? 0).reduce(
    (sum, each) => sum + each,
  )
  expect(counted).toBe(picture.counts.answered)
  const workers = picture.slots.flatMap(({ lives }) => lives.map(({ pid }) => pid))
  expect(new Set(measures.shares(Infinity).map(({ pid }) => pid))).toEqual(new Set(workers))
})

test('an expired certificate makes clients break off; a new one brings them back', async () => {
  const steps = [
    [10, SERVER],
    [3000, PROXY],
    [6000, CLIENTS],
    [9000, { type: 'certificate', verb: 'expire', site: 'example.com' }],
  ] as const
  const broken = await play(12_000, '/', ...steps)
  expect(broken.picture.around.proxy?.rejected).toBeGreaterThan(3)
  expect(head(broken.picture)).toBe('rejected')
  const { kernel, picture } = await play(16_000, '/', ...steps, [
    12_000,
    { type: 'certificate', verb: 'obtain', site: 'example.com' },
  ])
  expect(head(picture)).toBe('certificateGot')
  const last = kernel.trace.findLast(({ type }) => type === 'certificate')
  expect(last).toMatchObject({ verdict: 'good' })
  expect(picture.around.certificates.get('example.com')?.notAfter).toBeGreaterThan(kernel.epoch + kernel.now)
})

test('after a reboot what is enabled serves again, and the proxy is there; what was typed is gone', async () => {
  const { picture, kernel } = await play(
    60_000,
    '/',
    [10, { type: 'write', file: '/etc/systemd/system/web.service', text: UNIT_FILE }],
    [20, { type: 'unit', verb: 'enable', unit: 'web' }],
    [30, { type: 'unit', verb: 'start', unit: 'web' }],
    [3000, PROXY],
    [8000, { type: 'reboot', hard: false }],
  )
  expect(picture.around).toMatchObject({ power: 'up', boots: 1 })
  expect(picture.around.bootedAt).toBeGreaterThan(8000)
  expect(picture.around.units.get('web.service')).toMatchObject({ active: 'active', sub: 'running' })
  expect(picture.around.proxy?.pid).toBe(kernel.proxy.pid)
  expect(picture.server?.until).toBeUndefined()

  const typed = await play(60_000, '/', [10, SERVER], [8000, { type: 'reboot', hard: true }])
  expect(typed.picture.server?.until).toBe(8000)
  expect(head(typed.picture)).toBe('booted')
})

test('a unit that dies waits for its restart, and is counted', async () => {
  const start = [
    [10, { type: 'write', file: '/etc/systemd/system/web.service', text: UNIT_FILE }],
    [30, { type: 'unit', verb: 'start', unit: 'web' }],
  ] as const
  const { picture } = await play(5000, '/', ...start)
  const pid = picture.server?.pid ?? 0
  const kill = [5000, { type: 'signal', pid, signal: 'KILL' }] as const
  const waits = await play(5500, '/', ...start, kill)
  expect(waits.picture.around.units.get('web.service')).toMatchObject({ sub: 'auto-restart' })
  expect(head(waits.picture)).toBe('unitRestarts')
  const again = await play(12_000, '/', ...start, kill)
  expect(again.picture.around.units.get('web.service')).toMatchObject({ sub: 'running', restarts: 1 })
})

test('what a container, Supervisor and a loop keep is seen with its restarts, in the words of each', async () => {
  const command = 'uvicorn main:app --port 8080 --workers 2'
  const keep = (by: KeeperKind) => [10, { type: 'keep', by, name: `web-${by}`, command }] as const
  const words = { container: 'Up', supervisor: 'RUNNING', loop: 'Running' } as const
  for (const by of KEEPER_KINDS) {
    const name = `web-${by}`
    const { picture } = await play(5000, '/', keep(by))
    expect(picture.around.kept.get(name)).toEqual({ by, state: 'running', word: words[by], restarts: 0 })
    const stop = (signal: 'TERM' | 'KILL') =>
      [5000, { type: 'signal', pid: picture.server?.pid ?? 0, signal }] as const
    const again = await play(20_000, '/', keep(by), stop('TERM'))
    expect(again.picture.around.kept.get(name)).toMatchObject({ state: 'running', restarts: 1 })
    expect(again.picture.server?.until).toBeUndefined()
    const waits = { container: 'containerWaits', loop: 'keptWaits' } as const
    if (by !== 'supervisor') {
      const waiting = again.kernel.trace.find((event) => event.type === 'kept' && event.state === 'waiting')
      const until = again.kernel.trace.filter(({ seq }) => seq <= (waiting?.seq ?? 0))
      expect(head(foldAll(until))).toBe(waits[by])
    }
    // With its first process all of a container ends. Elsewhere the workers live on, and have the port.
    const orphaned = await play(30_000, '/', keep(by), stop('KILL'))
    const { state, restarts } = orphaned.picture.around.kept.get(name) ?? {}
    if (by === 'container') expect({ state, restarts }).toEqual({ state: 'running', restarts: 1 })
    if (by === 'supervisor') {
      expect(state).toBe('failed')
      expect(head(orphaned.picture)).toBe('keptGaveUp')
    }
    if (by === 'loop') expect(restarts).toBeGreaterThan(3)
    const gone = await play(9000, '/', keep(by), [5000, { type: 'keeper', verb: 'remove', name }])
    expect(gone.picture.around.kept.size).toBe(0)
    expect(gone.picture.server?.until).toBe(5000)
  }
})

test('when the SSH connection breaks, what was started in it ends', async () => {
  // A single process takes SIGHUP as most programs do; with workers uvicorn takes it for a reload.
  const { picture } = await play(
    9000,
    '/',
    [10, { type: 'line', terminal: 'server', text: 'uvicorn main:app --port 8080' }],
    [5000, { type: 'hang-up', terminal: 'server' }],
  )
  expect(picture.server?.status).toEqual({ signal: 'HUP' })
})

test('the cores are shared out as the scheduler of the machine does it', async () => {
  const { picture, kernel } = await play(12_000, '/', [10, SERVER])
  const [first, second] = picture.slots.map(({ lives }) => lives.at(-1)?.pid ?? 0)
  const spin = (pid = 0): readonly [number, SessionInput] => [12_000, { type: 'spin', pid }]
  expect(coresAt(picture.around.cores, 12_000).shares.size).toBe(0)
  const two = await play(15_000, '/', [10, SERVER], spin(first), spin(second))
  const load = coresAt(two.picture.around.cores, 15_000)
  expect(runnable(load)).toBe(2)
  expect(load.shares.get(first ?? 0)).toBeCloseTo(1, 1)
  const three = await play(15_000, '/', [10, SERVER], spin(first), spin(second), spin(picture.server?.pid))
  const shared = coresAt(three.picture.around.cores, 15_000)
  expect(shared.cores).toBe(2)
  for (const share of shared.shares.values()) expect(share).toBeCloseTo(2 / 3, 1)
  expect(kernel.hardware.cores).toBe(2)
})

test('who keeps a program is told to stop it: that is said, and nothing starts it again', async () => {
  const keep = [10, { type: 'keep', by: 'container', name: 'web', command: 'uvicorn main:app' }] as const
  const stop = [5000, { type: 'keeper', verb: 'stop', name: 'web' }] as const
  const { picture } = await play(30_000, '/', keep, stop)
  expect(picture.around.kept.get('web')?.state).toBe('stopped')
  expect(head(picture)).toBe('containerStopped')
})

test('before its first certificate a name cannot be served: clients break off, and no request is lost', async () => {
  const { picture, measures } = await play(
    8000,
    '/',
    [10, SERVER],
    [3000, { type: 'proxy', on: true, site: 'example.com', automatic: false }],
    [4000, CLIENTS],
  )
  expect(head(picture)).toBe('noCertificate')
  expect(picture.counts).toMatchObject({ answered: 0, lost: 0 })
  const rejected = picture.around.proxy?.rejected ?? 0
  expect(rejected).toBeGreaterThan(3)
  const unanswered = Array.from({ length: 9 }, (_, each) => measures.second(each)?.unanswered ?? 0)
  expect(unanswered.reduce((sum, each) => sum + each)).toBe(rejected)
})

test('the plot of the memory and its bar agree, with pages that forked workers share', async () => {
  const preloading = 'gunicorn main:app --preload -w 4 -k uvicorn.workers.UvicornWorker -b 127.0.0.1:8080'
  const server: SessionInput = { type: 'line', terminal: 'server', text: preloading }
  const { picture, measures } = await play(12_000, '/', [10, server], [6000, CLIENTS])
  const { used, shared } = memoryParts(picture)
  expect(shared).toBeGreaterThan(10_000_000)
  expect(measures.last?.memory).toBe(used)
})
