import { ESC, sgr } from '../ansi.ts'
import type { Medium } from '../api.ts'

/** A style; a property that is missing is taken from the style below it. */
export interface Style {
  readonly bold?: boolean
  readonly dim?: boolean
  readonly italic?: boolean
  readonly underline?: boolean
  /** SGR codes of the foreground, e.g. `31`. */
  readonly color?: string
  /** SGR codes of the background, e.g. `48;5;23`. */
  readonly background?: string
  readonly link?: Link
}

/** A hyperlink (OSC 8). Strings with the same id form one link. */
export interface Link {
  readonly url: string
  readonly id: number
}

/** Whether rich writes escapes on this medium. */
export function hasColors(medium: Medium): boolean {
  return medium.terminal && medium.colors !== 'none'
}

/** Merges styles; a later one wins. */
export function combine(styles: readonly Style[]): Style {
  return Object.assign({}, ...styles) as Style
}

/** `text` in a style, as rich 13.9 writes it: attributes, foreground, background, reset; around it the link. */
export function paint(text: string, style: Style): string {
  const codes = [
    style.bold === true ? '1' : '',
    style.dim === true ? '2' : '',
    style.italic === true ? '3' : '',
    style.underline === true ? '4' : '',
    style.color ?? '',
    style.background ?? '',
  ].filter((code) => code !== '')
  const painted = codes.length === 0 ? text : sgr(text, codes.join(';'))
  if (style.link === undefined) return painted
  return `${ESC}]8;id=${style.link.id};${style.link.url}${ESC}\\${painted}${ESC}]8;;${ESC}\\`
}
