import { Kernel } from '../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../simulator/host/virtual/scripted.ts'
import { play as playSteps, Ledger, type Step } from '../../simulator/scenario/index.ts'
import type { TraceEvent } from '../../simulator/machine/trace.ts'

/** The actions on a figure's machine. */
export interface Plan {
  readonly steps: readonly Step[]
  /** The virtual times at which the picture begins and ends, in ms. */
  readonly from: number
  readonly until: number
  /** Directives of the application (simulator/host/virtual/scripted.ts). */
  readonly app?: string
  /** Whether it has a shell, for containers in shell form. */
  readonly shell?: boolean
}

/** A finished run: its trace from the beginning. */
export interface FigureRun {
  readonly events: readonly TraceEvent[]
  readonly from: number
  readonly until: number
}

const SEED = 4

/** Plays a plan on a machine of its own: the virtual host with a scripted application. */
export async function runPlan({ steps, from, until, app = '', shell = false }: Plan): Promise<FigureRun> {
  const kernel = new Kernel({
    seed: SEED,
    factory: scripted,
    files: { 'main.js': app },
    ...(shell ? { interpreter: (await import('./shell.ts')).interpreter } : {}),
  })
  const events: TraceEvent[] = []
  const ledger = new Ledger()
  kernel.subscribe((event) => {
    events.push(event)
    ledger.take(event)
  })
  const operator = {
    system: kernel,
    port: 8080,
    type: () => undefined,
    interrupt: () => undefined,
    clients: () => undefined,
  }
  playSteps(steps, operator, ledger)
  await kernel.runUntil(until)
  return { events, from, until }
}
