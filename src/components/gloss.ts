import { lookUp } from '../../simulator/manager/look-up.ts'

/** Explanations of log lines in one language, by the line with {placeholders}: content/gloss/<locale>.json */
export type Glosses = Readonly<Record<string, string>>

/** The explanation of one line. */
export interface Gloss {
  readonly key: string
  readonly text: string
  /** The column in which the message begins, after level, time or tag. */
  readonly column: number
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The gloss with the longest key that this line ends in; `undefined` when there is none. */
export function glossOf(line: string, glosses: Glosses): Gloss | undefined {
  for (const key of Object.keys(glosses).toSorted((a, b) => b.length - a.length)) {
    const match = pattern(key).exec(line)
    if (match) return { key, text: lookUp(glosses, key) ?? '', column: match.index + (match[1]?.length ?? 0) }
  }
  return undefined
}

/** The pattern of a key. Log lines have a prefix (level, time, tag, or the terminal's ^C), so only the end is anchored. */
function pattern(key: string): RegExp {
  const body = key
    .split(/\{[a-z]+\}/)
    .map(escaped)
    .join('(?:\\S+)')
  return new RegExp(`(^|[\\s\\]C])${body}\\s*$`)
}
