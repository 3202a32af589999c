import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from '../../output/language.ts'
import { Sentinel } from '../../parent/sentinel.ts'
import { medium } from '../../output/medium.ts'
import { write } from '../../output/write.ts'
import type { LabWords } from '../words.ts'
import { choose } from './choose.ts'
import { widthOf, wrap } from './wrap.ts'

/** The maximal width of text, in columns. */
const WIDEST = 78
const BAR = 24

type Values = Readonly<Record<string, string | number>>

/** Leads through a guided run: prints, asks, and cleans up however the run ends. */
export class Guide {
  readonly words: LabWords
  /** A folder for this run alone; it is removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'server-workers-lab-'))
  /** When this process is killed, it ends and removes all that the run has made. */
  readonly sentinel = new Sentinel()
  readonly #asks: boolean
  readonly #cleanUp: (() => void | Promise<void>)[] = []
  #closing: Promise<void> | undefined

  /** `asks`: whether there is a terminal on which someone can answer. */
  constructor(words: LabWords, asks: boolean) {
    this.words = words
    this.#asks = asks
    this.sentinel.start()
    this.sentinel.remove(this.folder)
    this.onEnd(() => this.sentinel.end())
    this.onEnd(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  get colors(): boolean {
    return medium('stdout').colors !== 'none'
  }

  get #columns(): number {
    return Math.min(WIDEST, medium('stdout').columns)
  }

  /** Registers a cleanup for the end; the last one runs first. */
  onEnd(undo: () => void | Promise<void>): void {
    this.#cleanUp.unshift(undo)
  }

  /** Runs all cleanups, once. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      for (const undo of this.#cleanUp.splice(0)) await undo()
    })()
    return this.#closing
  }

  title(text: string): void {
    this.#print([
      '',
      this.#style('1', text),
      this.#style('2', '─'.repeat(Math.min(this.#columns, widthOf(text)))),
      '',
    ])
  }

  /** Prints a paragraph. */
  say(text: string, values: Values = {}): void {
    this.#print([...wrap(fill(text, values), this.#columns), ''])
  }

  /** Prints a command as it would be typed. */
  command(text: string): void {
    this.#print([`${this.#style('2', '$')} ${this.#style('1', text)}`])
  }

  /** Prints a line of a program's output. */
  output(line: string): void {
    this.#print([`${this.#style('2', '│')} ${line}`])
  }

  /** Prints a measured fact literally. */
  fact(text: string): void {
    this.#print([`  ${text}`])
  }

  gap(): void {
    this.#print([''])
  }

  /** Prints a table: the first column is left-aligned, the others right-aligned. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [head, ...rows]
    const widths = head.map((_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))))
    const lay = (row: readonly string[]) =>
      row
        .map((cell, i) => {
          const blank = ' '.repeat((widths[i] ?? 0) - widthOf(cell))
          return i === 0 ? cell + blank : blank + cell
        })
        .join('   ')
        .trimEnd()
    this.#print([this.#style('2', `  ${lay(head)}`), ...rows.map((row) => `  ${lay(row)}`), ''])
  }

  /** Prints counts as bars; the largest one fills the width. */
  shares(rows: readonly { readonly label: string; readonly count: number }[]): void {
    const most = Math.max(1, ...rows.map(({ count }) => count))
    for (const { label, count } of rows) {
      const bar = '█'.repeat(Math.max(count > 0 ? 1 : 0, Math.round((count / most) * BAR)))
      this.fact(`${label}  ${String(count).padStart(4)}  ${bar}`)
    }
    this.gap()
  }

  /** Asks for a prediction before the answer is shown; Enter skips. @returns the index of the choice, or nothing */
  async predict(
    question: string,
    choices: readonly string[],
    values: Values = {},
  ): Promise<number | undefined> {
    const { predict } = this.words
    this.#print([
      ...wrap(fill(question, values), this.#columns).map((line) => this.#style('1', line)),
      ...choices.map((choice, i) => `  ${i + 1}) ${fill(choice, values)}`),
    ])
    if (!this.#asks) {
      this.gap()
      return undefined
    }
    const chosen = await choose(choices.length, predict, (text) => this.#print([text]))
    this.gap()
    return chosen
  }

  /** Prints whether the prediction was right; nothing without a prediction. */
  reveal(predicted: number | undefined, right: number): void {
    if (predicted === undefined) return
    const { predict } = this.words
    this.say(predicted === right ? predict.right : predict.wrong)
  }

  #print(lines: readonly string[]): void {
    write('stdout', lines.map((line) => `${line}\n`).join(''))
  }

  #style(code: string, text: string): string {
    return this.colors ? `\u001b[${code}m${text}\u001b[0m` : text
  }
}
