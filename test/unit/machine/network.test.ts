import { expect, test } from 'vitest'
import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { PUBLIC_ADDRESS } from '../../../simulator/machine/network/api.ts'
import { AUTHORITY, covers, DAY, checkCertificate } from '../../../simulator/machine/network/certificates.ts'
import { seenThroughProxy } from '../../../simulator/machine/network/forwarded.ts'
import { ask, machine, run } from './support.ts'

const NAME = 'shop.example.com'
const FROM = '203.0.113.77'

/** A server behind a proxy that gets its certificates by itself. */
async function behindProxy(
  options: { automatic?: boolean; dns?: boolean; command?: string } = {},
): Promise<Kernel> {
  const { automatic = true, dns = true, command = 'uvicorn main:app' } = options
  const kernel = machine()
  if (dns) kernel.dns.set(NAME, PUBLIC_ADDRESS)
  run(kernel, command)
  await kernel.runUntil(3000)
  kernel.proxy.start({ sites: [{ name: NAME, upstream: '127.0.0.1:8000' }], automatic })
  await kernel.runUntil(8000)
  return kernel
}

const https = (kernel: Kernel, more: object = {}) =>
  ask(kernel, '/', 443, { host: NAME, secure: true, from: FROM, ...more })

test('the whole way of a request: name, connection, certificate, decryption, application', async () => {
  const kernel = await behindProxy()
  const before = kernel.trace.length
  expect(await https(kernel)).toBe('200')
  const kinds = kernel.trace.slice(before).map(({ type }) => type)
  const steps = [
    'dns',
    'tcp',
    'tls-hello',
    'certificate',
    'encrypted',
    'decrypted',
    'forwarded',
    'request-ended',
  ]
  expect(kinds.filter((kind) => steps.includes(kind))).toEqual([...steps, 'request-ended'])
  const inner = kernel.trace.findLast((event) => event.type === 'forwarded')
  expect(inner).toMatchObject({
    headers: { 'x-forwarded-for': FROM, 'x-forwarded-proto': 'https', 'x-forwarded-host': NAME },
  })
  expect(kernel.trace.findLast((event) => event.type === 'forwarded-headers')).toMatchObject({
    trusted: true,
  })
  // The access log shows whom the proxy answered for.
  expect(
    kernel.trace.some((event) => event.type === 'output' && event.text.includes(`${FROM}:0 - "GET / `)),
  ).toBe(true)
  expect(await ask(kernel, '/', 80, { host: NAME, from: FROM })).toBe('308')
})

test('clients refuse a certificate that is over, of an unknown issuer, or for another name; -k does not', async () => {
  const kernel = await behindProxy()
  expect(kernel.certificates.list()).toHaveLength(1)
  kernel.faults.expireCertificate(NAME)
  expect(await https(kernel)).toBe('bad-certificate')
  expect(await https(kernel, { insecure: true })).toBe('200')
  kernel.certificates.remove(NAME)
  expect(await https(kernel)).toBe('no-certificate')
  const at = kernel.epoch + kernel.now
  const own = { names: [NAME], issuer: 'my laptop', notBefore: at, notAfter: at + DAY, serial: '1' }
  kernel.certificates.put(own)
  expect(await https(kernel)).toBe('bad-certificate')
  kernel.certificates.put({ ...own, issuer: AUTHORITY })
  expect(await https(kernel)).toBe('200')
  kernel.dns.set('other.example.com', PUBLIC_ADDRESS)
  expect(await https(kernel, { host: 'other.example.com' })).toBe('bad-certificate')
  expect(await https(kernel, { host: 'nowhere.example.com' })).toBe('no-such-host')
})

test('a challenge needs a name that points here', async () => {
  const kernel = await behindProxy({ dns: false })
  expect(kernel.certificates.list()).toEqual([])
  expect(kernel.trace.findLast((event) => event.type === 'challenge')).toMatchObject({
    step: 'failed',
    text: `DNS problem: NXDOMAIN looking up A for ${NAME}`,
  })
  kernel.dns.set(NAME, PUBLIC_ADDRESS)
  const heard: boolean[] = []
  kernel.certificates.obtain(NAME, ({ ok }) => heard.push(ok))
  await kernel.runUntil(kernel.now + 5000)
  expect(heard).toEqual([true])
  expect(await https(kernel)).toBe('200')
})

test('such a proxy renews in time, another does not', async () => {
  const life = async (automatic: boolean): Promise<string> => {
    const kernel = machine()
    kernel.dns.set(NAME, PUBLIC_ADDRESS)
    kernel.proxy.start({ sites: [{ name: NAME, upstream: '127.0.0.1:8000' }], automatic })
    kernel.certificates.obtain(NAME)
    await kernel.runUntil(200 * DAY)
    return ask(kernel, '/', 443, { host: NAME, secure: true, from: FROM })
  }
  // Nothing runs behind it.
  expect(await life(true)).toBe('502')
  expect(await life(false)).toBe('bad-certificate')
})

test('who is believed about X-Forwarded headers', () => {
  // A name may come twice: of what proxies before have said nothing is lost.
  const headers = [
    ['X-Forwarded-For', '1.2.3.4'],
    ['x-forwarded-proto', 'http'],
    ['x-forwarded-for', '9.9.9.9'],
    ['X-Forwarded-Proto', 'https'],
  ] as const
  expect(seenThroughProxy(headers, '127.0.0.1', '127.0.0.1')).toEqual({
    scheme: 'https',
    client: '9.9.9.9',
    trusted: true,
  })
  expect(seenThroughProxy(headers, '10.0.0.5', '127.0.0.1')).toEqual({
    scheme: 'http',
    client: undefined,
    trusted: false,
  })
  // With * whatever a client claims.
  expect(seenThroughProxy(headers, '10.0.0.5', '*').client).toBe('1.2.3.4')
  expect(seenThroughProxy([], '10.0.0.5', '*').trusted).toBeUndefined()
})

test('certificates and names', () => {
  const certificate = {
    names: ['example.com', '*.example.com'],
    issuer: AUTHORITY,
    notBefore: 1000,
    notAfter: 2000,
    serial: '1',
  }
  expect(covers(certificate, 'EXAMPLE.com')).toBe(true)
  expect(covers(certificate, 'a.example.com')).toBe(true)
  expect(covers(certificate, 'a.b.example.com')).toBe(false)
  expect(checkCertificate(certificate, 'a.example.com', 1500)).toBe('good')
  expect(checkCertificate(certificate, 'a.example.com', 2000)).toBe('expired')
  expect(checkCertificate(certificate, 'a.example.com', 1)).toBe('not-yet-valid')
  expect(checkCertificate(certificate, 'example.org', 1500)).toBe('wrong-name')
})

test('requests over one connection stay with one worker; over many they do not', async () => {
  const kernel = machine()
  run(kernel, 'uvicorn main:app --workers 4')
  await kernel.runUntil(3000)
  const pids = async (more: object): Promise<number> => {
    const seen = new Set<number>()
    for (let i = 0; i < 40; i++) {
      await ask(kernel, '/', 8000, more)
      const last = kernel.trace.findLast((event) => event.type === 'accepted')
      if (last?.type === 'accepted') seen.add(last.pid)
    }
    return seen.size
  }
  expect(await pids({ connection: 1 })).toBe(1)
  expect(await pids({})).toBeGreaterThan(1)
})

test('another program takes the port', async () => {
  const kernel = machine()
  const pid = kernel.faults.takePort({ kind: 'tcp', host: '127.0.0.1', port: 8000 })
  run(kernel, 'uvicorn main:app')
  await kernel.runUntil(3000)
  expect(kernel.processes().map((each) => each.pid)).toEqual([pid])
  expect(kernel.faults.takePort({ kind: 'tcp', host: '127.0.0.1', port: 8000 })).toBe('in-use')
})

test('with --reuse-port each server has a socket of its own on the port, without it the port is taken', async () => {
  const kernel = machine()
  const command = 'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8000'
  for (let index = 0; index < 3; index++) run(kernel, `${command} --reuse-port`)
  await kernel.runUntil(3000)
  expect(kernel.sockets().map(({ holders }) => holders.length)).toEqual([2, 2, 2])
  run(kernel, command)
  await kernel.runUntil(20_000)
  expect(kernel.sockets()).toHaveLength(3)
  // One leaves, and its socket with it: the port is still open.
  const [first] = kernel.sockets()
  const leaving = first?.holders[0] ?? 0
  kernel.signal(leaving, 'TERM')
  await kernel.runUntil(25_000)
  expect(kernel.sockets()).toHaveLength(2)
  const closed = kernel.trace.filter((event) => event.type === 'listener-closed')
  expect(closed.map(({ pid }) => pid)).toEqual([leaving])
  expect(await ask(kernel, '/')).toBe('200')
})

test('a proxy deals to several upstreams in turns, and leaves out for a while who refuses', async () => {
  const kernel = machine()
  const ports = [8001, 8002, 8003]
  const servers = ports.map((port) => run(kernel, `uvicorn main:app --port ${port}`))
  await kernel.runUntil(3000)
  const upstream = ports.map((port) => `127.0.0.1:${port}`)
  kernel.proxy.start({ sites: [{ name: NAME, upstream }], automatic: false, plain: true })
  const asked = async (): Promise<(string | undefined)[]> => {
    const before = kernel.trace.length
    expect(await ask(kernel, '/', 80, { headers: [['host', NAME]] })).toBe('200')
    return kernel.trace
      .slice(before)
      .flatMap((event) => (event.type === 'forwarded' ? [event.upstream.slice(-4)] : []))
  }
  const times = async (count: number): Promise<string> => {
    const all = []
    for (let index = 0; index < count; index++) all.push((await asked()).join('>'))
    return all.join(' ')
  }
  expect(await times(4)).toBe('8001 8002 8003 8001')
  kernel.signal(servers[1] ?? 0, 'KILL')
  expect(await times(4)).toBe('8002>8003 8001 8003 8001')
  run(kernel, 'uvicorn main:app --port 8002')
  await kernel.runUntil(kernel.now + 11_000)
  expect(await times(3)).toBe('8002 8003 8001')
})
