/** With reduced motion the picture is redrawn at this interval, in ms. */
export const REDUCED_PERIOD = 500

/** Whether the reader prefers reduced motion. */
export function reducesMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
