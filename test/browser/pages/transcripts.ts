import { createMachine } from '../../../simulator/host/browser/index.ts'
import { settingsOf } from './machines.ts'

/** How often a machine is made, and with what. */
export interface TranscriptOptions {
  readonly seeds: readonly number[]
  readonly source: string
  readonly command: string
  /** Virtual ms that are watched. */
  readonly until: number
  /** Requests by virtual time. */
  readonly requests: readonly { readonly at: number; readonly target: string }[]
}

/**
 * Runs a machine with Web Workers once for each seed, driven as a reader might drive it: paused, stepped, slow, fast, chosen at random.
 * @returns the traces, as text
 */
export async function transcripts(options: TranscriptOptions): Promise<string[]> {
  const texts: string[] = []
  for (const seed of options.seeds) texts.push(await transcript(seed, options))
  return texts
}

async function transcript(seed: number, options: TranscriptOptions): Promise<string> {
  const machine = await createMachine({ seed, files: { 'main.js': options.source }, patience: 20_000 })
  const { kernel, pace } = machine
  kernel.openTerminal('server', { columns: 80, colors: 'truecolor' })
  kernel.launch({
    settings: settingsOf(options.command),
    command: options.command,
    env: {},
    terminal: 'server',
  })
  let ended = 0
  for (const { at, target } of options.requests) {
    kernel.after(at, () => {
      kernel.request({ host: '127.0.0.1', port: 8080, method: 'GET', target }, { onEnd: () => ended++ })
    })
  }
  while (kernel.now < options.until) await drive(machine, options.until)
  await pace.pause()
  const seen = kernel.trace.filter(({ at }) => at <= options.until)
  await machine.dispose()
  if (ended !== options.requests.length)
    throw new Error(`${ended} of ${options.requests.length} requests ended`)
  return seen.map((event) => JSON.stringify(event)).join('\n')
}

/** Drives the machine a little further, in a random way. */
async function drive(
  { pace, kernel }: Awaited<ReturnType<typeof createMachine>>,
  until: number,
): Promise<void> {
  switch (Math.floor(Math.random() * 4)) {
    case 0:
      for (let steps = 1 + Math.random() * 40; steps > 0; steps--) await pace.step()
      return
    case 1:
      return pace.skip(Math.min(Math.random() * 800, until - kernel.now))
    case 2:
      pace.speed = 0.1 + Math.random() * 19.9
      pace.run()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
      return pace.pause()
    default:
      // While it is paused nothing happens, however long.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
  }
}
