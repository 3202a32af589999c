/** A lab's own words: content/labs/<language>/<id>.json. */
export interface LabTexts {
  /** Their language, where it is not the page's: they are not translated yet. */
  readonly lang?: string
  /** What the lab is called where it stands among others, and to a screen reader. */
  readonly label: string
  /** What the recording shows that stands in the lab's place, where no picture is drawn of it. */
  readonly recorded?: string
  readonly controls?: Readonly<Record<string, string>>
  readonly predictions: Readonly<Record<string, PredictionTexts>>
  readonly checkpoints: Readonly<Record<string, CheckpointTexts>>
}

export interface PredictionTexts {
  /** A word or three for the list. */
  readonly title: string
  readonly question: string
  readonly choices: Readonly<Record<string, string>>
  /** Why it is so; told after the run. */
  readonly why: string
}

export interface CheckpointTexts {
  readonly title: string
  readonly task: string
  readonly hints: readonly string[]
}
