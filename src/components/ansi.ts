import { lookUp } from '../../simulator/manager/look-up.ts'

/** A piece of terminal text in one style. */
export interface Span {
  readonly text: string
  /** CSS classes of styles/terminal.css: `b`, `u`, `fg32`, `bg` … */
  readonly classes: readonly string[]
  /** A background that is not one of the sixteen colours, as CSS. */
  readonly background?: string
}

const sequence = /\x1b\[([\d;]*)m|\x1b\]8;[^\x1b]*\x1b\\/g

/**
 * Splits a line of terminal output where its style changes. It knows what the recorded programs use: bold, underline, the sixteen colours,
 * 24-bit backgrounds. Links (OSC 8) keep their style and lose their target: a reader who clicked http://0.0.0.0:8080 would find nothing there.
 */
export function spans(line: string): Span[] {
  const found: Span[] = []
  let style = new Set<string>()
  let background: string | undefined
  let at = 0

  const take = (until: number): void => {
    if (until > at) {
      const span: Span = { text: line.slice(at, until), classes: [...style] }
      found.push(background === undefined ? span : { ...span, background })
    }
  }

  for (const match of line.matchAll(sequence)) {
    take(match.index)
    at = match.index + match[0].length
    if (match[1] === undefined) continue
    const codes = match[1].split(';').map(Number)
    style = new Set(style)
    while (codes.length > 0) {
      const code = codes.shift() ?? 0
      if (code === 0) {
        style.clear()
        background = undefined
      } else if (code === 1) style.add('b')
      else if (code === 4) style.add('u')
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.add(`fg${String(code)}`)
      else if (code === 48 && codes[0] === 2) {
        const [, red, green, blue] = codes.splice(0, 4)
        style.add('bg')
        background = `rgb(${String(red)} ${String(green)} ${String(blue)})`
      }
    }
  }
  take(line.length)
  return found
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => lookUp(entities, sign) ?? sign)

/** The line as HTML. It is a string, since the line breaks of an Astro template would show in preformatted text. */
export function html(line: string): string {
  return spans(line)
    .map(({ text, classes, background }) => {
      if (classes.length === 0) return escaped(text)
      const style = background === undefined ? '' : ` style="--ansi-bg:${background}"`
      return `<span class="${classes.join(' ')}"${style}>${escaped(text)}</span>`
    })
    .join('')
}
