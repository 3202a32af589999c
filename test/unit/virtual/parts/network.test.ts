import { ContainerNetworks } from '../../../../simulator/host/virtual/container-networks.ts'
import { expect, test } from 'vitest'
import type { Connection } from '../../../../simulator/host/virtual/connection.ts'
import { DnsRecords } from '../../../../simulator/host/virtual/dns.ts'
import { Network } from '../../../../simulator/host/virtual/network.ts'
import { born, bottom } from './support.ts'

const BIND = { kind: 'tcp', host: '0.0.0.0', port: 8000 } as const
const REQUEST = { host: '127.0.0.1', port: 8000, method: 'GET', target: '/' }

function network() {
  const parts = bottom()
  const dns = new DnsRecords()
  const made = new Network({ ...parts, dns, power: { on: true }, containers: new ContainerNetworks() })
  parts.threads.onIdle = (process) => made.offerTo(process)
  return { ...parts, dns, network: made }
}

test('a connection waits at its socket until a process accepts, and goes to one that has nothing to do', async () => {
  const { clock, network: net, processes, threads } = network()
  const [busy, idle] = [born(processes), born(processes)]
  net.listeners.bind(busy.pid, [BIND], 10)
  net.listeners.inherit(busy.pid, idle.pid)
  const taken: number[] = []
  const servers = [busy, idle].map((process) =>
    net.serve(process, { keepAlive: 0, onConnection: () => taken.push(process.pid) }),
  )
  net.request(REQUEST, { onEnd: () => undefined })
  await clock.runUntil(10)
  expect(net.listeners.all()[0]?.waiting).toHaveLength(1)
  threads.occupy(busy, 1000)
  for (const server of servers) server.accepting = true
  net.offerAll()
  expect(taken).toEqual([idle.pid])
})

test('with the last process that has it open a socket closes, and what waited there is told', async () => {
  const { clock, network: net, processes } = network()
  const process = born(processes)
  net.listeners.bind(process.pid, [BIND], 10)
  const ends: string[] = []
  net.request(REQUEST, { onEnd: (end) => ends.push(end) })
  await clock.runUntil(10)
  net.closeListeners(process.pid)
  net.request(REQUEST, { onEnd: (end) => ends.push(end) })
  await clock.runUntil(20)
  expect(ends).toEqual(['closed', 'refused'])
})

test('a connection that is kept open carries the next request to the same process', async () => {
  const { clock, network: net, processes } = network()
  const process = born(processes)
  net.listeners.bind(process.pid, [BIND], 10)
  const taken: Connection[] = []
  const server = net.serve(process, {
    keepAlive: 5,
    onConnection(connection) {
      taken.push(connection)
      server.connections.set(connection.id, connection)
      net.endConnection(connection, 'answered', server)
    },
  })
  server.accepting = true
  const reused: boolean[] = []
  for (const wait of [100, 6000, 100]) {
    net.request(
      { ...REQUEST, connection: 7 },
      { onConnect: (to) => reused.push(to.reused), onEnd: () => undefined },
    )
    await clock.runUntil(clock.now + wait)
  }
  expect(taken).toHaveLength(3)
  expect(reused).toEqual([false, true, false])
})

test('a name that nobody knows leads nowhere', async () => {
  const { clock, dns, network: net } = network()
  const ends: string[] = []
  net.request({ ...REQUEST, host: 'shop.example' }, { onEnd: (end) => ends.push(end) })
  await clock.runUntil(100)
  dns.set('shop.example', '192.0.2.7')
  net.request({ ...REQUEST, host: 'shop.example' }, { onEnd: (end) => ends.push(end) })
  await clock.runUntil(200)
  expect(ends).toEqual(['no-such-host', 'refused'])
})
