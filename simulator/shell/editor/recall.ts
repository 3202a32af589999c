import { LONGEST_LINE } from '../../machine/limits.ts'

/** Replaces `!!` by the previous line and `!$` by its last word; `undefined` when that is longer than a line may be. */
export function recall(line: string, history: readonly string[]): string | undefined {
  const before = history.findLast((each) => each !== line)
  if (before === undefined || !/(^|[\s;&|])!(!|\$)/.test(line)) return line
  const recalled = line.replaceAll(/(^|[\s;&|])!(!|\$)/g, (_, start: string, what: string) => {
    return start + (what === '!' ? before : (/\S+$/.exec(before)?.[0] ?? ''))
  })
  return recalled.length > LONGEST_LINE ? undefined : recalled
}
