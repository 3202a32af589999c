import type { Style } from './style.ts'
import { combine, paint } from './style.ts'

/** Text with styles on parts of it. Where spans overlap, a later one lies on top. */
export interface Text {
  readonly plain: string
  readonly spans: readonly Span[]
}

/** A style for the text from `start` to before `end`, in UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly style: Style
}

/** A plain string, or one in a style. */
export type StyledString = string | readonly [string, Style]

/** Builds a text from plain and styled strings. */
export function assemble(...pieces: readonly StyledString[]): Text {
  let plain = ''
  const spans: Span[] = []
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      plain += piece
      continue
    }
    const [text, style] = piece
    spans.push({ start: plain.length, end: plain.length + text.length, style })
    plain += text
  }
  return { plain, spans }
}

/** Concatenates texts. */
export function join(...texts: readonly Text[]): Text {
  let plain = ''
  const spans: Span[] = []
  for (const text of texts) {
    const shift = plain.length
    spans.push(
      ...text.spans.map(({ start, end, style }) => ({ start: start + shift, end: end + shift, style })),
    )
    plain += text.plain
  }
  return { plain, spans }
}

/** The part of a text from `start` to before `end`. */
export function slice(text: Text, start: number, end = text.plain.length): Text {
  return {
    plain: text.plain.slice(start, end),
    spans: text.spans
      .map((span) => ({
        start: Math.max(span.start, start) - start,
        end: Math.min(span.end, end) - start,
        style: span.style,
      }))
      .filter((span) => span.end > span.start),
  }
}

/** The lines of a text, without their line breaks. */
export function lines(text: Text): Text[] {
  const found: Text[] = []
  let start = 0
  for (const line of text.plain.split('\n')) {
    found.push(slice(text, start, start + line.length))
    start += line.length + 1
  }
  return found
}

/** The text with escapes, or without them when `colored` is false. `base` lies below all spans. */
export function render(text: Text, colored: boolean, base: Style = {}): string {
  if (!colored) return text.plain
  const cuts = new Set([0, text.plain.length, ...text.spans.flatMap(({ start, end }) => [start, end])])
  const offsets = [...cuts].sort((a, b) => a - b)
  let out = ''
  for (const [index, from] of offsets.entries()) {
    const to = offsets[index + 1]
    if (to === undefined) break
    const over = text.spans.filter((span) => span.start <= from && span.end >= to)
    out += paint(text.plain.slice(from, to), combine([base, ...over.map((span) => span.style)]))
  }
  return out
}
