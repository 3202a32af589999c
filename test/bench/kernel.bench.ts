/** How long a simulated machine takes for what a reader asks of it. */
import { test } from 'vitest'
import { launched, settingsOf } from '../unit/virtual/machine.ts'

for (const program of ['uvicorn', 'gunicorn'] as const) {
  test(`${program} with four workers on the virtual clock`, async ({ bench }) => {
    await bench.compare(
      bench('start, until all serve', async () => {
        await launched(settingsOf(program, 4), 1).kernel.runUntil(3000)
      }),
      bench('ten minutes at rest', async () => {
        await launched(settingsOf(program, 4), 1).kernel.runUntil(600_000)
      }),
    )
  })
}
