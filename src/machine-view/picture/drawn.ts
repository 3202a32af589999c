import type { Picture, WorkerSlot } from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import type { Geometry } from './geometry.ts'
import type { TimeScale } from './scale.ts'

/** Everything that the drawing needs. */
export interface DrawingInput {
  readonly picture: Picture
  readonly slots: readonly WorkerSlot[]
  readonly geometry: Geometry
  readonly scale: TimeScale
  readonly speech: Speech
  readonly machine: { readonly memory: number }
  readonly clients: { readonly count: number; readonly on: boolean }
  readonly running: boolean
  /** A field of the responses' JSON that is written on the bars. */
  readonly bars: string | undefined
}

/** CSS classes for a slot's colour and outline: together they distinguish sixteen slots. */
export function slotClasses(slot: WorkerSlot): string {
  return `w${(slot.id % 4) + 1} o${((slot.id + Math.floor(slot.id / 4)) % 4) + 1}`
}
