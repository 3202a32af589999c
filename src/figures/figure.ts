import type { TraceEvent } from '../../simulator/machine/trace.ts'
import type { Row } from './rows.ts'
import type { Plan } from './run.ts'
import type { ObservedRun } from './observe.ts'

/** The one setting that a reader can change. Its values are texts; a figure begins with `first`. */
export type Control =
  | {
      readonly kind: 'range'
      readonly least: number
      readonly most: number
      readonly step: number
      readonly first: string
    }
  | {
      readonly kind: 'choice'
      readonly values: readonly string[]
      readonly first: string
      /** Whether its values are shown as code. */
      readonly code?: boolean
    }

/** A result of a run, whose name is in the texts of the figure. */
export type Measure = { readonly id: string } & (
  | { readonly ms: number }
  | { readonly count: number }
  /** One of a few words, by its id. */
  | { readonly word: string }
)

/** A small figure beside a sentence: one claim, one control, and a run of the simulated machine for each value of the control. */
export interface Figure {
  readonly id: string
  /** The chapter that it is in. */
  readonly chapter: string
  readonly control: Control
  /** The trace event that the claim is about. */
  readonly event: TraceEvent['type']
  plan(value: string): Plan
  /** The rows to draw, from the top; `words` gives their names. */
  rows(seen: ObservedRun, names: Names): readonly Row[]
  /** The results of the run; the claim is about the first one. */
  measures(seen: ObservedRun): readonly Measure[]
}

/** The names of rows in the reader's language, by their ids. */
export type Names = (id: string) => string

/** All values of a control. */
export function valuesOf(control: Control): readonly string[] {
  if (control.kind === 'choice') return control.values
  const { least, most, step } = control
  return Array.from({ length: Math.round((most - least) / step) + 1 }, (_, index) =>
    String(least + index * step),
  )
}
