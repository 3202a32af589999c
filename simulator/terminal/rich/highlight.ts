import { lookUp } from '../../manager/look-up.ts'
import type { Span, Text } from './text.ts'
import type { Style } from './style.ts'

/** Patterns and the styles of their named groups; each pattern is matched against the whole text, in order. */
export interface Highlights {
  readonly patterns: readonly RegExp[]
  readonly styles: Readonly<Record<string, Style>>
}

/** Longer text is not highlighted: the patterns take time that grows with the square of its length. */
const LONGEST = 5000

/** The text with the styles of all matches, below the spans that it already has. */
export function highlight(text: Text, highlights: Highlights): Text {
  if (text.plain.length > LONGEST) return text
  const spans: Span[] = []
  for (const pattern of highlights.patterns) {
    for (const match of text.plain.matchAll(pattern)) {
      const groups = match.indices?.groups ?? {}
      for (const [name, range] of Object.entries(groups)) {
        const style = lookUp(highlights.styles, name)
        // A group that did not match has no range, although the types say it has.
        const [start, end] = (range as [number, number] | undefined) ?? [0, 0]
        if (style !== undefined && end > start) spans.push({ start, end, style })
      }
    }
  }
  return { plain: text.plain, spans: [...spans, ...text.spans] }
}
