import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf } from './load.ts'
import type { Recorded } from './scenario.ts'

/** When things happened in a recording. Times are in seconds since start. */
export interface Timing {
  /** One for each step. */
  readonly steps: readonly StepTiming[]
  /** When the master ended. */
  readonly exit: number | null
  /** How many lines were printed in all. */
  readonly lines: number
  /** When the recording ended: its last line or step. */
  readonly end: number
}

/** When a step was done; for a `client` step, when the request ended. */
export interface StepTiming {
  readonly at: number
  /** How long nothing had happened before: no line, no step, no exit. */
  readonly quiet: number
  /** How many lines had been printed by then. */
  readonly lines: number
}

const file = join(import.meta.dirname, '../../recordings/timing.json')
let timings: Readonly<Record<string, Readonly<Record<string, Timing>>>> | undefined

/**
 * When things happened in a recording.
 *
 * @throws Error when the recording has no times
 */
export function timingOf({ program, version, name }: Pick<Recorded, 'program' | 'version' | 'name'>): Timing {
  timings ??= JSON.parse(readFileSync(file, 'utf8')) as NonNullable<typeof timings>
  const timing = timings[folderOf(program, version)]?.[name]
  if (timing === undefined) throw new Error(`timing.json has no times of ${program} ${version} ${name}`)
  return timing
}
