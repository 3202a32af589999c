import type { ExceptionInfo } from '../manager/log.ts'
import { tracebackText } from '../manager/say.ts'

/** A traceback as Python prints it, below an optional heading. */
export function traceback(raised: ExceptionInfo, heading?: string): string {
  return (heading === undefined ? '' : `${heading}\n`) + tracebackText(raised)
}
