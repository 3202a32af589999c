import type { Observed } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'

/** One line of either side, escapes as `\e`, without the terminal's echo. */
export interface Line {
  readonly text: string
  /** Only where the two streams were kept apart. */
  readonly stream?: 'stdout' | 'stderr'
  /** The terminal's echo `^C`, which comes before the next line without a line break. */
  readonly echo?: true
  /** A query of the terminal's colours, which comes before the next line, whichever process prints that. */
  readonly question?: true
}

const ECHO: Line = { text: '^C', echo: true }

/** The lines of a recording. */
export function recordedLines(recorded: Recorded): Line[] {
  if ('stderr' in recorded.lines)
    return [
      ...recorded.lines.stderr.map((text): Line => ({ text, stream: 'stderr' })),
      ...recorded.lines.stdout.map((text): Line => ({ text, stream: 'stdout' })),
    ]
  const last = recorded.lines.length - 1
  return recorded.lines.flatMap((text, i) => split({ text }, i < last))
}

/** The lines of a run of which only the bytes are known. */
export function rawLines(text: (Observed & { attributed: false })['text']): Line[] {
  if (typeof text === 'string')
    return linesOf(text).flatMap((line, i, { length }) => split({ text: line }, i < length - 1))
  return [
    ...linesOf(text.stderr).map((line): Line => ({ text: line, stream: 'stderr' })),
    ...linesOf(text.stdout).map((line): Line => ({ text: line, stream: 'stdout' })),
  ]
}

/** The lines of each process (0: the terminal), when it is known which process printed what. */
export function linesByProcess(
  observed: Observed & { attributed: true },
  apart: boolean,
): Map<number, Line[]> {
  const byProcess = new Map<number, Line[]>()
  const add = (pid: number, line: Line) => {
    const lines = byProcess.get(pid)
    if (lines === undefined) byProcess.set(pid, [line])
    else lines.push(line)
  }
  for (const { pid, stream, text } of observed.lines) {
    const line = { text: shownEscapes(text), ...(apart ? { stream } : {}) }
    // What is no line is told apart here.
    for (const part of split(line, false)) add(part.echo ? 0 : pid, part)
  }
  return byProcess
}

/** `^C^CINFO: …` is two echoes and a line. `isWhole`: the line had an end, so the text after the echo is a line, even an empty one. */
function split(line: Line, isWhole: boolean): Line[] {
  const [mark] = /^(?:\^C|\\e\]1[01];\?\\e\\)/.exec(line.text) ?? []
  if (mark === undefined) return [line]
  const rest = line.text.slice(mark.length)
  const first: Line = mark === '^C' ? ECHO : { ...line, text: mark, question: true }
  // A line of the terminal that is nothing but the echo had an end only where somebody printed an empty line.
  return rest === '' && !isWhole ? [first] : [first, ...split({ ...line, text: rest }, isWhole)]
}

function linesOf(text: string): string[] {
  const lines = shownEscapes(text).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Writes ESC as the recordings do. */
function shownEscapes(text: string): string {
  return text.replaceAll('\u001b', '\\e')
}

/** The line without colours and links. */
export function plain(text: string): string {
  return text.replace(/\\e\][^\\]*\\e\\/g, '').replace(/\\e\[[0-9;]*m/g, '')
}
