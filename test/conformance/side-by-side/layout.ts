import { width } from '../../../simulator/terminal/index.ts'
import { plain } from '../judge/text.ts'
import type { Mark, Row } from './pair.ts'

/** What the rows are shown on. */
export interface Page {
  readonly columns: number
  /** A terminal with colours: text is shown in its own, marks in theirs. */
  readonly colors: boolean
}

/** A row, or a rule across the page with something that was done at that moment. */
export type Item = Row | { readonly done: string }

const SIGNS: Readonly<Record<Mark, string>> = {
  same: ' ',
  recorded: '-',
  ours: '+',
  colours: '≠',
  order: '~',
  'left out': '·',
}

const COLORS: Readonly<Record<Mark, string>> = {
  same: '',
  recorded: '31',
  ours: '32',
  colours: '35',
  order: '33',
  'left out': '2',
}

const SAYS: Readonly<Partial<Record<Mark, string>>> = {
  recorded: 'only in the recording',
  ours: 'only in ours',
  colours: 'in other colours (␛ is an escape)',
  order: 'the same line, but of another process, or elsewhere in what its process says',
  'left out': "not compared: Python's own lines, and what stands in their place",
}

/** What the signs mean that stand before these rows. */
export function legend(rows: readonly Row[], page: Page): string[] {
  const marks = new Set(rows.map(({ mark }) => mark))
  return [...marks].flatMap((mark) => {
    const says = SAYS[mark]
    return says === undefined ? [] : [`${sign(mark, page)} ${says}`]
  })
}

/** Below so many columns for a side, lines stand below each other. */
const NARROWEST = 36
const GUTTER = 2
const BETWEEN = ' │ '

/** The rows in two columns; on a narrow page below each other, first the recorded line. */
export function layout(items: readonly Item[], page: Page): string[] {
  const side = Math.floor((page.columns - GUTTER - BETWEEN.length) / 2)
  const head = side < NARROWEST ? [] : [row(' ', 'recorded', 'ours', side, page), rule('', page)]
  return [
    ...head,
    ...folded(items).flatMap((item) => {
      if ('done' in item) return [rule(item.done, page)]
      return side < NARROWEST ? below(item, page) : beside(item, side, page)
    }),
  ]
}

/** Runs of lines that are not compared, as one row that counts them. */
function folded(items: readonly Item[]): Item[] {
  const out: Item[] = []
  let run: Row[] = []
  const flush = () => {
    const count = (texts: readonly (string | undefined)[]) => {
      const number = texts.filter((text) => text !== undefined).length
      return number === 0 ? undefined : `(${number} ${number === 1 ? 'line' : 'lines'} not compared)`
    }
    const [first] = run
    if (first !== undefined) {
      const recorded = count(run.map((one) => one.recorded))
      const ours = count(run.map((one) => one.ours))
      out.push({ ...first, ...(recorded && { recorded }), ...(ours && { ours }) })
    }
    run = []
  }
  for (const item of items) {
    if ('mark' in item && item.mark === 'left out') run.push(item)
    else {
      flush()
      out.push(item)
    }
  }
  flush()
  return out
}

function beside(item: Row, side: number, page: Page): string[] {
  const [left, right] = [item.recorded, item.ours].map((text) => cut(shownIn(item, text), side, page.colors))
  const height = Math.max(left?.length ?? 0, right?.length ?? 0, 1)
  return Array.from({ length: height }, (_, i) =>
    row(sign(item.mark, page), left?.[i] ?? '', right?.[i] ?? '', side, page),
  )
}

function below(item: Row, page: Page): string[] {
  const columns = page.columns - GUTTER
  const lines = (mark: Mark, text: string | undefined) =>
    text === undefined
      ? []
      : cut(shownIn(item, text), columns, page.colors).map((line) => `${sign(mark, page)} ${line}`)
  if (item.mark === 'same') return lines('same', item.recorded)
  const both = item.recorded !== undefined && item.ours !== undefined
  if (!both) return [...lines(item.mark, item.recorded), ...lines(item.mark, item.ours)]
  return [
    ...lines('recorded', item.recorded),
    ...lines(item.mark === 'left out' ? 'left out' : 'ours', item.ours),
  ]
}

/** Where the colours are the difference, they are spelled out; questions to the terminal always are. */
function shownIn({ mark }: Row, text = ''): string {
  if (mark === 'colours') return text.replaceAll('\\e', '␛')
  return text
    .replaceAll('\\e]11;?\\e\\', '⟨background?⟩')
    .replaceAll('\\e]10;?\\e\\', '⟨foreground?⟩')
    .replace(/\\e\][^\\]*\\e\\/g, '')
}

function sign(mark: Mark, page: Page): string {
  const color = COLORS[mark]
  return page.colors && color !== '' ? `\u001b[${color}m${SIGNS[mark]}\u001b[0m` : SIGNS[mark]
}

function row(gutter: string, left: string, right: string, side: number, page: Page): string {
  const room = ' '.repeat(Math.max(0, side - width(bare(left))))
  const line = `${gutter} ${left}${room}${BETWEEN}${right}`
  return page.colors ? line : line.trimEnd()
}

function rule(text: string, page: Page): string {
  const label = text === '' ? '' : ` ${text} `
  const rest = Math.max(0, page.columns - 2 - width(label))
  const line = `──${label}${'─'.repeat(rest)}`
  return page.colors ? `\u001b[2m${line}\u001b[0m` : line
}

function bare(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '')
}

/** A text with escapes as `\e` in lines of at most so many columns, its colours going on in each; without colours, plain. */
export function cut(text: string, columns: number, colors: boolean): string[] {
  const pieces = (colors ? text : plain(text)).split(/(\\e\[[\d;]*m)/)
  const lines: string[] = []
  let line = ''
  let filled = 0
  let style = ''
  const end = () => {
    lines.push(style === '' ? line : `${line}\u001b[0m`)
    line = style
    filled = 0
  }
  for (const [i, piece] of pieces.entries()) {
    if (i % 2 === 1) {
      const escape = piece.replace('\\e', '\u001b')
      style = /\[0?m$/.test(escape) ? '' : style + escape
      line += escape
      continue
    }
    for (const { segment } of GRAPHEMES.segment(piece)) {
      const cells = width(segment)
      if (filled + cells > columns && filled > 0) end()
      line += segment
      filled += cells
    }
  }
  if (filled > 0 || lines.length === 0) end()
  return lines
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })
