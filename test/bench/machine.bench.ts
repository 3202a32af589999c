/** How fast a simulated machine with scripted processes plays, and whether it stays so: the numbers are events a second. */
import { test } from 'vitest'
import { machine, run } from '../unit/machine/support.ts'

/** A server with four workers and clients that ask one request after the other. */
async function busy() {
  const kernel = machine({ keep: 10_000 })
  run(kernel, 'uvicorn main:app --workers 4 --no-access-log')
  await kernel.runUntil(4000)
  const ask = (): void => {
    const request = { host: '127.0.0.1', port: 8000, method: 'GET', target: '/' }
    kernel.request(request, { onEnd: () => kernel.after(1, ask) })
  }
  for (let client = 0; client < 8; client++) ask()
  return kernel
}

async function play(events: number): Promise<void> {
  const kernel = await busy()
  const until = kernel.events + events
  while (kernel.events < until) {
    const pending = kernel.step()
    if (pending !== undefined) await pending
  }
}

// Linear: the longer one takes as many times longer as it has more events. 200,000 events a second are 500 ms for the first.
test('a busy server on the virtual clock', async ({ bench }) => {
  await bench.compare(
    bench('100,000 events', () => play(100_000)),
    bench('1,000,000 events', () => play(1_000_000)),
  )
})
