import { mkdirSync, writeFileSync } from 'node:fs'
import { reaches, type Line } from './line.ts'
import { table } from './table.ts'

/** The day that it is, as 2026-01-31. */
export const today = (): string => new Date().toISOString().slice(0, 10)

/** Writes lines as JSON, with their date and what else there is to say `about` them. An answer that never came is null. */
export function save(file: string, lines: readonly Line[], about: object = {}): void {
  mkdirSync('dist', { recursive: true })
  writeFileSync(file, `${JSON.stringify({ date: today(), ...about, lines }, null, 2)}\n`)
}

/** Prints the table of lines that `file` has, and how many of them fall short. */
export function report(file: string, lines: readonly Line[]): void {
  console.log(table(lines))
  const missed = lines.filter((line) => !reaches(line)).length
  console.log(`\n${lines.length} lines, ${missed} short of their goal; ${file} has them all.`)
}
