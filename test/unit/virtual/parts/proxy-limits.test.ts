import { expect, test } from 'vitest'
import type { ProxySettings } from '../../../../simulator/machine/network/api.ts'
import { PLAIN, proxied, SITE } from './proxied.ts'

test('a response that does not begin in time is answered with 504, one that stops in the middle is cut off', async () => {
  const { ask, clock, proxy, upstream } = proxied()
  upstream(8000, { ms: 100_000 })
  proxy.start(PLAIN)
  const seen = ask()
  await clock.runUntil(59_000)
  expect(seen).toEqual([])
  await clock.runUntil(61_000)
  expect(seen).toEqual(['504', 'answered'])
  proxy.configure({ ...PLAIN, readTimeout: 5 })
  const soon = ask()
  await clock.runUntil(clock.now + 5500)
  expect(soon).toEqual(['504', 'answered'])
})

test('each read begins the time anew', async () => {
  const { ask, clock, proxy, upstream } = proxied()
  upstream(8000, { ms: 8000, headFirst: true })
  proxy.start({ ...PLAIN, readTimeout: 5 })
  const seen = ask()
  await clock.runUntil(20_000)
  expect(seen).toEqual(['200', 'cut-off'])
  proxy.configure({ ...PLAIN, readTimeout: 9 })
  const patient = ask()
  await clock.runUntil(40_000)
  expect(patient).toEqual(['200', 'hello', 'answered'])
})

test('Caddy waits as long as it takes', async () => {
  const { ask, clock, proxy, upstream } = proxied()
  upstream(8000, { ms: 500_000 })
  proxy.start({ ...PLAIN, automatic: true })
  const seen = ask()
  await clock.runUntil(600_000)
  expect(seen).toEqual(['200', 'hello', 'answered'])
})

test('an upstream whose backlog is full is not connected to: 504 after the time for that', async () => {
  const { ask, clock, proxy, upstream } = proxied()
  const { server } = upstream(8000, { backlog: 1 })
  server.accepting = false
  proxy.start({ ...PLAIN, connectTimeout: 4 })
  const first = ask()
  const second = ask()
  await clock.runUntil(5000)
  expect([first, second]).toEqual([[], ['504', 'answered']])
})

test('a slow upstream is left out, and the next one is tried, unless the request may not be sent twice', async () => {
  const { ask, clock, proxy, upstream } = proxied()
  const slow = upstream(8000, { ms: 100_000 })
  const quick = upstream(8001)
  const upstreams = ['127.0.0.1:8000', '127.0.0.1:8001']
  proxy.start({ ...PLAIN, sites: [{ name: SITE.name, upstream: upstreams }], readTimeout: 5 })
  const seen = ask()
  await clock.runUntil(6000)
  expect(seen).toEqual(['200', 'hello', 'answered'])
  expect([slow.requests.length, quick.requests.length]).toEqual([1, 1])
  await clock.runUntil(60_000)
  const posts = [ask({ method: 'POST' }), ask({ method: 'POST' })]
  await clock.runUntil(66_000)
  expect(posts.toSorted()).toEqual([
    ['200', 'hello', 'answered'],
    ['504', 'answered'],
  ])
})

/** A first request over a connection that the server keeps for five seconds, and when it has closed it. */
async function afterOne(settings: Partial<ProxySettings>) {
  const world = proxied()
  const { ask, clock, network, proxy, upstream } = world
  upstream(8000, { keepAlive: 5 })
  proxy.start({ ...PLAIN, ...settings })
  ask()
  await clock.runUntil(100)
  const isKept = () => network.isKept(-1, { kind: 'tcp', host: '127.0.0.1', port: 8000 })
  return { ...world, isKept }
}

/** The statuses of a second request that comes around the moment at which the server closes the connection. */
async function aroundTheClose(settings: Partial<ProxySettings>, method: string): Promise<Set<string>> {
  const dry = await afterOne(settings)
  while (dry.isKept()) await dry.clock.step()
  const statuses = new Set<string>()
  for (let before = 0; before < 0.6; before += 0.02) {
    const { ask, clock } = await afterOne(settings)
    await clock.runUntil(dry.clock.now - before)
    const seen = ask({ method })
    await clock.runUntil(clock.now + 100)
    statuses.add(seen[0] ?? 'none')
  }
  return statuses
}

test('a load balancer that keeps connections longer than the server answers now and then with 502', async () => {
  const settings = { upstreamKeepAlive: 60 }
  expect(await aroundTheClose(settings, 'GET')).toEqual(new Set(['200', '502']))
  // A proxy that closes its connections before the server does never meets that.
  expect(await aroundTheClose({ upstreamKeepAlive: 4 }, 'GET')).toEqual(new Set(['200']))
})

test('nginx sends the request once more over a new connection, but not one that may not be sent twice', async () => {
  const settings = { upstreamKeepAlive: 60, plain: false, redirect: false }
  expect(await aroundTheClose(settings, 'GET')).toEqual(new Set(['200']))
  expect(await aroundTheClose(settings, 'POST')).toEqual(new Set(['200', '502']))
})

test('without keep-alive each request has a connection of its own; with it they share one while the server keeps it', async () => {
  expect((await afterOne({})).isKept()).toBe(false)
  expect((await afterOne({ upstreamKeepAlive: 60 })).isKept()).toBe(true)
  const { ask, clock, proxy, upstream } = proxied()
  const { requests } = upstream(8000, { keepAlive: 5 })
  proxy.start({ ...PLAIN, upstreamKeepAlive: 60 })
  for (let at = 0; at < 3; at++) {
    ask()
    await clock.runUntil(clock.now + 1000)
  }
  expect(requests.map(({ connection }) => connection)).toEqual([-1, -1, -1])
  const both = [ask(), ask()]
  await clock.runUntil(clock.now + 1000)
  expect(both).toEqual([
    ['200', 'hello', 'answered'],
    ['200', 'hello', 'answered'],
  ])
  expect(
    requests
      .slice(3)
      .map(({ connection }) => connection)
      .toSorted(),
  ).toEqual([-1, -2])
})
