import type { Kernel } from '../../simulator/host/virtual/kernel.ts'
import { machine, run } from '../unit/machine/support.ts'

/** A server with four scripted workers, and clients that send one request after the other. */
export async function busy(): Promise<Kernel> {
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

/** Runs this many more events. */
export async function play(kernel: Kernel, events: number): Promise<void> {
  const until = kernel.events + events
  while (kernel.events < until) {
    const pending = kernel.step()
    if (pending !== undefined) await pending
  }
}
