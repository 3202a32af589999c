/** How fast a simulated machine with scripted processes plays, and whether it stays so: the numbers are events a second. */
import { test } from 'vitest'
import { busy, play } from './busy.ts'

// Linear: the longer one takes as many times longer as it has more events. 200,000 events a second are 500 ms for the first.
test('a busy server on the virtual clock', async ({ bench }) => {
  await bench.compare(
    bench('100,000 events', async () => play(await busy(), 100_000)),
    bench('1,000,000 events', async () => play(await busy(), 1_000_000)),
  )
})
