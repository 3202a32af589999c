/** Replaces `!!` by the previous line and `!$` by its last word. */
export function recall(line: string, history: readonly string[]): string {
  const before = history.findLast((each) => each !== line)
  if (before === undefined || !/(^|[\s;&|])!(!|\$)/.test(line)) return line
  return line.replaceAll(/(^|[\s;&|])!(!|\$)/g, (_, start: string, what: string) => {
    return start + (what === '!' ? before : (/\S+$/.exec(before)?.[0] ?? ''))
  })
}
