import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObservedLine } from '../../oracle/observed.ts'
import type { ChildInfo } from './processes.ts'

/** What makes every process of the command note in `file` what it writes. */
export function tracing(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'trace.cjs')}`, TEST_TRACE: file }
}

/** A note of a process: who it is, or what it wrote. */
type Note = (
  | { readonly since: number; readonly task: string }
  | { readonly stream: 'stdout' | 'stderr'; readonly text: string }
) & {
  readonly pid: number
}

/** The lines that were noted so far, each with the process that wrote it. A write is one record: one or more whole lines. */
export function tracedLines(file: string): ObservedLine[] {
  return notes(file).flatMap((note) => {
    if (!('text' in note)) return []
    const { pid, stream, text } = note
    const lines = text.split('\n')
    if (lines.pop() !== '') throw new Error(`process ${pid} wrote a line in pieces: ${JSON.stringify(text)}`)
    return lines.map((line): ObservedLine => ({ pid, stream, text: line }))
  })
}

/** The workers that noted who they are. Those that were killed before are not among them. */
export function tracedWorkers(file: string): ChildInfo[] {
  return notes(file).flatMap((note) =>
    'task' in note && note.task === 'work' ? [{ pid: note.pid, since: note.since, task: note.task }] : [],
  )
}

function notes(file: string): readonly Note[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Note)
}
