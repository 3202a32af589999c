import { defaultAction, SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { Clock } from './clock.ts'
import type { Cores } from './cores.ts'
import type { MainThreads } from './main-threads.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Timing } from './timing.ts'
import type { Trace } from './trace.ts'

const STOPS = (Object.keys(SIGNAL_NUMBERS) as SignalName[]).filter(
  (signal) => defaultAction(signal) === 'stop',
)

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly timing: Timing
  readonly processes: Processes
  readonly cores: Cores
  readonly threads: MainThreads
}

/** The signals of a process. */
interface Mailbox {
  /** Signals that it has not handled yet. */
  readonly pending: Set<SignalName>
  /** Signals for which it still has its parent's handlers, just after the fork. */
  inherited: { readonly signals: readonly SignalName[]; readonly until: number } | undefined
  /** It is not scheduled before this virtual time: a fatal signal takes effect only then. */
  nextTurn: number
  fatalSignal: SignalName | undefined
}

/** The effect of signals on the processes of a simulated machine (signal(7)). */
export class Signals {
  readonly #parts: Dependencies
  readonly #mailboxes = new Map<number, Mailbox>()
  /** The foreground job of each terminal whose shell has set one. */
  readonly #foreground = new Map<string, number>()

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  /** `kill(2)`. */
  send(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    if (pid < 0) return this.#sendAll(-pid, signal, from)
    const process = this.#parts.processes.get(pid)
    if (process === undefined) return 'no-such-process'
    this.#parts.trace.record({ type: 'signalled', pid, from, signal })
    if (process.alive) this.#take(process, signal)
    return 'sent'
  }

  #sendAll(group: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    const members = this.#parts.processes.all().filter((process) => process.group === group)
    for (const { pid } of members) this.send(pid, signal, from)
    return members.length > 0 ? 'sent' : 'no-such-process'
  }

  /** A shell sets the foreground job of a terminal (`tcsetpgrp`). */
  giveTerminal(terminal: string, group: number): void {
    this.#foreground.set(terminal, group)
  }

  /** Whether a terminal's Ctrl+C reaches a process. */
  isForeground({ terminal, group }: Process): boolean {
    return terminal !== undefined && this.#jobOf(terminal) === group
  }

  /** The foreground job of a terminal: the one that its shell has set, otherwise the job that was started last. */
  #jobOf(terminal: string): number | undefined {
    return (
      this.#foreground.get(terminal) ??
      this.#parts.processes
        .all()
        .findLast(
          (process) => process.alive && process.terminal === terminal && process.group === process.pid,
        )?.group
    )
  }

  /** Sends a signal from the terminal to every process of its foreground job. */
  toForeground(terminal: string, signal: SignalName): void {
    const processes = this.#parts.processes.all().filter((process) => process.alive)
    const job = this.#jobOf(terminal)
    for (const { pid, group } of processes) if (group === job) this.send(pid, signal)
  }

  /** A forked process has its parent's handlers until it sets its own; signals before that are lost. */
  inherit(process: Process, signals: readonly SignalName[], until: number): void {
    this.#mailbox(process).inherited = { signals, until }
  }

  /** A process is not scheduled before this time: a fatal signal stays pending. */
  defer(process: Process, until: number): void {
    this.#mailbox(process).nextTurn = until
  }

  /** The pending fatal signal, if there is one. */
  fatalSignal({ pid }: Process): SignalName | undefined {
    return this.#mailboxes.get(pid)?.fatalSignal
  }

  /** Removes that signal: it will not end the process. */
  takeFatalSignal({ pid }: Process): SignalName | undefined {
    const mailbox = this.#mailboxes.get(pid)
    const signal = mailbox?.fatalSignal
    if (mailbox !== undefined) mailbox.fatalSignal = undefined
    return signal
  }

  /** A process ended. */
  ended({ pid }: Process): void {
    this.#mailboxes.delete(pid)
  }

  #mailbox({ pid }: Process): Mailbox {
    const known = this.#mailboxes.get(pid)
    if (known !== undefined) return known
    const mailbox: Mailbox = { pending: new Set(), inherited: undefined, nextTurn: 0, fatalSignal: undefined }
    this.#mailboxes.set(pid, mailbox)
    return mailbox
  }

  #take(process: Process, signal: SignalName): void {
    if (signal === 'KILL') return this.#parts.processes.terminate(process, { signal })
    if (signal === 'STOP') return this.#freeze(process, signal)
    if (signal === 'CONT') {
      // SIGCONT discards pending stop signals, even those with a handler (signal(7)).
      for (const stop of STOPS) this.#mailboxes.get(process.pid)?.pending.delete(stop)
      return this.#thaw(process)
    }
    if (!process.frozen && process.startOptions.onSignal?.(signal) === true) return
    // Python's resource tracker ignores both.
    if (process.kind === 'helper' && (signal === 'INT' || signal === 'TERM')) return
    if (this.#handles(process, signal)) return this.#pend(process, signal)
    if (process.startOptions.ignores?.includes(signal) === true) return
    if (process.frozen) this.#mailbox(process).pending.add(signal)
    else this.#default(process, signal)
  }

  #default(process: Process, signal: SignalName): void {
    switch (defaultAction(signal)) {
      case 'terminate': {
        const mailbox = this.#mailboxes.get(process.pid)
        if (mailbox === undefined || this.#parts.clock.now >= mailbox.nextTurn)
          return this.#parts.processes.terminate(process, { signal })
        mailbox.fatalSignal ??= signal
        return
      }
      case 'stop':
        return this.#freeze(process, signal)
      default:
        return
    }
  }

  /** Whether the process was forked a moment ago and still has its parent's handler. */
  #inherits({ pid }: Process, signal: SignalName): boolean {
    const inherited = this.#mailboxes.get(pid)?.inherited
    return (
      inherited !== undefined && this.#parts.clock.now < inherited.until && inherited.signals.includes(signal)
    )
  }

  #handles(process: Process, signal: SignalName): boolean {
    return this.#inherits(process, signal) || process.handlers?.handles(signal) === true
  }

  /** Makes a signal pending until the process gets a turn; the same signal again meanwhile is lost. */
  #pend(process: Process, signal: SignalName): void {
    const { pending } = this.#mailbox(process)
    const first = pending.size === 0
    pending.add(signal)
    if (!first || process.frozen) return
    const { clock, timing } = this.#parts
    clock.after(timing.notice(), () => this.#arrive(process))
  }

  async #arrive(process: Process): Promise<void> {
    if (!process.alive || process.frozen) return
    const { pending } = this.#mailbox(process)
    const rising = [...pending].toSorted((a, b) => SIGNAL_NUMBERS[a] - SIGNAL_NUMBERS[b])
    pending.clear()
    const falls = process.handlers?.highestFirst() === true
    for (const signal of falls ? rising.toReversed() : rising) {
      await this.#parts.threads.deliver(process, () => this.#runHandler(process, signal))
    }
  }

  #runHandler(process: Process, signal: SignalName): void {
    // The program may have removed its handler since the signal was sent.
    if (!this.#handles(process, signal)) return this.#default(process, signal)
    if (!this.#inherits(process, signal)) process.handlers?.signalled(signal)
  }

  #freeze(process: Process, signal: SignalName): void {
    if (process.frozen) return
    process.frozen = true
    this.#parts.cores.suspend(process)
    this.#parts.trace.record({ type: 'stopped', pid: process.pid })
    process.startOptions.onStop?.(signal)
  }

  #thaw(process: Process): void {
    if (!process.frozen) return
    const { clock, cores, threads, trace } = this.#parts
    process.frozen = false
    cores.resume(process)
    trace.record({ type: 'continued', pid: process.pid })
    process.startOptions.onContinue?.()
    const held = threads.takeHeld(process)
    clock.after(0, async () => {
      for (const job of held) await job()
      await this.#arrive(process)
      await threads.drain(process)
    })
  }
}
