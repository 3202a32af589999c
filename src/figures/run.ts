import { Kernel } from '../../simulator/host/virtual/kernel.ts'
import { scripted } from '../../simulator/host/virtual/scripted.ts'
import { play as playSteps, Ledger, type Step } from '../../simulator/scenario/index.ts'
import type { TraceEvent } from '../../simulator/machine/trace.ts'

/** What happens on a figure's machine. */
export interface Plan {
  readonly steps: readonly Step[]
  /** The picture begins and ends at these virtual ms after the machine was switched on. */
  readonly from: number
  readonly until: number
  /** Directives of the application (simulator/host/virtual/scripted.ts). */
  readonly app?: string
  /** Whether it has a shell, for what containers run in shell form. */
  readonly shell?: boolean
}

/** A run that is over: what happened on the machine, from its beginning. */
export interface FigureRun {
  readonly events: readonly TraceEvent[]
  readonly from: number
  readonly until: number
}

const SEED = 4

/** Plays a plan to its end on a machine of its own: the virtual host, whose application has paths in place of code. */
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
