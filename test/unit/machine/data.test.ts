import { expect, test } from 'vitest'
import { Database, readStatement } from '../../../simulator/worker/lab/database.ts'
import { ask, machine, run } from './support.ts'

/** Four workers that migrate in their startup, as the file says; how it ended and when all served. */
async function migrated(how: string) {
  const kernel = machine({ source: `migrate=${how}`, hardware: { cores: 8 } })
  run(kernel, 'gunicorn main:app -k uvicorn.workers.UvicornWorker -w 4')
  await kernel.runUntil(20_000)
  const serving = kernel.trace.filter((event) => event.type === 'phase' && event.phase === 'serving')
  return {
    version: kernel.data.schemaVersion(),
    rows: kernel.data.tables()[0]?.rows.length,
    columns: kernel.data.tables()[0]?.columns,
    errors: kernel.data
      .databaseLog()
      .filter(({ outcome }) => outcome !== 'ok')
      .map(({ outcome }) => outcome),
    serving: serving.length,
    last: serving.at(-1)?.at ?? Infinity,
  }
}

test('migrations in each worker collide; behind a lock they do not, and boots wait for each other', async () => {
  const none = await migrated('none')
  expect(none.errors.length).toBeGreaterThan(0)
  for (const error of none.errors) expect(error).toMatch(/^ERROR: {2}(relation|column) .* already exists$/)
  expect(none.serving).toBeLessThan(4)
  const late = await migrated('late')
  expect(late.errors.length).toBeGreaterThan(0)
  const lock = await migrated('lock')
  expect(lock).toMatchObject({
    version: 3,
    rows: 2,
    errors: [],
    serving: 4,
    columns: ['id', 'name', 'price'],
  })
})

test('as a step before, once', async () => {
  const kernel = machine({
    files: { 'start.sh': 'set -e\npython migrate.py\nexec uvicorn main:app --workers 4\n' },
  })
  run(kernel, 'sh start.sh')
  await kernel.runUntil(10_000)
  expect(kernel.data.schemaVersion()).toBe(3)
  expect(kernel.data.databaseLog()).toHaveLength(3)
  expect(await ask(kernel, '/')).toBe('200')
  // Once more changes nothing.
  run(kernel, 'alembic upgrade head')
  await kernel.runUntil(kernel.now + 2000)
  expect(kernel.data.databaseLog()).toHaveLength(3)
})

test('set -e: a migration that fails keeps the application from starting', async () => {
  const kernel = machine({ files: { 'start.sh': '#!/bin/sh\nset -e\nfalse\nexec uvicorn main:app\n' } })
  run(kernel, 'sh start.sh')
  await kernel.runUntil(10_000)
  expect(await ask(kernel, '/')).toBe('refused')
})

test('a counter in the store is one for all workers', async () => {
  const kernel = machine()
  run(kernel, 'uvicorn main:app --workers 4')
  await kernel.runUntil(3000)
  for (let i = 0; i < 8; i++) expect(await ask(kernel, '/incr/hits')).toBe('200')
  expect(kernel.data.keys()).toEqual([{ key: 'hits', value: '8' }])
})

test('more than the database allows are refused, in its own words', async () => {
  const kernel = machine({ connections: 1, files: { 'both.sh': 'alembic upgrade head\n' } })
  run(kernel, 'python migrate.py')
  run(kernel, 'sh both.sh')
  await kernel.runUntil(3000)
  const said = kernel.trace.flatMap((event) => (event.type === 'output' ? event.text : []))
  expect(said).toContain(
    'psycopg.OperationalError: connection failed: FATAL:  sorry, too many clients already\n',
  )
  expect(kernel.data.schemaVersion()).toBe(3)
  expect(kernel.data.connections()).toEqual({ open: 0, most: 1 })
})

test('statements and their errors', () => {
  const database = new Database()
  const run = (sql: string) => {
    const statement = readStatement(sql)
    return 'error' in statement ? statement : database.run(statement)
  }
  expect(run('CREATE TABLE items (id int, name text)')).toEqual({ rows: [] })
  expect(run('create table items (id int)')).toEqual({ error: 'relation "items" already exists' })
  expect(run('create table if not exists items (id int)')).toEqual({ rows: [] })
  expect(run("INSERT INTO items VALUES (1, 'it''s'), (2, NULL)")).toEqual({ rows: [] })
  expect(run('SELECT * FROM items')).toEqual({
    rows: [
      [1, "it's"],
      [2, null],
    ],
  })
  expect(run('ALTER TABLE items ADD COLUMN price int')).toEqual({ rows: [] })
  expect(run('ALTER TABLE items ADD COLUMN price int')).toEqual({
    error: 'column "price" of relation "items" already exists',
  })
  expect(run('SELECT count(*) FROM items')).toEqual({ rows: [[2]] })
  expect(run('SELECT * FROM nothing')).toEqual({ error: 'relation "nothing" does not exist' })
  expect(run('GIVE ME items')).toEqual({ error: 'syntax error at or near "GIVE"' })
})

test('property: any text is a statement or an error', () => {
  let seed = 3
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const words = [
    'insert',
    'into',
    'values',
    '(',
    ')',
    "'",
    ',',
    'select',
    '*',
    'from',
    'a',
    '1',
    ';',
    'create table',
    ' ',
  ]
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: 12 }, () => words[Math.floor(chance() * words.length)]).join(' ')
    const statement = readStatement(text)
    expect('error' in statement || 'kind' in statement).toBe(true)
  }
})

test('the trace is of bounded length and the queue keeps no dead entries', async () => {
  const kernel = machine({ keep: 1000 })
  run(kernel, 'uvicorn main:app --workers 2 --no-access-log')
  await kernel.runUntil(3000)
  for (let i = 0; i < 1500; i++) await ask(kernel, '/')
  expect(kernel.recorded).toBeGreaterThan(5000)
  expect(kernel.trace.length).toBeLessThanOrEqual(1250)
  expect(kernel.trace.at(-1)?.seq).toBe(kernel.recorded - 1)
  // Each request left its patience behind.
  expect(kernel.pending).toBeLessThan(1000)
})

test('the same seed and inputs give the same trace', async () => {
  const play = async () => {
    const kernel = machine({ source: 'migrate=none', hardware: { cores: 2, memory: 512 * 1024 * 1024 } })
    run(kernel, 'gunicorn main:app -k uvicorn.workers.UvicornWorker -w 4')
    for (let i = 0; i < 10; i++) {
      kernel.after(1000 * i, () =>
        kernel.request(
          { host: '127.0.0.1', port: 8000, method: 'GET', target: '/compute/300' },
          { onEnd: () => undefined },
        ),
      )
    }
    kernel.after(5000, () => kernel.faults.reboot())
    await kernel.runUntil(30_000)
    return kernel.trace
  }
  expect(await play()).toEqual(await play())
})
