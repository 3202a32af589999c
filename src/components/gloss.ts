/** Log line, with {placeholders}, to what it means in one language: content/gloss/<locale>.json */
export type Glosses = Readonly<Record<string, string>>

/** The gloss of a line. */
export interface Gloss {
  readonly key: string
  readonly text: string
  /** The column in which the line's own text begins, after level, time or tag. */
  readonly column: number
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The gloss whose key, the longest one, ends this line; undefined when there is none. */
export function glossOf(line: string, glosses: Glosses): Gloss | undefined {
  for (const key of Object.keys(glosses).toSorted((a, b) => b.length - a.length)) {
    const match = pattern(key).exec(line)
    if (match) return { key, text: glosses[key] ?? '', column: match.index + (match[1]?.length ?? 0) }
  }
  return undefined
}

/** Log lines carry a prefix (level, time, tag, or the terminal's ^C), so only the end is anchored. */
function pattern(key: string): RegExp {
  const body = key
    .split(/\{[a-z]+\}/)
    .map(escaped)
    .join('(?:\\S+)')
  return new RegExp(`(^|[\\s\\]C])${body}\\s*$`)
}
