import type { Span, Text } from './text.ts'
import type { Style } from './style.ts'

/** Patterns whose named groups are styled; each is looked for in the whole text, one after the other. */
export interface Highlights {
  readonly patterns: readonly RegExp[]
  readonly styles: Readonly<Record<string, Style>>
}

/** The text with the styles of all matches. They lie below the spans that it has already. */
export function highlight(text: Text, highlights: Highlights): Text {
  const spans: Span[] = []
  for (const pattern of highlights.patterns) {
    for (const match of text.plain.matchAll(pattern)) {
      const groups = match.indices?.groups ?? {}
      for (const [name, range] of Object.entries(groups)) {
        const style = highlights.styles[name]
        // A group that took no part in the match has no range, whatever the types say.
        const [start, end] = (range as [number, number] | undefined) ?? [0, 0]
        if (style !== undefined && end > start) spans.push({ start, end, style })
      }
    }
  }
  return { plain: text.plain, spans: [...spans, ...text.spans] }
}
