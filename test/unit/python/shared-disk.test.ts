import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { bytesOf, textOf } from '../../../simulator/python/surrogates.ts'
import { endGuests, pythonGuests } from './guest.ts'

/** An interpreter takes its time to start on a busy computer. */
const PATIENCE_MS = 300_000

afterAll(endGuests)

/** Four workers of one application, and what is asked of them at once. */
async function machine() {
  const kernel = new Kernel({
    seed: 7,
    factory: pythonGuests(),
    runtime: 'python',
    files: {
      'main.py': readFileSync(join(import.meta.dirname, 'shared-disk.py'), 'utf8'),
      'note.txt': 'from the shell',
    },
  })
  kernel.exec({ argv: ['uvicorn', 'main:app', '--port', '8080', '--workers', '4'], env: {} })
  await kernel.runUntil(5000)
  /** So many requests at the same time: the texts of their answers in the order in which they ended, and who answered. */
  const ask = async (target: string, times = 1) => {
    const texts: string[] = []
    const pids = new Set<number>()
    for (let i = 0; i < times; i++) {
      let text = ''
      kernel.request(
        { host: '127.0.0.1', port: 8080, method: 'GET', target, patience: 60_000 },
        {
          onBody: (part) => (text += part),
          onEnd: (_, pid) => {
            texts.push(text)
            if (pid !== undefined) pids.add(pid)
          },
        },
      )
    }
    while (texts.length < times) await kernel.runUntil(kernel.now + 100)
    return { texts, pids }
  }
  return { kernel, ask }
}

test('a counter in a global, in a file, under a lock, in a database', { timeout: PATIENCE_MS }, async () => {
  const { kernel, ask } = await machine()
  const numbers = (texts: readonly string[]) => texts.map(Number).toSorted((a, b) => a - b)
  const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1)

  // Each worker counts for itself.
  const memory = await ask('/memory', 12)
  expect(memory.pids.size).toBeGreaterThan(1)
  expect(Math.max(...memory.texts.map(Number))).toBeLessThan(12)

  // All read before one has written.
  const race = await ask('/race', 12)
  expect(Math.max(...race.texts.map(Number))).toBeLessThan(12)
  expect(Number(kernel.readFile('race.txt'))).toBe(Math.max(...race.texts.map(Number)))
  expect(kernel.listFiles().filter((path) => path.startsWith('race'))).toEqual(['race.txt'])

  const locked = await ask('/flock', 8)
  expect(locked.pids.size).toBeGreaterThan(1)
  expect(numbers(locked.texts)).toEqual(upTo(8))
  expect(kernel.readFile('counter.txt')).toBe('8')

  const counted = await ask('/sqlite', 8)
  expect(counted.pids.size).toBeGreaterThan(1)
  expect(Math.max(...counted.texts.map(Number))).toBe(8)
  expect(kernel.readFile('hits.db')).toMatch(/^SQLite format 3/)
  expect((await ask('/patience')).texts).toEqual(['"database is locked"'])
  expect((await ask('/wal')).texts[0]).toContain('journal_mode=WAL is not available here')

  // What is appended at the same time is all there, by everyone who wrote.
  const appended = await ask('/append', 12)
  const lines = kernel.readFile('requests.log')?.trim().split('\n') ?? []
  expect(lines).toHaveLength(12)
  expect(new Set(lines.map(Number))).toEqual(appended.pids)

  await ask('/bytes')
  const looked = await ask('/look', 8)
  expect(looked.pids.size).toBeGreaterThan(1)
  for (const text of looked.texts) {
    const [whole, names, note] = JSON.parse(text) as [boolean, readonly string[], string]
    expect([whole, note]).toEqual([true, 'from the shell'])
    expect(names).toEqual([
      ...['bytes.bin', 'counter.lock', 'counter.txt', 'hits.db', 'note.txt', 'race.txt', 'requests.log'],
    ])
  }
  kernel.writeFile('note.txt', 'changed')
  expect((await ask('/look')).texts[0]).toContain('changed')
  await ask('/removed')
  expect(kernel.readFile('note.txt')).toBeUndefined()

  // A thread that waits for a lock lets the one run that holds it.
  const guarded = await ask('/thread-lock', 8)
  const ofWorkers = guarded.texts.map(Number)
  expect(ofWorkers.filter((each) => each === 1)).toHaveLength(guarded.pids.size)
})

test('a worker that is killed leaves no lock behind', { timeout: PATIENCE_MS }, async () => {
  const { kernel, ask } = await machine()
  let victim: number | undefined
  kernel.subscribe((event) => {
    if (event.type === 'accepted') victim ??= event.pid
  })
  const ended: string[] = []
  kernel.request(
    { host: '127.0.0.1', port: 8080, method: 'GET', target: '/flock', patience: 60_000 },
    { onEnd: (end) => ended.push(end) },
  )
  // It sleeps for 50 ms with the lock in its hand.
  while (victim === undefined) await kernel.runUntil(kernel.now + 5)
  await kernel.runUntil(kernel.now + 25)
  kernel.signal(victim, 'KILL')
  await kernel.runUntil(kernel.now + 100)
  expect(ended).toEqual(['closed'])
  expect((await ask('/flock', 2)).texts.map(Number).toSorted()).toEqual([1, 2])
})

test('bytes that are no text come back as they were', () => {
  for (const text of ['', 'plain', 'é漢🙂', '\ufeffmark']) {
    expect(textOf(new TextEncoder().encode(text))).toBe(text)
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(text))).toBe(text)
  }
  // Cut, too long, surrogates, beyond Unicode.
  for (const bytes of [
    [0xe6, 0xbc],
    [0xc0, 0x80],
    [0xed, 0xb2, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff, 65],
  ])
    expect([...bytesOf(textOf(Uint8Array.from(bytes)))]).toEqual(bytes)
})
