import { defaultAction, SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import { hearsHighestFirst, workerHandles } from '../../worker/worker.ts'
import type { Kernel } from './kernel.ts'
import type { Process } from './process.ts'

const STOPS = (Object.keys(SIGNAL_NUMBERS) as SignalName[]).filter(
  (signal) => defaultAction(signal) === 'stop',
)

/** What signals do to the processes of a simulated machine (signal(7)). */
export class Signals {
  readonly #kernel: Kernel
  /** The job that has a terminal, where a shell says which. */
  readonly foreground = new Map<string, number>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** `kill(2)`. */
  send(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    if (pid < 0) return this.#sendAll(-pid, signal, from)
    const process = this.#kernel.table.get(pid)
    if (process === undefined) return 'no-such-process'
    this.#kernel.record({ type: 'signalled', pid, from, signal })
    if (process.alive) this.#take(process, signal)
    return 'sent'
  }

  #sendAll(group: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    const members = [...this.#kernel.table.values()].filter((process) => process.group === group)
    for (const { pid } of members) this.send(pid, signal, from)
    return members.length > 0 ? 'sent' : 'no-such-process'
  }

  /** Whether a terminal's Ctrl+C reaches a process. */
  isForeground({ terminal, group }: Process): boolean {
    return terminal !== undefined && this.#jobOf(terminal) === group
  }

  /** The job that has the terminal: the one that its shell says, else the one started last. */
  #jobOf(terminal: string): number | undefined {
    return (
      this.foreground.get(terminal) ??
      [...this.#kernel.table.values()].findLast(
        (process) => process.alive && process.terminal === terminal && process.group === process.pid,
      )?.group
    )
  }

  /** From the terminal to every process of its foreground job. */
  toForeground(terminal: string, signal: SignalName): void {
    const processes = [...this.#kernel.table.values()].filter((process) => process.alive)
    const job = this.#jobOf(terminal)
    for (const { pid, group } of processes) if (group === job) this.send(pid, signal)
  }

  #take(process: Process, signal: SignalName): void {
    if (signal === 'KILL') return this.#kernel.terminate(process, { signal })
    if (signal === 'STOP') return this.#freeze(process, signal)
    if (signal === 'CONT') {
      // What would stop it and was not taken by now is forgotten, even where there is a handler for it.
      for (const stop of STOPS) process.pending.delete(stop)
      return this.#thaw(process)
    }
    if (!process.frozen && process.beginning.onSignal?.(signal) === true) return
    // Python's resource tracker ignores both.
    if (process.kind === 'helper' && (signal === 'INT' || signal === 'TERM')) return
    if (this.#handles(process, signal)) return this.#pend(process, signal)
    if (process.beginning.ignores?.includes(signal) === true) return
    if (process.frozen) process.pending.add(signal)
    else this.#default(process, signal)
  }

  #default(process: Process, signal: SignalName): void {
    switch (defaultAction(signal)) {
      case 'terminate':
        if (this.#kernel.now >= process.nextTurn) return this.#kernel.terminate(process, { signal })
        process.doom ??= signal
        return
      case 'stop':
        return this.#freeze(process, signal)
      default:
        return
    }
  }

  /** Whether the process was forked a moment ago, and has its parent's handler. */
  #inherits({ inherited }: Process, signal: SignalName): boolean {
    return inherited !== undefined && this.#kernel.now < inherited.until && inherited.signals.includes(signal)
  }

  #handles(process: Process, signal: SignalName): boolean {
    if (this.#inherits(process, signal)) return true
    if (process.worker !== undefined) return workerHandles(process.worker, signal)
    return process.manager?.handles(signal) ?? false
  }

  /** A signal is pending until the process gets a turn; another of the same kind meanwhile is lost. */
  #pend(process: Process, signal: SignalName): void {
    const first = process.pending.size === 0
    process.pending.add(signal)
    if (!first || process.frozen) return
    const { chance, now, profile } = this.#kernel
    this.#kernel.schedule(now + chance.within(profile.notice), () => this.#arrive(process))
  }

  async #arrive(process: Process): Promise<void> {
    if (!process.alive || process.frozen) return
    const rising = [...process.pending].toSorted((a, b) => SIGNAL_NUMBERS[a] - SIGNAL_NUMBERS[b])
    process.pending.clear()
    const falls = process.worker !== undefined && hearsHighestFirst(process.worker)
    for (const signal of falls ? rising.toReversed() : rising) {
      await this.#kernel.threads.deliver(process, () => this.#deliver(process, signal))
    }
  }

  #deliver(process: Process, signal: SignalName): void {
    // Between the sending and now the program may have taken its handler away.
    if (!this.#handles(process, signal)) return this.#default(process, signal)
    if (this.#inherits(process, signal)) return
    if (process.worker !== undefined) return this.#kernel.workers.take(process, { type: 'signal', signal })
    return this.#kernel.managers.take(process, { type: 'signal', signal })
  }

  #freeze(process: Process, signal: SignalName): void {
    if (process.frozen) return
    process.frozen = true
    this.#kernel.cores.suspend(process)
    this.#kernel.record({ type: 'stopped', pid: process.pid })
    process.beginning.onStop?.(signal)
  }

  #thaw(process: Process): void {
    if (!process.frozen) return
    process.frozen = false
    this.#kernel.cores.resume(process)
    this.#kernel.record({ type: 'continued', pid: process.pid })
    process.beginning.onContinue?.()
    const held = process.held.splice(0)
    this.#kernel.schedule(this.#kernel.now, async () => {
      for (const job of held) await job()
      await this.#arrive(process)
      await this.#kernel.threads.drain(process)
    })
  }
}
