/** The speeds at which a machine can be watched: virtual ms for each ms of real time. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 5, 10, 20] as const

/** One of these speeds. */
export type Speed = (typeof SPEEDS)[number]
