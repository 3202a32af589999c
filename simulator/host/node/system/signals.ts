import type { SignalName } from '../../../manager/signals.ts'

/** What a program may take into its own hands. SIGKILL and SIGSTOP never, SIGCHLD is Node's. */
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

/** Lets SIGUSR1 end this process as any other, where Node would start its inspector. */
export function leaveUsr1ToTheSystem(): void {
  const taken = () => undefined
  process.on('SIGUSR1', taken)
  // With its last handler a signal gets the system's default action, not Node's own back.
  process.off('SIGUSR1', taken)
}

/**
 * Keeps exactly those handlers installed that the machine has now. A signal without one meets the
 * kernel's default action, as it does in the original.
 */
export class SignalHandlers {
  readonly #installed = new Map<SignalName, () => void>()
  readonly #onSignal: (signal: SignalName) => void

  constructor(onSignal: (signal: SignalName) => void) {
    this.#onSignal = onSignal
  }

  /** Installs what the machine handles from now on. Call before the effects of a step are carried out. */
  add(handles: (signal: SignalName) => boolean): void {
    for (const signal of CATCHABLE) if (handles(signal)) this.#install(signal)
  }

  /** Removes what it handles no more. Call after the effects: what a program still has to say, it says. */
  drop(handles: (signal: SignalName) => boolean): void {
    for (const signal of CATCHABLE) if (!handles(signal)) this.#remove(signal)
  }

  /** Takes every handler away: from now on the default actions hold. */
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
