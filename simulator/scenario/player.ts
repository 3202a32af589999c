import { headerOf } from '../machine/network/headers.ts'
import type { ClientRequest, System } from '../machine/system.ts'
import type { Ledger } from './goal/ledger.ts'
import { answerField } from './goal/match.ts'
import type { StepAction, Step } from './step.ts'
import type { TerminalName } from './terminals.ts'

/** Carries out steps on a machine: types, presses Ctrl+C, turns the clients on. */
export interface StepExecutor {
  readonly system: System
  /** Where the server listens, or last did. */
  readonly port: number | undefined
  type(terminal: TerminalName, text: string): void
  interrupt(terminal: TerminalName): void
  clients(on: boolean): void
}

/**
 * Plays steps, one after the other, each at its virtual time. Calls `done` with the last step, and `onWait` at the beginning of each
 * wait, with its virtual ms. Returns a function that stops it.
 */
export function play(
  steps: readonly Step[],
  operator: StepExecutor,
  ledger: Ledger,
  done: () => void = () => undefined,
  onWait: (ms: number) => void = () => undefined,
): () => void {
  let stopped = false
  const next = (index: number): void => {
    const step = steps[index]
    if (step === undefined) return done()
    const run = (): void => {
      if (stopped) return
      perform(step, operator, ledger)
      next(index + 1)
    }
    if (step.after === 0) run()
    else {
      onWait(step.after)
      operator.system.after(step.after, run)
    }
  }
  next(0)
  return () => {
    stopped = true
  }
}

function ask(system: System, request: Omit<ClientRequest, 'method'>, patience: number = PATIENCE): void {
  // Like every client: the scheme's default port is left out.
  const usual = request.port === (request.secure === true ? 443 : 80)
  const host = usual ? request.host : `${request.host}:${request.port}`
  const given = request.headers ?? []
  const headers = headerOf(given, 'host') === undefined ? [['host', host] as const, ...given] : given
  system.request({ method: 'GET', patience, ...request, headers }, { onEnd: () => undefined })
}

/** The timeout of a step's request, in ms; long, since the outcome matters. */
const PATIENCE = 60_000

function perform(deed: StepAction, operator: StepExecutor, ledger: Ledger): void {
  const { system } = operator
  switch (deed.do) {
    case 'type':
      return operator.type(deed.in, fillPids(deed.text, ledger))
    case 'interrupt':
      return operator.interrupt(deed.in)
    case 'signal': {
      const pid = Number(fillPids(deed.to, ledger))
      if (!Number.isNaN(pid)) system.signal(pid, deed.signal)
      return
    }
    case 'request': {
      const [host, port] = ['127.0.0.1', operator.port ?? 8080]
      const target = fillPids(deed.target, ledger)
      return ask(system, { host, port, target }, deed.patience)
    }
    case 'ask':
      return ask(system, deed.request)
    case 'clients':
      return operator.clients(deed.on)
    case 'write':
      return system.writeFile(deed.file, deed.text)
    case 'unit':
      return system.after(0, async () => {
        await system.init.load()
        system.init[deed.verb](deed.unit)
      })
    case 'reboot':
      return system.faults.reboot()
    case 'hang-up':
      return system.faults.cutConnection(deed.in)
    case 'keep':
      // Replaces what was set up before under this name.
      system.keepers.remove(deed.keeping.name)
      return system.keepers.add(deed.keeping)
    case 'keeper':
      system.keepers[deed.verb](deed.name)
      return
    case 'exec':
      system.exec({ argv: deed.command.split(' '), env: {} })
      return
    case 'name':
      return system.dns.set(deed.name, deed.address)
    case 'proxy':
      system.proxy.start(deed.settings)
      return
    case 'obtain':
      return system.certificates.obtain(deed.name)
    case 'expire':
      system.faults.expireCertificate(deed.name)
      return
    case 'wait':
      return
  }
}

/**
 * Replaces `{parent}` by the PID of the living server, `{worker:2}` by that of its second oldest worker, and `{answer:name}` by a
 * field of the last response's JSON, as a browser sends back what it was given.
 */
export function fillPids(text: string, ledger: Ledger): string {
  const answered = text.replace(/\{answer:(\w+)\}/g, (name, field: string) => {
    const value = answerField(ledger.lastAnswer, field)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : name
  })
  return answered.replace(
    /\{(parent|worker)(?::(\d+))?\}/g,
    (name, role: 'parent' | 'worker', index = '1') => {
      const pid = ledger.living(role)[Number(index) - 1]
      return pid === undefined ? name : String(pid)
    },
  )
}
