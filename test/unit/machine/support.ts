import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel, type KernelOptions } from '../../../simulator/host/virtual/kernel.ts'
import { loadUnits } from '../../../simulator/host/virtual/systemd.ts'
import { scripted } from '../../../simulator/host/virtual/scripted.ts'
import { machineShell } from '../../../simulator/shell/machine-shell.ts'

await loadUnits()

/** A machine with scripted applications. */
export function machine(options: Partial<KernelOptions> & { source?: string } = {}): Kernel {
  const { source = '', files, ...rest } = options
  return new Kernel({
    seed: 1,
    factory: scripted,
    interpreter: machineShell(english.shell),
    files: { 'main.js': source, ...files },
    ...rest,
  })
}

/** Starts a program by its words. */
export function run(kernel: Kernel, command: string): number {
  const pid = kernel.exec({ argv: command.split(' '), env: {} })
  if (pid === 'not-found') throw new Error(`expected a program of the machine, got ${command}`)
  return pid
}

/** Sends a request to the server on a port and waits for its end. @returns the status, or how it ended */
export async function ask(kernel: Kernel, target: string, port = 8000, more: object = {}): Promise<string> {
  let status = 0
  const { promise, resolve } = Promise.withResolvers<string>()
  let ended = false
  kernel.request(
    { host: '127.0.0.1', port, method: 'GET', target, patience: 60_000, ...more },
    {
      onHead: (head) => (status = head.status),
      onEnd: (end) => {
        ended = true
        resolve(end === 'answered' ? String(status) : end)
      },
    },
  )
  while (!ended && kernel.nextAt() !== undefined) await kernel.step()
  return promise
}
