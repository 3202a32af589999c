import type { SignalName } from '../../../manager/signals.ts'

/** Signals that a program can handle: not SIGKILL and SIGSTOP; SIGCHLD is Node's. */
const CATCHABLE: readonly SignalName[] = [
  'INT',
  'TERM',
  'HUP',
  'QUIT',
  'TTIN',
  'TTOU',
  'USR1',
  'USR2',
  'WINCH',
  'ABRT',
]

/** Lets SIGUSR1 end this process like any other, where Node would start its inspector. */
export function leaveUsr1ToTheSystem(): void {
  const taken = () => undefined
  process.on('SIGUSR1', taken)
  // When its last handler is removed, a signal gets the system's default action, not Node's own.
  process.off('SIGUSR1', taken)
}

/**
 * Keeps exactly those handlers installed that the manager or worker has now. A signal without one gets the kernel's default action, as in
 * the original.
 */
export class SignalHandlers {
  readonly #installed = new Map<SignalName, () => void>()
  readonly #onSignal: (signal: SignalName) => void

  constructor(onSignal: (signal: SignalName) => void) {
    this.#onSignal = onSignal
  }

  /** Installs missing handlers. Call before the effects of a step are carried out. */
  add(handles: (signal: SignalName) => boolean): void {
    for (const signal of CATCHABLE) if (handles(signal)) this.#install(signal)
  }

  /** Removes handlers that are no longer wanted. Call after the effects, so that the last log lines are still written. */
  drop(handles: (signal: SignalName) => boolean): void {
    for (const signal of CATCHABLE) if (!handles(signal)) this.#remove(signal)
  }

  /** Removes every handler: from now on the default actions hold. */
  clear(): void {
    this.drop(() => false)
  }

  #install(signal: SignalName): void {
    if (this.#installed.has(signal)) return
    const handler = () => this.#onSignal(signal)
    this.#installed.set(signal, handler)
    process.on(`SIG${signal}`, handler)
  }

  #remove(signal: SignalName): void {
    const handler = this.#installed.get(signal)
    if (handler === undefined) return
    this.#installed.delete(signal)
    process.off(`SIG${signal}`, handler)
  }
}
