import { width } from '../../../simulator/terminal/index.ts'

/** About how wide `text` is in the picture's own type (px); enough to decide whether it fits. */
export function textWidth(text: string, size = 11): number {
  return width(text) * size * 0.61
}
