import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CertificateStore } from '../../../../simulator/host/virtual/certificates.ts'
import { PUBLIC_ADDRESS, type Certificate, type Obtained } from '../../../../simulator/machine/network/api.ts'
import { AUTHORITY, DAY } from '../../../../simulator/machine/network/certificates.ts'
import { born, surroundings } from './support.ts'

const SITE = { name: 'shop.example', upstream: '127.0.0.1:8000' }

function store() {
  const parts = surroundings()
  const { network, processes } = parts
  const certificates = new CertificateStore(parts)
  /** A server on port 80 that answers with the token that was placed, or with something else. */
  const serve = (answer = (target: string) => certificates.tokenAt(target)) => {
    const process = born(processes)
    network.listeners.bind(process.pid, [{ kind: 'tcp', host: '0.0.0.0', port: 80 }], 10)
    const server = network.serve(process, {
      keepAlive: 0,
      onConnection(connection) {
        server.connections.set(connection.id, connection)
        connection.callbacks.onBody?.(answer(connection.request.target) ?? 'not found')
        network.endConnection(connection, 'answered', server)
      },
    })
    server.accepting = true
    return process
  }
  const steps = () => parts.trace.events.flatMap((each) => (each.type === 'challenge' ? [each.step] : []))
  return { ...parts, certificates, serve, steps }
}

function certificate(names: readonly string[], more: Partial<Certificate> = {}): Certificate {
  return { names, issuer: 'me', notBefore: 0, notAfter: 90 * DAY, serial: names.join(' '), ...more }
}

test('a certificate of several names is one, and is found by each of them', () => {
  const { certificates } = store()
  certificates.put(certificate(['shop.example', '*.shop.example']))
  expect(certificates.list()).toHaveLength(1)
  expect(['shop.example', 'www.shop.example', 'shop.test'].map((name) => certificates.has(name))).toEqual([
    true,
    true,
    false,
  ])
})

test('it expires for all of its names, and only for those', () => {
  const { certificates } = store()
  certificates.put(certificate(['a.test', 'b.test']))
  certificates.put(certificate(['c.test']))
  expect([certificates.expire('a.test'), certificates.expire('d.test')]).toEqual([true, false])
  expect(['a.test', 'b.test', 'c.test'].map((name) => certificates.has(name))).toEqual([false, false, true])
  expect(certificates.list()).toHaveLength(2)
})

test('what was removed or has expired by hand is not renewed by itself, and can be put again', async () => {
  const { certificates, clock, dns, serve } = store()
  dns.set('shop.example', PUBLIC_ADDRESS)
  serve()
  certificates.renewedBy({ pid: 1, settings: { sites: [SITE], automatic: true } })
  for (const end of ['remove', 'expire'] as const) {
    certificates.put(certificate(['shop.example']))
    certificates[end]('shop.example')
    certificates[end]('shop.example')
    await clock.runUntil(clock.now + 80 * DAY)
    expect(certificates.has('shop.example')).toBe(false)
  }
  certificates.remove('other.example')
})

test.each([
  ['the name has no address', undefined, true, 'no-address'],
  ['it is that of another machine', '192.0.2.7', true, 'no-connection'],
  ['nobody listens', PUBLIC_ADDRESS, false, 'no-connection'],
  ['another server answers', PUBLIC_ADDRESS, 'other', 'wrong-answer'],
  ['it answers with the token', PUBLIC_ADDRESS, true, undefined],
])('a challenge: %s', async (_, address, server, reason) => {
  const { certificates, clock, dns, serve, steps } = store()
  dns.set('shop.example', address)
  let target = ''
  if (server === 'other') serve((path) => ((target = path), undefined))
  else if (server === true) serve((path) => certificates.tokenAt((target = path)))
  const results: Obtained[] = []
  certificates.obtain('shop.example', (result) => results.push(result))
  await clock.runUntil(60_000)
  expect(results).toHaveLength(1)
  if (reason === undefined) {
    expect(results[0]).toMatchObject({
      ok: true,
      certificate: { issuer: AUTHORITY, names: ['shop.example'] },
    })
    expect(certificates.list()).toHaveLength(1)
    expect(steps()).toEqual(['ordered', 'token-placed', 'asked', 'passed'])
  } else {
    expect(results[0]).toMatchObject({ ok: false, reason })
    expect(steps().at(-1)).toBe('failed')
  }
  // The token is not there any longer.
  expect(certificates.tokenAt(target)).toBeUndefined()
})

test('two orders for a name have tokens of their own and serials of their own', async () => {
  const { certificates, clock, dns, serve } = store()
  dns.set('shop.example', PUBLIC_ADDRESS)
  serve()
  const serials: string[] = []
  for (let i = 0; i < 2; i++)
    certificates.obtain('shop.example', (result) =>
      serials.push(result.ok ? result.certificate.serial : 'none'),
    )
  await clock.runUntil(20_000)
  expect(new Set(serials).size).toBe(2)
  expect(serials).not.toContain('none')
  expect(certificates.list()).toHaveLength(1)
})

test('a running proxy that renews by itself does so when a third is left, for its sites; no other does', async () => {
  const { certificates, clock, dns, serve } = store()
  for (const name of ['shop.example', 'other.example']) dns.set(name, PUBLIC_ADDRESS)
  serve()
  for (const name of ['shop.example', 'other.example']) certificates.put(certificate([name]))
  const issuers = () => certificates.list().map(({ issuer }) => issuer)
  certificates.renewedBy({ pid: 1, settings: { sites: [SITE], automatic: true, lifetime: 30 } })
  await clock.runUntil(59 * DAY)
  expect(issuers()).toEqual(['me', 'me'])
  await clock.runUntil(61 * DAY)
  expect(issuers()).toEqual([AUTHORITY, 'me'])
  const [own] = certificates.list()
  expect(((own?.notAfter ?? 0) - (own?.notBefore ?? 0)) / DAY).toBe(30)
})

test('a renewal that fails is tried again every hour, once, however often the proxy is told of its sites', async () => {
  const { certificates, clock, dns, serve, steps } = store()
  certificates.renewedBy({ pid: 1, settings: { sites: [SITE], automatic: true } })
  for (let i = 0; i < 5; i++) {
    certificates.seeTo([SITE])
    await clock.runUntil(clock.now + 60_000)
  }
  const before = steps().filter((step) => step === 'ordered').length
  await clock.runUntil(clock.now + 10 * 3_600_000)
  expect(steps().filter((step) => step === 'ordered').length - before).toBe(10)
  dns.set('shop.example', PUBLIC_ADDRESS)
  serve()
  await clock.runUntil(clock.now + 2 * 3_600_000)
  expect(certificates.has('shop.example')).toBe(true)
})

test('property: whatever is asked of it, everybody is answered once and each name has one plan at most', async () => {
  const names = ['a.test', 'b.test', 'c.test']
  const act = fc.record({
    what: fc.constantFrom('put', 'put both', 'remove', 'expire', 'obtain', 'see to', 'address', 'no address'),
    name: fc.constantFrom(...names),
    wait: fc.constantFrom(0, 300, 5000, 40 * DAY),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 15 }), fc.boolean(), async (acts, served) => {
      const { certificates, clock, dns, serve } = store()
      if (served) serve()
      certificates.renewedBy({
        pid: 1,
        settings: { sites: names.map((name) => ({ ...SITE, name })), automatic: true },
      })
      const answers: number[] = []
      for (const { what, name, wait } of acts) {
        if (what === 'put') certificates.put(certificate([name], { notAfter: clock.date + 9 * DAY }))
        else if (what === 'put both') certificates.put(certificate(['a.test', 'b.test']))
        else if (what === 'remove') certificates.remove(name)
        else if (what === 'expire') certificates.expire(name)
        else if (what === 'see to') certificates.seeTo([{ ...SITE, name }])
        else if (what === 'obtain') {
          const index = answers.push(0) - 1
          certificates.obtain(name, () => void (answers[index] = (answers[index] ?? 0) + 1))
        } else dns.set(name, what === 'address' ? PUBLIC_ADDRESS : undefined)
        await clock.runUntil(clock.now + wait)
      }
      // Longer than any challenge takes.
      await clock.runUntil(clock.now + 30_000)
      expect(answers.every((count) => count === 1)).toBe(true)
      expect(clock.pending).toBeLessThanOrEqual(names.length)
      for (const each of certificates.list()) expect(each.notBefore).toBeLessThanOrEqual(each.notAfter)
    }),
    { numRuns: 60 },
  )
})
