import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const LAB = new URL('../../simulator/host/node/app-helpers/lab.ts', import.meta.url).href

/** Runs a text that has the helpers as so many processes at once in one folder; the answer is what each wrote. */
async function together(count: number, text: string): Promise<readonly string[]> {
  const cwd = await mkdtemp(join(tmpdir(), 'lab-'))
  const source = `import { database, publish, store, subscribe } from '${LAB}'\n${text}`
  const outputs = await Promise.all(
    Array.from({ length: count }, async () => {
      const args = ['--input-type=module', '--eval', source]
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd })
      return stdout.trim()
    }),
  )
  await rm(cwd, { recursive: true })
  return outputs
}

test('real processes count together, and one of them leads', async () => {
  const outputs = await together(
    4,
    `let last = 0
    for (let i = 0; i < 10; i++) last = await store.incr('hits')
    console.log(last, await store.acquire('leader', 60000))`,
  )
  const [counts, leads] = [0, 1].map((column) => outputs.map((line) => line.split(' ')[column]))
  expect(Math.max(...(counts ?? []).map(Number))).toBe(40)
  expect(leads?.filter((lead) => lead === 'true')).toHaveLength(1)
})

test('behind a lock the migrations of real processes are done once', async () => {
  const outputs = await together(
    3,
    `await database.migrate({ lock: true })
    console.log(JSON.stringify(await database.run('SELECT * FROM items')))`,
  )
  for (const output of outputs) expect(output).toBe('[[1,"Foo",null],[2,"Bar",null]]')
})

test('without a lock they collide', async () => {
  const outputs = await together(
    4,
    `await store.incr('here')
    while ((await store.get('here')) !== '4') await new Promise((resolve) => setTimeout(resolve, 1))
    console.log(await database.migrate().then(() => 'fine', (error) => error.message))`,
  )
  expect(outputs.some((output) => output.endsWith('already exists'))).toBe(true)
})

test('what is published is heard by who subscribed', async () => {
  const outputs = await together(
    1,
    `const heard = new Promise((resolve) => void subscribe('news', resolve))
    const alive = setInterval(() => undefined, 1000)
    console.log(await publish('news', 'line\\nbreak'), JSON.stringify(await heard))
    clearInterval(alive)`,
  )
  expect(outputs).toEqual(['1 "line\\nbreak"'])
})

test('a database that has all the connections it allows refuses one more, and who ends gives his back', async () => {
  const [said] = await together(
    1,
    `await import('node:child_process').then(({ execFileSync }) =>
      execFileSync(process.execPath, ['--input-type=module', '--eval',
        "import { database } from '${LAB}'; await database.connect(); await database.connect()"]))
    const all = []
    for (let i = 0; i < 100; i++) all.push(await database.connect())
    const more = () => database.connect().then(() => 'open', (error) => error.message)
    const first = await more()
    await all[0].close()
    console.log(first + ', then ' + await more())`,
  )
  expect(said).toBe('FATAL:  sorry, too many clients already, then open')
})
