import { width } from '../../../simulator/terminal/index.ts'

/** The approximate width of `text` in the picture's font, in px. */
export function textWidth(text: string, size = 11): number {
  return width(text) * size * 0.61
}
