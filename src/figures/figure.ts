import type { TraceEvent } from '../../simulator/machine/trace.ts'
import type { Row } from './rows.ts'
import type { Plan } from './run.ts'
import type { Seen } from './seen.ts'

/** The one thing that a reader can change. Its values are texts; `first` is the one that a figure begins with. */
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
      /** Whether the reader sees its values as code. */
      readonly code?: boolean
    }

/** A number that a run gave, under a name that is in the words of the figure. */
export type Measure = { readonly id: string } & (
  | { readonly ms: number }
  | { readonly count: number }
  /** One of a few words, by its id. */
  | { readonly word: string }
)

/** A small figure at a sentence: one claim, one control, and a run of the simulated machine for each of its values. */
export interface Figure {
  readonly id: string
  /** The chapter that it stands in. */
  readonly chapter: string
  readonly control: Control
  /** The machine's event that the claim is about. */
  readonly event: TraceEvent['type']
  plan(value: string): Plan
  /** What is drawn, from the top; `words`: names of rows. */
  rows(seen: Seen, names: Names): readonly Row[]
  /** What the run shows in numbers; the claim is about the first. */
  measures(seen: Seen): readonly Measure[]
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
