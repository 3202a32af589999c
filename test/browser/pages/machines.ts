/** Whole machines for the specs: each is in `globalThis.machine`, and answers with plain data. */
import { parseCommand } from '../../../simulator/command/index.ts'
import {
  createMachine,
  type BrowserMachine,
  type MachineOptions,
} from '../../../simulator/host/browser/index.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import type { Settings } from '../../../simulator/manager/settings.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'

let made: BrowserMachine | undefined

function there(): BrowserMachine {
  if (made === undefined) throw new Error('make() comes first')
  return made
}

export const machine = {
  async make(source: string, options: Partial<MachineOptions> = {}): Promise<void> {
    made = await createMachine({ seed: 1, files: { 'main.js': source }, patience: 20_000, ...options })
    made.kernel.openTerminal('server', { columns: 80, colors: 'none' })
  },
  /** Starts uvicorn. @returns its PID */
  launch(command: string): number {
    return there().kernel.launch({ settings: settingsOf(command), command, env: {}, terminal: 'server' })
  },
  /** Sends a request; its result is in the trace. */
  request: (target: string) =>
    there().kernel.request(
      { host: '127.0.0.1', port: 8080, method: 'GET', target },
      { onEnd: () => undefined },
    ),
  signal: (pid: number, signal: SignalName) => there().kernel.signal(pid, signal),
  run: () => {
    there().pace.run()
  },
  pause: () => there().pace.pause(),
  step: () => there().pace.step(),
  skip: (ms: number) => there().pace.skip(ms),
  setSpeed(speed: number) {
    there().pace.speed = speed
  },
  look: () => {
    const { kernel, pace, workers } = there()
    return { now: kernel.now, nextAt: kernel.nextAt(), running: pace.running, speed: pace.speed, workers }
  },
  trace: (): readonly TraceEvent[] => there().kernel.trace,
  text: () =>
    there()
      .kernel.trace.map((event) => (event.type === 'output' ? event.text : ''))
      .join(''),
  /** Makes a listener throw at the next event of the trace. */
  breakListener() {
    const stop = there().kernel.subscribe(() => {
      stop()
      throw new Error('a listener failed')
    })
  },
  dispose: () => made?.dispose(),
}
export type Machine = typeof machine

/** Settings of uvicorn 0.51.0. */
export function settingsOf(command: string): Settings {
  const parsed = parseCommand(command.split(' '), {
    speaks: { program: 'uvicorn', version: '0.51.0' },
    env: {},
    columns: 80,
    colors: true,
    words: { notYet: '' },
  })
  if (parsed.kind !== 'run') throw new Error(`expected settings from '${command}', got: ${parsed.text}`)
  return parsed.settings
}
