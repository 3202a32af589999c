import english from '../../../content/lab/en.json' with { type: 'json' }
import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { Clients } from '../../../simulator/machine/clients/clients.ts'
import type { TraceEvent } from '../../../simulator/machine/trace.ts'
import {
  Ledger,
  play,
  TERMINALS,
  type StepExecutor,
  type Scenario,
  type Step,
  type TerminalName,
} from '../../../simulator/scenario/index.ts'
import { machineShell } from '../../../simulator/shell/machine-shell.ts'
import { Session } from '../../../simulator/shell/session.ts'
import { application } from './application.ts'

/** The result of a replay. */
export interface Replayed {
  readonly trace: readonly TraceEvent[]
  readonly now: number
  /** Problems with the steps: a command typed into a terminal that was busy. */
  readonly trouble: readonly string[]
}

/** Plays steps on the virtual host, with the lab's own application, and lets time go on for `settle` ms after the last. */
export async function replay(
  lab: Scenario,
  steps: readonly Step[],
  settle: number,
  seed = lab.seed,
): Promise<Replayed> {
  const { connections, lowestPort, ...hardware } = lab.machine
  const { uvicorn, gunicorn, fastapi } = lab.speaks
  const kernel = new Kernel({
    seed,
    factory: application,
    interpreter: machineShell(english.shell),
    files: lab.files,
    hardware,
    versions: { uvicorn: uvicorn.version, gunicorn: gunicorn.version, fastapi: fastapi.version },
    ...(connections === undefined ? {} : { connections }),
    ...(lowestPort === undefined ? {} : { lowestPort }),
  })
  const ledger = new Ledger()
  const trouble: string[] = []
  let port: number | undefined
  const session = (terminal: TerminalName): Session => {
    kernel.openTerminal(terminal, { columns: 80, colors: 'truecolor' })
    return new Session({
      system: kernel,
      terminal,
      words: english.shell,
      speaks: lab.speaks,
      columns: 80,
      colors: true,
      drawsLine: false,
      screen: () => undefined,
    })
  }
  const sessions = { server: session('server'), client: session('client') }
  const clients = new Clients(kernel, lab.clients, seed, () =>
    port === undefined ? undefined : { host: '127.0.0.1', port },
  )
  kernel.subscribe((event) => {
    ledger.take(event)
    if (event.type === 'listening' && event.bind.kind === 'tcp') port = event.bind.port
    if (event.type !== 'output' && event.type !== 'echo') return
    if (event.terminal === 'server' || event.terminal === 'client') sessions[event.terminal].print(event.text)
  })
  for (const terminal of TERMINALS) sessions[terminal].start()
  const operator: StepExecutor = {
    system: kernel,
    get port() {
      return port
    },
    type(terminal, text) {
      if (/\{\w/.test(text)) trouble.push(`nobody has the PID in: ${text}`)
      if (!sessions[terminal].enter(text)) trouble.push(`the terminal ${terminal} was in use for: ${text}`)
    },
    interrupt: (terminal) => sessions[terminal].key({ key: 'interrupt' }),
    clients: (on) => {
      clients.on = on
    },
  }
  play(lab.setup ?? [], operator, ledger)
  let done = false
  play(steps, operator, ledger, () => {
    done = true
  })
  const length = steps.reduce((sum, { after }) => sum + after, 0)
  await kernel.runUntil(length + settle)
  if (!done) trouble.push('the steps did not come to their end')
  return { trace: kernel.trace, now: kernel.now, trouble }
}
