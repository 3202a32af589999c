import { expect, test } from 'vitest'
import { ContainerNetworks } from '../../../../simulator/host/virtual/container-networks.ts'

test('each container gets the lowest free address of its network, and gives it back', () => {
  const networks = new ContainerNetworks()
  for (const name of ['a', 'b', 'c']) networks.join(name, { network: 'bridge' })
  expect(['a', 'b', 'c'].map((name) => networks.addressOf(name))).toEqual([
    '172.17.0.2',
    '172.17.0.3',
    '172.17.0.4',
  ])
  networks.leave('b')
  networks.join('d', { network: 'bridge' })
  networks.join('e', { network: 'shop' })
  expect([networks.addressOf('d'), networks.addressOf('e')]).toEqual(['172.17.0.3', '172.18.0.2'])
  expect([networks.at('172.18.0.2'), networks.at('172.18.0.3')]).toEqual(['e', undefined])
  expect([networks.isGateway('172.18.0.1'), networks.isGateway('172.19.0.1')]).toEqual([true, false])
  expect(networks.gatewayOf('e')).toBe('172.18.0.1')
})

test('names are known in the networks that users make, and there alone', () => {
  const networks = new ContainerNetworks()
  networks.join('a', { network: 'bridge' })
  networks.join('b', { network: 'bridge' })
  networks.join('shop-web-1', { network: 'shop', names: ['web'] })
  networks.join('shop-db-1', { network: 'shop', names: ['db'] })
  expect(networks.resolve('b', 'a')).toBeUndefined()
  expect(networks.resolve('web', 'shop-db-1')).toBe('172.18.0.2')
  expect(networks.resolve('shop-web-1', 'shop-db-1')).toBe('172.18.0.2')
  expect(networks.resolve('web', 'a')).toBeUndefined()
  expect(networks.resolve('web', undefined)).toBeUndefined()
})

test('a published port leads into the container, or to the machine when the container has no network of its own', () => {
  const networks = new ContainerNetworks()
  networks.join('own', { ports: [{ host: 80, inner: 8000 }] })
  networks.join('web', { network: 'bridge', ports: [{ host: 81, inner: 8000, ip: '127.0.0.1' }] })
  expect(networks.published(80)).toEqual({ inner: 8000, inside: undefined, loopback: false })
  expect(networks.published(81)).toEqual({ inner: 8000, inside: 'web', loopback: true })
  expect(networks.ports()).toEqual([{ host: 81, inner: 8000, ip: '127.0.0.1' }])
  networks.leave('web')
  expect(networks.published(81)).toBeUndefined()
})
