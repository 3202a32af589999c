import { stripAnsi } from '../../simulator/terminal/index.ts'
import type { RecordedLine } from './moment.ts'

/** The parent's PID, as in the transcripts of FastAPI's documentation; the PIDs of its children follow. */
const PARENT = 27365
/** The date and time that the first line of every recording gets: recordings do not contain their own. */
const BEGIN = Date.UTC(2026, 10, 20, 20, 38, 36)
/** The port of the first client. */
const FIRST_PORT = 48_214

/**
 * Replaces the names in a recording by values, for readers: PIDs for `<parent>` and `<w1>`, client ports for `<port>`, and for `<ts>` the
 * time at which the line was recorded, on a fixed day.
 *
 * @param moments the times of the recording's lines; needed when it has `<ts>`
 * @throws Error when a line with `<ts>` has no time
 */
export function withRealValues(
  lines: readonly string[],
  name: string,
  moments: readonly RecordedLine[] = [],
): string[] {
  let port = FIRST_PORT
  let next = 0
  const timeOf = (line: string): string => {
    const text = stripAnsi(line).trimEnd()
    const found = moments.findIndex((moment, index) => index >= next && moment.text.trimEnd() === text)
    const moment = moments[found]
    if (moment === undefined)
      throw new Error(
        `Transcript ${name}: no time is kept for "${text}". Expected a line with it in content/transcripts/${name}.times.tsv.`,
      )
    next = found + 1
    return timeOfDay(moment.at)
  }
  return lines.map((line) =>
    line
      .replaceAll('<ts>', () => timeOf(line))
      .replaceAll('<port>', () => String((port += 2)))
      .replaceAll(/<(?:parent|w\d+)>/g, pidOf),
  )
}

/** The PID that stands for `<parent>` or `<w1>`. */
export function pidOf(name: string): string {
  return String(name === '<parent>' ? PARENT : PARENT + 1 + Number(name.slice(2, -1)))
}

/** A time as gunicorn prints it. @param seconds since the first line */
function timeOfDay(seconds: number): string {
  const iso = new Date(BEGIN + Math.floor(seconds * 1000)).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000`
}
