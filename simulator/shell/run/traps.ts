import type { SignalName } from '../../manager/signals.ts'

/** The actions of `trap`: at signals, and at the end of the shell. */
export class Traps {
  /** By the name of the signal, or `EXIT`; an empty text ignores the signal. */
  readonly actions = new Map<string, string>()
  /** Signals that have come and whose actions have not been run yet. */
  readonly pending: SignalName[] = []
  /** Called when a signal with an action arrives: it ends a `wait`. */
  onCaught: ((signal: SignalName) => void) | undefined

  /** A signal arrives at the shell. @returns false when it has no trap for it */
  caught(signal: SignalName): boolean {
    const action = this.actions.get(signal)
    if (action === undefined) return false
    if (action !== '') {
      this.pending.push(signal)
      this.onCaught?.(signal)
    }
    return true
  }
}
