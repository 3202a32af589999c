import { expect, test } from 'vitest'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { UpstreamConnections } from '../../../../simulator/host/virtual/upstream-connections.ts'

test('the connection used last is taken first; one that was idle for too long is closed', async () => {
  const clock = new Clock(0)
  const connections = new UpstreamConnections({ clock })
  const [a, b] = [connections.take('one'), connections.take('one')]
  expect(new Set([a, b, connections.take('two')]).size).toBe(3)
  connections.keep('one', a, 60)
  await clock.runUntil(30_000)
  connections.keep('one', b, 60)
  expect(connections.take('one')).toBe(b)
  connections.keep('one', b, 60)
  await clock.runUntil(70_000)
  expect(connections.take('one')).toBe(b)
  expect([a, b]).not.toContain(connections.take('one'))
})
