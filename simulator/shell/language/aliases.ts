import { ShellSyntaxError, tokenise } from './tokens.ts'

/** Words after which a command begins. */
const BEFORE_COMMANDS: ReadonlySet<string> = new Set(
  'do then else if elif while until ! time { sudo'.split(' '),
)

/** Replaces aliases in a typed line: at the beginning of each command, once. */
export function unaliased(line: string, aliases: ReadonlyMap<string, string>): string {
  if (aliases.size === 0) return line
  let text = line
  try {
    const tokens = tokenise(line, () => [])
    for (const [index, token] of [...tokens.entries()].toReversed()) {
      const before = tokens[index - 1]
      const begins =
        before === undefined ||
        (before.kind === 'operator' ? !/[<>]/.test(before.text) : BEFORE_COMMANDS.has(before.text))
      if (token.kind !== 'word' || !begins) continue
      const meant = aliases.get(token.text)
      if (meant !== undefined) text = text.slice(0, token.start) + meant + text.slice(token.end)
    }
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error
  }
  return text
}
