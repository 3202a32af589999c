/** A lab's own words: content/labs/<language>/<id>.json. */
export interface LabTexts {
  /** Their language, if they are not translated into the page's yet. */
  readonly lang?: string
  /** The lab's name in lists and for screen readers. */
  readonly label: string
  /** A description of the recording that is shown without JavaScript, if there is no picture of it. */
  readonly recorded?: string
  /** The chapter after this one, if there is one. */
  readonly chapter?: { readonly href: string; readonly title: string; readonly lang: string }
  /** What the reader can do after the chapter's last task. */
  readonly able?: readonly string[]
  readonly controls?: Readonly<Record<string, string>>
  readonly predictions: Readonly<Record<string, PredictionTexts>>
  readonly checkpoints: Readonly<Record<string, CheckpointTexts>>
}

export interface PredictionTexts {
  /** A short title for the list. */
  readonly title: string
  readonly question: string
  readonly choices: Readonly<Record<string, string>>
  /** The explanation, shown after the run. */
  readonly why: string
}

export interface CheckpointTexts {
  readonly title: string
  readonly task: string
  /** What each condition of its goal says. */
  readonly conditions: Readonly<Record<string, ConditionTexts>>
  /** The explanation, shown when it is reached. */
  readonly why: string
  readonly hints: readonly string[]
}

export interface ConditionTexts {
  /** What must be true. */
  readonly name: string
  /** For a condition that can be lost: what has happened, and what to do next time. */
  readonly lost?: string
}
