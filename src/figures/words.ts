import { lookUp } from '../../simulator/manager/look-up.ts'
import type { Measure, Names } from './figure.ts'

/** The texts that all figures share. `{seconds}` is replaced by a number. */
export interface CommonWords {
  readonly play: string
  readonly pause: string
  /** The button's text with reduced motion. */
  readonly step: string
  readonly seconds: string
}

/** The texts of one figure: content/figures/<locale>.json. Names are keyed by the ids in its code. */
export interface FigureWords {
  /** Its caption: what it shows, in a sentence. */
  readonly claim: string
  /** A text alternative for the picture. */
  readonly picture: string
  readonly control: string
  /** The values of a control that is a choice. */
  readonly values?: Readonly<Record<string, string>>
  readonly rows?: Readonly<Record<string, string>>
  readonly measures: Readonly<Record<string, string>>
  /** Results that are words instead of numbers. */
  readonly results?: Readonly<Record<string, string>>
}

/** All texts of a figure on a page. */
export interface FigureTexts {
  readonly common: CommonWords
  readonly figure: FigureWords
}

/** The names of the figure's rows. */
export function namesOf({ figure }: FigureTexts): Names {
  return (id) => lookUp(figure.rows, id) ?? id
}

/** A measure for the reader: its name and its value. */
export function measureText(
  measure: Measure,
  { common, figure }: FigureTexts,
): { name: string; value: string } {
  const name = lookUp(figure.measures, measure.id) ?? measure.id
  if ('ms' in measure) {
    const seconds = (measure.ms / 1000).toFixed(measure.ms < 20_000 ? 2 : 0)
    return { name, value: common.seconds.replace('{seconds}', seconds) }
  }
  if ('word' in measure) return { name, value: lookUp(figure.results, measure.word) ?? measure.word }
  return { name, value: String(measure.count) }
}
