import type { ProgramName } from '../../../simulator/manager/settings.ts'
import type { Recorded } from '../recording/scenario.ts'
import { namesIn } from '../recording/scenario.ts'
import { named, pidsIn, type Template } from './template.ts'
import { said, type Said } from './speaker.ts'
import { plain, type Line } from './text.ts'

/** A line of the recording. */
export interface RecordedLine extends Said {
  readonly stream?: Line['stream']
}

/** A line of ours: the recorded templates that it matches, with the PIDs in it. */
export interface SeenLine {
  readonly text: string
  readonly stream?: Line['stream']
  readonly is: ReadonlyMap<Template, readonly number[]>
}

/** Parses the lines of a recording. */
export function readRecorded(lines: readonly Line[], recorded: Recorded): RecordedLine[] {
  const alone = isAlone(lines, recorded)
  // A query before there are workers is the parent's; afterwards it sends none.
  const family = lines.findIndex(({ text }) => /Started (?:parent|reloader) process \[/.test(plain(text)))
  const gone = lines.findIndex(({ text }) => /Stopping (?:parent|reloader) process \[/.test(plain(text)))
  return lines.map((line, i) => {
    const stream = line.stream === undefined ? {} : { stream: line.stream }
    const read = said(named(line.text), recorded, alone)
    if (line.echo) return { ...read, speaker: { by: 'terminal' } }
    if (line.question) {
      const kind = line.text.includes(']11') ? 'asks background' : 'asks foreground'
      const by = alone || family < 0 || i < family ? 'parent' : 'some worker'
      return { ...read, kind, speaker: { by } }
    }
    // Any other line before there are workers and after they are gone is the parent's too, also an empty one.
    const alonePhase = read.speaker.by === 'anyone' && (i < family || (gone >= 0 && i > gone))
    return { ...read, ...(alonePhase && { speaker: { by: 'parent' } as const }), ...stream }
  })
}

/** Whether there are no workers: uvicorn and fastapi serve in the parent itself when asked for one. */
function isAlone(lines: readonly Line[], recorded: Recorded): boolean {
  const program: ProgramName = recorded.program
  return (
    program !== 'gunicorn' &&
    recorded.spawnOrder.length === 0 &&
    !lines.some(({ text }) => text.includes('Started parent process [')) &&
    namesIn(lines.map((line) => line.text)).length === 0
  )
}

/** Parses lines of ours by the recording's templates. */
export function readSeen(lines: readonly Line[], templates: readonly Template[]): SeenLine[] {
  const known = new Map<string, SeenLine['is']>()
  return lines.map(({ text, stream }) => {
    let is = known.get(text)
    if (is === undefined) {
      const found = new Map<Template, readonly number[]>()
      for (const template of templates) {
        const pids = pidsIn(text, template)
        if (pids !== undefined) found.set(template, pids)
      }
      known.set(text, (is = found))
    }
    return { text, is, ...(stream === undefined ? {} : { stream }) }
  })
}

/** The templates of a recording, each once. */
export function templatesOf(lines: readonly RecordedLine[]): Template[] {
  return [...new Set(lines.map((line) => line.template))]
}
