import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObservedLine } from '../../conformance/recording/observed.ts'

/** What makes every process of the command note in `file` what it writes. */
export function tracing(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'trace.cjs')}`, TEST_TRACE: file }
}

/** A note of a process: a worker that it has started, what it is about to write, or that only so much of that was written. */
type Note = { readonly pid: number } & (
  | { readonly worker: number }
  | { readonly ready: true }
  | { readonly cut: string }
  | { readonly stream: 'stdout' | 'stderr'; readonly text: string }
)

/** The lines that were noted so far, each with the process that wrote it. A write is one record: one or more whole lines. */
export function tracedLines(file: string): ObservedLine[] {
  return tracedWrites(file).flatMap(({ pid, stream, text }) => {
    if (text === '') return []
    // A question to the terminal has no end of line.
    if (/^\u001b\]1[01];\?\u001b\\$/.test(text)) return [{ pid, stream, text }]
    const lines = text.split('\n')
    if (lines.pop() !== '') throw new Error(`process ${pid} wrote a line in pieces: ${JSON.stringify(text)}`)
    return lines.map((line): ObservedLine => ({ pid, stream, text: line }))
  })
}

type Write = Extract<Note, { readonly text: string }>

/** What was written. The rest of a write that was cut short is a write of its own. */
function tracedWrites(file: string): readonly Write[] {
  const writes: Write[] = []
  for (const note of notes(file)) {
    if ('text' in note) writes.push(note)
    if (!('cut' in note)) continue
    const last = writes.findLastIndex(({ pid }) => pid === note.pid)
    const whole = writes[last]
    if (whole !== undefined) writes[last] = { ...whole, text: note.cut }
  }
  return writes
}

/** The PIDs of the workers in the order in which they were started, also of those that died at once. */
export function tracedWorkers(file: string): number[] {
  return notes(file).flatMap((note) => ('worker' in note ? [note.worker] : []))
}

/** How many workers have said to their manager that they are ready. */
export function tracedReady(file: string): number {
  return notes(file).filter((note) => 'ready' in note).length
}

function notes(file: string): readonly Note[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Note)
}
