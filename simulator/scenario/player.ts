import type { SignalName } from '../manager/signals.ts'
import type { Ledger } from './goal/ledger.ts'
import { answerField } from './goal/match.ts'
import type { TerminalName } from './scenario.ts'
import type { Deed, Step } from './step.ts'

/** What can be done to a machine: by a reader's hands, or by a player of steps. */
export interface Hands {
  /** Calls back after so many virtual ms. */
  after(ms: number, run: () => void): void
  type(terminal: TerminalName, text: string): void
  interrupt(terminal: TerminalName): void
  signal(pid: number, signal: SignalName): void
  request(target: string, patience: number | undefined): void
  clients(on: boolean): void
  write(file: string, text: string): void
}

/**
 * Does steps, one after the other, each at its virtual time. `done` is called at the last step's.
 * The answer ends it: nothing more is done.
 */
export function play(
  steps: readonly Step[],
  hands: Hands,
  ledger: Ledger,
  done: () => void = () => undefined,
): () => void {
  let stopped = false
  const next = (index: number): void => {
    const step = steps[index]
    if (step === undefined) return done()
    const run = (): void => {
      if (stopped) return
      perform(step, hands, ledger)
      next(index + 1)
    }
    if (step.after === 0) run()
    else hands.after(step.after, run)
  }
  next(0)
  return () => {
    stopped = true
  }
}

function perform(deed: Deed, hands: Hands, ledger: Ledger): void {
  switch (deed.do) {
    case 'type':
      return hands.type(deed.in, fillPids(deed.text, ledger))
    case 'interrupt':
      return hands.interrupt(deed.in)
    case 'signal': {
      const pid = Number(fillPids(deed.to, ledger))
      return Number.isNaN(pid) ? undefined : hands.signal(pid, deed.signal)
    }
    case 'request':
      return hands.request(fillPids(deed.target, ledger), deed.patience)
    case 'clients':
      return hands.clients(deed.on)
    case 'write':
      return hands.write(deed.file, deed.text)
    case 'wait':
      return
  }
}

/**
 * Replaces `{parent}` by the PID of the server that lives, `{worker:2}` by that of its second worker, by age, and
 * `{answer:name}` by a field of the last answer's JSON, as a browser sends back what it was given.
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
