import type { SignalName } from '../../manager/signals.ts'

/** What a shell does at a signal and at its end: `trap`. */
export class Traps {
  /** By the name of the signal, or `EXIT`; an empty text ignores the signal. */
  readonly actions = new Map<string, string>()
  /** Signals that have come and whose actions have not been run yet. */
  readonly pending: SignalName[] = []
  /** Called when a signal comes for which something is to be run: `wait` does not wait on. */
  onCaught: ((signal: SignalName) => void) | undefined

  /** A signal comes for the shell. False when it has no trap for it. */
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
