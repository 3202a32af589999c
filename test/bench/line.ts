import type { Contestant } from './contestants.ts'

/** One measurement. Numbers are in `unit`; `x` is a ratio. */
export interface Line {
  /** e.g. `boot-node`: its name in the JSON. */
  readonly id: string
  readonly what: string
  readonly unit:
    | 'x'
    | '%'
    | 'ms'
    | 'MB'
    | 'KB'
    | 'requests'
    | 'requests/s'
    | 'events/s'
    | 'workers'
    | 'packages'
    | 'points'
    | 'descriptors'
    | 'processes'
  readonly ours: number
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number }
  /** The same measurement of the others. */
  readonly beside?: Readonly<Record<string, number>>
  /** The basis of the number: requests, rounds and the like. */
  readonly of?: string
  /** The scale of the measurement, if it was not the full one. */
  readonly scale?: number
}

/** The context of a measurement. */
export interface Bench {
  readonly peers: readonly Contestant[]
  /** The scale: 1, or less for a quick check. */
  readonly scale: number
  /** Reports progress. */
  readonly tell: (text: string) => void
}

/** Measures something. */
export type Measure = (bench: Bench) => Promise<readonly Line[]>

/** Whether a line reaches its goal; one without a goal does. */
export function reaches({ ours, goal }: Line): boolean {
  if (goal === undefined) return true
  return 'atMost' in goal ? ours <= goal.atMost : ours >= goal.atLeast
}

/** At least one, and as many as the scale asks for. */
export function rounds({ scale }: Bench, whole: number): number {
  return Math.max(1, Math.round(whole * scale))
}

/** A peer as it stands beside the line: how often it was tried until it answered no more, if it came to that. */
export function peerName(name: string, stuckAt: number | undefined): string {
  return stuckAt === undefined ? name : `${name} (no answer any more after ${stuckAt})`
}
