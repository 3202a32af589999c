/** `--reload` as it is in life: a change is noticed once, and broken code serves nobody. */
import { expect, test } from 'vitest'
import type { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { newMachine, openTerminal, type TestTerminal } from './terminal.ts'

async function reloading(
  options = '',
): Promise<{ kernel: Kernel; server: TestTerminal; client: TestTerminal }> {
  const kernel = newMachine()
  const server = openTerminal(kernel, 'server')
  const client = openTerminal(kernel, 'client')
  server.type(`uvicorn main:app --reload ${options}\r`)
  await kernel.runUntil(5000)
  return { kernel, server, client }
}

function workers(kernel: Kernel): readonly number[] {
  return kernel
    .processes()
    .filter(({ kind, state }) => kind === 'worker' && state !== 'Z')
    .map(({ pid }) => pid)
}

async function type({ kernel, client }: Awaited<ReturnType<typeof reloading>>, line: string): Promise<void> {
  client.type(`${line}\r`)
  await kernel.runUntil(kernel.now + 5000)
}

test('one change, one reload', async () => {
  const run = await reloading()
  const before = workers(run.kernel)
  await type(run, 'echo "memory=1" > main.js')
  expect(run.server.text.match(/detected changes/g)).toHaveLength(1)
  expect(run.server.text).toContain("WARNING:  StatReload detected changes in 'main.js'. Reloading...\n")
  expect(workers(run.kernel)).toHaveLength(1)
  expect(workers(run.kernel)).not.toEqual(before)
})

test('several files at once are one reload, named by the first', async () => {
  const run = await reloading()
  await type(run, 'touch z.py; touch b.py; echo "memory=1" > main.js; touch notes.txt')
  expect(run.server.text.match(/StatReload detected changes in '.*'/g)).toEqual([
    "StatReload detected changes in 'b.py'",
  ])
})

test('with broken code nobody serves, until it is mended', async () => {
  const run = await reloading()
  await type(run, 'echo "boot=raise" > main.js')
  expect(run.server.text).toContain('RuntimeError: database url is missing\n')
  expect(workers(run.kernel)).toEqual([])
  await type(run, 'curl -s -m 2 localhost:8000/; echo $?')
  expect(run.client.text).toContain('\n28\n')
  await type(run, 'echo > main.js')
  await type(run, 'curl -s localhost:8000/')
  expect(run.client.text).toContain('\nhello\n')
  expect(workers(run.kernel)).toHaveLength(1)
})

test('what lies outside the watched folders, or has another ending, is not looked at', async () => {
  const run = await reloading()
  await type(run, 'echo "x=1" > /tmp/main.js; echo hi > notes.txt')
  expect(run.server.text).not.toContain('detected')
})

test('with patterns it is WatchFiles, which names all that fits', async () => {
  const run = await reloading("--reload-include '*.html' --reload-exclude 'b*.py'")
  await type(run, 'touch a.html; touch b.py; touch c.py; touch notes.txt')
  expect(run.server.text).toContain("WatchFiles detected changes in 'a.html', 'c.py'. Reloading...\n")
})
