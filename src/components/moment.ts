/** A line of a recorded run with its time. */
export interface RecordedLine {
  /** Seconds since the start of the recording. */
  readonly at: number
  /** The stream that the line came from, e.g. `out`, or the recorder's own step. */
  readonly source: string
  readonly text: string
}
