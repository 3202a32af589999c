import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AUTHORITY, DAY } from '../../../../simulator/machine/network/certificates.ts'
import { valuesOf, type HeaderList } from '../../../../simulator/machine/network/headers.ts'
import { born } from './support.ts'
import { PLAIN, proxied, REQUEST, SITE, TLS } from './proxied.ts'

test('it is started once; another start and `configure` give it other settings', () => {
  const { network, proxy } = proxied()
  const pid = proxy.start(TLS)
  expect(proxy.start({ ...TLS, sites: [] })).toBe(pid)
  expect(proxy.settings?.sites).toEqual([])
  proxy.configure(TLS)
  expect(proxy.settings).toBe(TLS)
  expect(network.listeners.all().map(({ bind }) => bind.kind === 'tcp' && bind.port)).toEqual([80, 443])
})

test.each([80, 443])('port %i is taken: it says so and leaves nothing behind', (port) => {
  const { network, processes, proxy } = proxied()
  const { pid } = born(processes)
  network.listeners.bind(pid, [{ kind: 'tcp', host: '0.0.0.0', port }], 5)
  expect(proxy.start(TLS)).toEqual({ inUse: port })
  expect([proxy.pid, processes.all().length, network.listeners.all().length]).toEqual([undefined, 1, 1])
  expect(proxy.start(PLAIN)).toEqual(port === 80 ? { inUse: 80 } : expect.any(Number))
})

test('a stop ends it for good, twice as once; what was killed comes back at the next boot', () => {
  const { proxy, signals } = proxied()
  proxy.boot()
  proxy.stop()
  expect(proxy.pid).toBeUndefined()
  const first = proxy.start(PLAIN)
  proxy.stop()
  proxy.stop()
  proxy.boot()
  expect(proxy.pid).toBeUndefined()
  const second = proxy.start(PLAIN)
  expect(second).not.toBe(first)
  signals.send(second as number, 'KILL')
  expect(proxy.pid).toBeUndefined()
  proxy.boot()
  expect(proxy.pid).toBeGreaterThan(second as number)
})

test.each([
  ['to HTTPS', TLS, {}, ['308 https://shop.example/', 'answered']],
  ['on, when there is no redirect', { ...TLS, redirect: false }, {}, ['200', 'hello', 'answered']],
  ['on, by a load balancer', PLAIN, {}, ['200', 'hello', 'answered']],
  [
    'nowhere, for a site that it does not have',
    PLAIN,
    { headers: [['host', 'other.example']] as const },
    ['404', 'answered'],
  ],
  ['nowhere, when it is TLS', TLS, { secure: true }, ['not-tls']],
])('plain HTTP on port 80 is sent %s', async (_, settings, request, seen) => {
  const { ask, clock, proxy, upstream } = proxied()
  upstream()
  proxy.start(settings)
  const got = ask(request)
  await clock.runUntil(5000)
  expect(got).toEqual(seen)
})

test.each([
  ['good', AUTHORITY, DAY, {}, ['200', 'hello', 'answered']],
  ['over', AUTHORITY, -1, {}, ['bad-certificate']],
  ['of an unknown issuer', 'me', DAY, {}, ['bad-certificate']],
  ['that, but the client does not look', 'me', DAY, { insecure: true }, ['200', 'hello', 'answered']],
  [
    'good, but the request is for another site',
    AUTHORITY,
    DAY,
    { headers: [['host', 'other.example']] as const },
    ['421', 'answered'],
  ],
  [
    'not asked for: the client speaks plain HTTP',
    AUTHORITY,
    DAY,
    { secure: false },
    ['400', 'Client sent an HTTP request to an HTTPS server.\n', 'answered'],
  ],
])('on port 443 the certificate is %s', async (_, issuer, life, request, seen) => {
  const { ask, clock, proxy, put, upstream } = proxied()
  upstream()
  put(SITE.name, issuer, clock.date + life)
  proxy.start(TLS)
  const got = ask({ host: SITE.name, port: 443, secure: true, ...request })
  await clock.runUntil(5000)
  expect(got).toEqual(seen)
})

test('without any certificate the handshake fails', async () => {
  const { ask, clock, proxy } = proxied()
  proxy.start(TLS)
  const got = ask({ host: SITE.name, port: 443, secure: true })
  await clock.runUntil(5000)
  expect(got).toEqual(['no-certificate'])
})

test.each([true, false])(
  'the client cannot forge X-Forwarded headers unless they are passed on (set: %s)',
  async (set) => {
    const { ask, clock, proxy, upstream } = proxied()
    const { requests } = upstream()
    proxy.start({ ...PLAIN, forwardedHeaders: set })
    ask({
      from: '198.51.100.9',
      headers: [
        ['Host', 'Shop.Example:80'],
        ['X-Forwarded-For', '6.6.6.6'],
        ['Accept', '*/*'],
        ['X-Twice', 'a'],
        ['x-twice', 'b'],
      ],
    })
    await clock.runUntil(5000)
    const headers = requests[0]?.headers ?? []
    const from = valuesOf(headers, 'x-forwarded-for')
    expect(from).toEqual([set ? '198.51.100.9' : '6.6.6.6'])
    expect(headers.filter(([name]) => !name.toLowerCase().startsWith('x-f'))).toEqual([
      ['host', 'Shop.Example:80'],
      ['Accept', '*/*'],
      ['X-Twice', 'a'],
      ['x-twice', 'b'],
    ])
  },
)

test('an upstream that refuses is left out for a while, and when all refuse the answer is 502 after each was asked once', async () => {
  const { ask, clock, processes, proxy, trace, upstream } = proxied()
  const { process, requests } = upstream(8002)
  proxy.start({ ...PLAIN, sites: [{ ...SITE, upstream: ['127.0.0.1:8001', '127.0.0.1:8002'] }] })
  const asked = () =>
    trace.events.flatMap((each) => (each.type === 'forwarded' ? [each.upstream.slice(-4)] : []))
  for (let i = 0; i < 3; i++) ask()
  await clock.runUntil(1000)
  expect(requests).toHaveLength(3)
  const before = asked().length
  const got = ask()
  await clock.runUntil(2000)
  expect([got, asked().slice(before)]).toEqual([['200', 'hello', 'answered'], ['8002']])
  processes.end(process.pid, 0)
  await clock.runUntil(20_000)
  const then = asked().length
  const last = ask()
  await clock.runUntil(30_000)
  expect([last, asked().slice(then).toSorted()]).toEqual([
    ['502', 'answered'],
    ['8001', '8002'],
  ])
})

test.each([
  ['refuses', undefined, ['502', 'answered']],
  ['dies before its answer', false, ['502', 'answered']],
  ['dies in the middle of its answer', true, ['200', 'cut-off']],
])('the only upstream %s', async (_, headFirst, seen) => {
  const { ask, clock, processes, proxy, upstream } = proxied()
  const behind = headFirst === undefined ? undefined : upstream(8000, { ms: 500, headFirst })
  proxy.start(PLAIN)
  const got = ask()
  await clock.runUntil(200)
  if (behind) processes.end(behind.process.pid, 1)
  await clock.runUntil(1000)
  expect(got).toEqual(seen)
})

test('a client that gives up takes its request back from the upstream; a proxy that dies takes all of them', async () => {
  const { ask, clock, proxy, signals, upstream } = proxied()
  const { server } = upstream(8000, { ms: 60_000 })
  const pid = proxy.start(PLAIN) as number
  const patient = [ask(), ask()]
  const hasty = ask({ patience: 400 })
  await clock.runUntil(300)
  expect(server.connections.size).toBe(3)
  await clock.runUntil(500)
  expect([hasty, server.connections.size]).toEqual([['gave-up'], 2])
  signals.send(pid, 'KILL')
  await clock.runUntil(600)
  expect([patient, server.connections.size]).toEqual([[['closed'], ['closed']], 0])
})

test('a stopped proxy does nothing until it goes on: neither accepts nor forwards nor answers', async () => {
  const { ask, clock, proxy, signals, upstream } = proxied()
  const { requests } = upstream(8000, { ms: 100 })
  const pid = proxy.start(PLAIN) as number
  const first = ask()
  await clock.runUntil(50)
  expect(requests).toHaveLength(1)
  const second = ask()
  await clock.runUntil(50.25)
  signals.send(pid, 'STOP')
  const third = ask()
  await clock.runUntil(2000)
  expect([first, second, third]).toEqual([[], [], []])
  signals.send(pid, 'CONT')
  await clock.runUntil(3000)
  expect([first, second, third]).toEqual(Array(3).fill(['200', 'hello', 'answered']))
})

test('property: every client hears one end, and nothing is left open', async () => {
  const client = fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    port: fc.constantFrom(80, 443),
    secure: fc.boolean(),
    insecure: fc.boolean(),
    host: fc.constantFrom('shop.example', 'slow.example', 'gone.example', '127.0.0.1'),
    headers: fc.constantFrom<HeaderList>([], [['host', 'shop.example']], [['HOST', 'slow.example']]),
    patience: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
    from: fc.constantFrom(undefined, '198.51.100.9'),
  })
  const event = fc.constantFrom('none', 'kill proxy', 'stop proxy', 'kill shop')
  await fc.assert(
    fc.asyncProperty(
      fc.array(client, { maxLength: 12 }),
      event,
      fc.boolean(),
      async (clients, what, redirect) => {
        const { clock, dns, network, processes, proxy, put, signals, upstream } = proxied()
        for (const name of ['slow.example', 'gone.example']) dns.set(name, '127.0.0.1')
        for (const name of ['shop.example', 'slow.example']) put(name)
        const shop = upstream(8000)
        const slow = upstream(8001, { ms: 150, headFirst: true })
        const pid = proxy.start({
          automatic: false,
          redirect,
          sites: [SITE, { name: 'slow.example', upstream: ['127.0.0.1:8001', '127.0.0.1:9999'] }],
        }) as number
        const ends = clients.map(() => 0)
        for (const [index, { at, patience, from, ...request }] of clients.entries())
          clock.schedule(at, () => {
            const more = { ...(patience !== undefined && { patience }), ...(from !== undefined && { from }) }
            network.request(
              { ...REQUEST, ...request, ...more },
              { onEnd: () => void (ends[index] = (ends[index] ?? 0) + 1) },
            )
          })
        clock.schedule(150, () => {
          if (what === 'kill proxy') signals.send(pid, 'KILL')
          if (what === 'stop proxy') signals.send(pid, 'STOP')
          if (what === 'kill shop') processes.end(shop.process.pid, 1)
        })
        clock.schedule(2000, () => void signals.send(pid, 'CONT'))
        await clock.runUntil(20_000)
        expect(ends).toEqual(clients.map(() => 1))
        expect([shop.server.connections.size, slow.server.connections.size]).toEqual([0, 0])
      },
    ),
    { numRuns: 150 },
  )
})
