import type { KernelLine } from '../../machine/hardware.ts'
import type { Clock } from './clock.ts'
import type { Trace } from './trace.ts'

/** How many lines are kept at most. */
const KEPT = 2000

/** The ring buffer of the kernel (`dmesg`). */
export class KernelLog {
  readonly lines: KernelLine[] = []
  /** Called with each line, before it is recorded in the trace. */
  onLine: ((text: string) => void) | undefined
  readonly #clock: Clock
  readonly #trace: Trace

  constructor({ clock, trace }: { clock: Clock; trace: Trace }) {
    this.#clock = clock
    this.#trace = trace
  }

  say(text: string): void {
    this.lines.push({ at: this.#clock.now, text })
    if (this.lines.length > KEPT) this.lines.splice(0, KEPT / 2)
    this.onLine?.(text)
    this.#trace.record({ type: 'dmesg', text })
  }

  /** A boot begins with an empty log. */
  clear(): void {
    this.lines.length = 0
  }
}
