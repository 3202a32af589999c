import type { Raised } from '../manager/log.ts'
import { tracebackText } from '../manager/say.ts'

/** An exception as Python prints it, below its heading. */
export function traceback(raised: Raised, heading?: string): string {
  return (heading === undefined ? '' : `${heading}\n`) + tracebackText(raised)
}
