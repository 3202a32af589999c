import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObservedLine } from '../../oracle/observed.ts'

/** What makes every process of the command note in `file` what it writes. */
export function tracing(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require=${join(import.meta.dirname, 'trace.cjs')}`, TEST_TRACE: file }
}

/** The lines that were noted so far, each with the process that wrote it. A write is one record: one or more whole lines. */
export function tracedLines(file: string): ObservedLine[] {
  const notes = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return notes.flatMap((note) => {
    const { pid, stream, text } = JSON.parse(note) as ObservedLine
    const lines = text.split('\n')
    if (lines.pop() !== '') throw new Error(`process ${pid} wrote a line in pieces: ${JSON.stringify(text)}`)
    return lines.map((line): ObservedLine => ({ pid, stream, text: line }))
  })
}
