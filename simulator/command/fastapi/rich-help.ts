import { highlight } from '../../terminal/rich/highlight.ts'
import type { Highlights } from '../../terminal/rich/highlight.ts'
import { panel } from '../../terminal/rich/panel.ts'
import { REPR } from '../../terminal/rich/repr.ts'
import type { Style } from '../../terminal/rich/style.ts'
import type { StyledString, Text } from '../../terminal/rich/text.ts'
import { assemble, join, render } from '../../terminal/rich/text.ts'
import { wrap } from '../../terminal/rich/wrap.ts'
import { width } from '../../terminal/width.ts'
import type { CommandContext } from '../api.ts'
import type { Argument, Option } from '../option.ts'
import type { UsageError } from '../usage-error.ts'
import type { FastapiCommandTable } from './options.ts'
import { helpName } from './options.ts'

/** The command in which an error arose, or whose help is asked for. */
export interface CommandUsage {
  /** `fastapi`, `fastapi run` or `fastapi dev`. */
  readonly path: string
  /** The rest of its usage line. */
  readonly takes: string
}

/** What typer colours in its own messages: option names, and the word `Usage: `. */
const OPTION_NAMES: Highlights = {
  patterns: [
    /(?:^|\W)(?<short>-\w+)(?![a-zA-Z0-9])/dgu,
    /(?:^|\W)(?<long>--[\w-]+)(?![a-zA-Z0-9])/dgu,
    /(?<usage>Usage: )/dgu,
  ],
  styles: {
    short: { bold: true, color: '32' },
    long: { bold: true, color: '36' },
    usage: { color: '33' },
  },
}

const BOLD: Style = { bold: true }
const DIM: Style = { dim: true }

/** A usage error as typer 0.27 shows it: the usage, a hint, and the sentence in a red box. */
export function errorText(error: UsageError, place: CommandUsage, context: CommandContext): string {
  const { columns, colors: colored, speaks } = context
  const box = panel(highlight(assemble(error.message), OPTION_NAMES), {
    columns,
    colored,
    border: { color: '31' },
    title: assemble('Error'),
    align: 'left',
  })
  if (!error.usage) return box
  const usage = highlight(assemble(`Usage: ${place.path} ${place.takes}`), OPTION_NAMES)
  const hint = highlight(
    assemble('Try ', [`'${place.path} ${helpName(speaks.version)}'`, { color: '34' }], ' for help.'),
    OPTION_NAMES,
  )
  return printed(usage, columns, colored, BOLD) + printed(hint, columns, colored, DIM) + box
}

/** What `fastapi --version` prints. */
export function versionText({ speaks, colors, columns }: CommandContext): string {
  const text = highlight(assemble('FastAPI CLI version: ', [speaks.version, { color: '32' }]), REPR)
  return printed(text, columns, colors)
}

function printed(text: Text, columns: number, colored: boolean, base: Style = {}): string {
  return wrap(text, columns)
    .map((line) => `${render(line, colored, base)}\n`)
    .join('')
}

/** The help of `fastapi` itself: its options and its commands, each in a box. */
export function groupHelp(
  place: CommandUsage,
  options: readonly Option[],
  commands: readonly FastapiCommandTable[],
  context: CommandContext,
): string {
  const rows = commands.map(({ name, about }) => [[name, NAME], about] satisfies Row)
  return (
    opening(place, 'The command line of FastAPI. 😎', context) +
    table('Options', options.map(optionRow), context) +
    table('Commands', rows, context)
  )
}

/** The help of a command. */
export function commandHelp(
  place: CommandUsage,
  command: FastapiCommandTable,
  argument: Argument,
  context: CommandContext,
): string {
  const rows = [[[argument.name, NAME], [`<${argument.name}>`, METAVAR], argument.about ?? ''] satisfies Row]
  return (
    opening(place, command.about, context) +
    table('Arguments', rows, context) +
    table('Options', command.options.map(optionRow), context)
  )
}

function opening(place: CommandUsage, about: string, { columns, colors }: CommandContext): string {
  const usage = highlight(assemble(` Usage: ${place.path} ${place.takes}`), OPTION_NAMES)
  return `\n${printed(usage, columns, colors, BOLD)}\n ${about}\n\n`
}

/** The cells of a row; the last is a sentence, which is wrapped. */
type Row = readonly StyledString[]

const NAME: Style = { bold: true, color: '36' }
const NEGATION: Style = { bold: true, color: '35' }
const METAVAR: Style = { bold: true, color: '33' }
const GAP = 2

function optionRow(option: Option): Row {
  const { takes, default: value, names, negations = [], env } = option
  const metavar = takes === 'int' ? '<int>' : takes === 'nothing' ? '' : takes === 'path' ? '<path>' : '<str>'
  const named = value === true ? names[0] : value === false ? negations[0] : value
  const shown = named === undefined ? '' : ` [default: ${String(named).replace(/^--/, '')}]`
  const variable = env === undefined ? '' : ` [env var: ${env}]`
  const about = option.about + variable + shown
  return [[names.join(','), NAME], [negations.join(','), NEGATION], [metavar, METAVAR], about]
}

function table(title: string, rows: readonly Row[], { columns, colors: colored }: CommandContext): string {
  const cells = rows.map((row) => row.map((piece) => assemble(piece)))
  const count = Math.max(...cells.map((row) => row.length)) - 1
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...cells.map((row) => width(row[column]?.plain ?? ''))),
  )
  const left = widths.reduce((sum, cell) => sum + (cell === 0 ? 0 : cell + GAP), 0)
  const room = Math.max(columns - 4 - left, 10)
  const body = cells.flatMap((row) => {
    const head = widths.flatMap((cell, column) =>
      cell === 0 ? [] : [padded(row[column] ?? assemble(''), cell + GAP)],
    )
    return wrap(row.at(-1) ?? assemble(''), room).map((line, index) =>
      join(...(index === 0 ? head : [assemble(' '.repeat(left))]), line),
    )
  })
  const lines = body.reduce((above, line) => join(above, assemble('\n'), line))
  return panel(lines, { columns, colored, border: DIM, title: assemble(title), align: 'left' })
}

function padded(text: Text, cells: number): Text {
  return join(text, assemble(' '.repeat(Math.max(0, cells - width(text.plain)))))
}
