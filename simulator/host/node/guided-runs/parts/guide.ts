import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fill } from '../../output/language.ts'
import { Sentinel } from '../../parent/sentinel.ts'
import { medium } from '../../output/medium.ts'
import { write } from '../../output/write.ts'
import type { LabWords } from '../words.ts'
import { widthOf, wrap } from './wrap.ts'

/** Text that is read is no wider than this. */
const WIDEST = 78
const BAR = 24

type Values = Readonly<Record<string, string | number>>

/** Who leads through a lab: says, shows, asks, and cleans up, however it ends. */
export class Guide {
  readonly words: LabWords
  /** A folder for this run alone; it is removed at the end. */
  readonly folder = mkdtempSync(join(tmpdir(), 'server-workers-lab-'))
  /** What ends and removes all that was made when this process is killed. */
  readonly sentinel = new Sentinel()
  readonly #asks: boolean
  readonly #cleanUp: (() => void | Promise<void>)[] = []
  #closing: Promise<void> | undefined

  /** `asks`: whether somebody is there who can answer. */
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

  /** What is to be undone at the end; the last is undone first. */
  onEnd(undo: () => void | Promise<void>): void {
    this.#cleanUp.unshift(undo)
  }

  /** Undoes everything, once. */
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

  /** A paragraph. */
  say(text: string, values: Values = {}): void {
    this.#print([...wrap(fill(text, values), this.#columns), ''])
  }

  /** A command, as one would type it. */
  command(text: string): void {
    this.#print([`${this.#style('2', '$')} ${this.#style('1', text)}`])
  }

  /** A line that a program printed. */
  output(line: string): void {
    this.#print([`${this.#style('2', '│')} ${line}`])
  }

  /** Something that was measured, word for word. */
  fact(text: string): void {
    this.#print([`  ${text}`])
  }

  gap(): void {
    this.#print([''])
  }

  /** Figures in columns: the first to the left, the others to the right. */
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

  /** Shares as bars, the largest as long as there is room. */
  shares(rows: readonly { readonly label: string; readonly count: number }[]): void {
    const most = Math.max(1, ...rows.map(({ count }) => count))
    for (const { label, count } of rows) {
      const bar = '█'.repeat(Math.max(count > 0 ? 1 : 0, Math.round((count / most) * BAR)))
      this.fact(`${label}  ${String(count).padStart(4)}  ${bar}`)
    }
    this.gap()
  }

  /** Asks before the answer is shown; Enter skips. What is chosen comes back, from 0. */
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
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    // Ctrl+C at the question is Ctrl+C for the lab.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    try {
      for (;;) {
        const typed = (await lines.question(fill(predict.prompt, { count: choices.length }))).trim()
        if (typed === '') return undefined
        const chosen = Number(typed) - 1
        if (Number.isInteger(chosen) && chosen >= 0 && chosen < choices.length) return chosen
        this.#print([fill(predict.again, { typed, count: choices.length })])
      }
    } finally {
      lines.close()
      this.gap()
    }
  }

  /** Says whether the prediction was right; nothing when there was none. */
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
