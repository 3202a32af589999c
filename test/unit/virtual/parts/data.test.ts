import { expect, test } from 'vitest'
import type { Json } from '../../../../simulator/host/virtual/guest.ts'
import { SharedData, type CallResult } from '../../../../simulator/host/virtual/data.ts'
import { born, bottom } from './support.ts'

function shared(most?: number) {
  const parts = bottom()
  const data = new SharedData(parts, most)
  const process = born(parts.processes)
  const call = async (method: string, ...args: readonly Json[]): Promise<CallResult | undefined> => {
    let reply: CallResult | undefined
    data.call(process, method, args, (answer) => {
      reply = answer
    })
    await parts.clock.runUntil(parts.clock.now + 100)
    return reply
  }
  return { ...parts, data, process, call }
}

test('a key holds until its time is over, and only one can acquire it', async () => {
  const { call, data, process } = shared()
  expect(await call('store.acquire', 'lock', 250)).toEqual({ value: true })
  expect(await call('store.acquire', 'lock', 250)).toEqual({ value: false })
  expect(data.keys()).toEqual([{ key: 'lock', value: String(process.pid) }])
  await call('store.get', 'lock')
  expect(await call('store.get', 'lock')).toEqual({ value: null })
  expect(data.keys()).toEqual([])
})

test('a counter counts from nothing, and text is no number', async () => {
  const { call } = shared()
  expect(await call('store.incr', 'hits')).toEqual({ value: 1 })
  expect(await call('store.incr', 'hits', 4)).toEqual({ value: 5 })
  await call('store.set', 'name', 'Ada')
  expect(await call('store.incr', 'name')).toEqual({
    error: 'ERR value is not an integer or out of range',
  })
})

test('connections are counted, refused when there are too many, and closed when their process ends', async () => {
  const { call, data, process } = shared(2)
  expect(await call('database.connect')).toEqual({ value: null })
  expect(await call('database.connect')).toEqual({ value: null })
  expect(await call('database.connect')).toEqual({ error: 'FATAL:  sorry, too many clients already' })
  expect(data.connections()).toEqual({ open: 2, most: 2 })
  await call('database.close')
  expect(data.connections()).toEqual({ open: 1, most: 2 })
  data.processEnded(process)
  expect(data.connections()).toEqual({ open: 0, most: 2 })
})

test('what is sent stays in the outbox, with the time and the process', async () => {
  const { call, data, process } = shared()
  await call('send', 'Welcome')
  expect(data.outbox().map(({ pid, text }) => ({ pid, text }))).toEqual([
    { pid: process.pid, text: 'Welcome' },
  ])
  expect(await call('fly')).toEqual({ error: 'there is no fly' })
})
