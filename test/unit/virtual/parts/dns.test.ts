import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAddress, isOwn, DnsRecords } from '../../../../simulator/host/virtual/dns.ts'
import { PUBLIC_ADDRESS } from '../../../../simulator/machine/network/api.ts'

test('a name is set, changed and removed, in capitals or not', () => {
  const names = new DnsRecords()
  names.set('Shop.example', '192.0.2.1')
  names.set('shop.EXAMPLE', PUBLIC_ADDRESS)
  expect(names.resolve('SHOP.example')).toBe(PUBLIC_ADDRESS)
  expect(names.records()).toEqual([{ name: 'shop.example', address: PUBLIC_ADDRESS }])
  names.set('shop.example', undefined)
  names.set('shop.example', undefined)
  expect([names.resolve('shop.example'), names.records()]).toEqual([undefined, []])
})

test('localhost and addresses need no record', () => {
  const names = new DnsRecords()
  expect(['localhost', '192.0.2.1', '::1', 'nobody.example'].map((name) => names.resolve(name))).toEqual([
    '127.0.0.1',
    '192.0.2.1',
    '::1',
    undefined,
  ])
  expect(['127.0.0.1', '127.9.9.9', PUBLIC_ADDRESS, '::1', '0.0.0.0', '192.0.2.1'].map(isOwn)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ])
})

test('property: every address is one and resolves to itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      expect(isAddress(address)).toBe(true)
      expect(new DnsRecords().resolve(address)).toBe(address)
    }),
  )
  fc.assert(
    fc.property(fc.domain(), (name) => {
      expect(isAddress(name)).toBe(false)
    }),
  )
})
