import type { ExceptionInfo } from '../../manager/log.ts'
import { DIRECT_CAUSE, DURING_HANDLING } from '../../manager/say.ts'
import type { Medium } from '../api.ts'
import { highlight } from '../rich/highlight.ts'
import { panel } from '../rich/panel.ts'
import { printable } from '../rich/printable.ts'
import { REPR } from '../rich/repr.ts'
import type { Style } from '../rich/style.ts'
import { hasColors } from '../rich/style.ts'
import type { Text } from '../rich/text.ts'
import { assemble, join, render } from '../rich/text.ts'
import { wrap } from '../rich/wrap.ts'

/** The styles of a file and line inside the box; the folder is dim, the file name bold. */
export interface PlaceStyle {
  readonly path: Style
  readonly line: Style
  readonly name: Style
}

export const RICH_13: PlaceStyle = { path: { color: '33' }, line: { color: '94' }, name: { color: '92' } }
export const RICH_15: PlaceStyle = { path: {}, line: {}, name: {} }

/**
 * The application's exception as rich prints it: a box with its frames, then the class and the message. The exception that was being
 * handled comes before it.
 */
export function exceptionText(raised: ExceptionInfo, medium: Medium, place: PlaceStyle): string {
  const colored = hasColors(medium)
  const print = (text: Text) =>
    wrap(text, medium.columns)
      .map((line) => `${render(line, colored)}\n`)
      .join('')
  const { cause, during } = raised
  const earlier = cause ?? during
  const between = assemble(
    '\n',
    [cause === undefined ? DURING_HANDLING : DIRECT_CAUSE, { italic: true }],
    '\n',
  )
  const before = earlier === undefined ? '' : exceptionText(earlier, medium, place) + print(between)
  const name: readonly [string, Style] = [raised.message === '' ? raised.name : `${raised.name}: `, NAME]
  const last = join(assemble(name), highlight(assemble(printable(raised.message)), REPR))
  return before + box(raised.frames, medium, colored, place) + print(last)
}

const RED: Style = { color: '31' }
const NAME: Style = { bold: true, color: '91' }

/** The box with the frames; empty when there are none. */
function box(frames: readonly string[], medium: Medium, colored: boolean, place: PlaceStyle): string {
  if (frames.length === 0) return ''
  const body = frames
    .map((frame) => frameText(frame, place))
    .reduce((above, frame) => join(above, assemble('\n\n'), frame))
  const title = assemble(
    ['Traceback ', { bold: true, ...RED }],
    ['(most recent call last)', { bold: true, dim: true, ...RED }],
  )
  return panel(body, { columns: medium.columns, colored, border: RED, title, align: 'center' })
}

/** The file and line of a frame, and the source line when it is known. */
function frameText(frame: string, style: PlaceStyle): Text {
  const [head = '', ...source] = frame.split('\n')
  const place = /^File "(?<path>.*)", line (?<line>\d+)(?:, in (?<name>.*))?$/.exec(head)?.groups
  if (place === undefined) return assemble(frame)
  const { path = '', line = '', name = '<module>' } = place
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const where = assemble(
    ...(folder === '' ? [] : [[folder, { dim: true, ...style.path }] as const]),
    [path.slice(folder.length), { bold: true, ...style.path }],
    ':',
    [line, style.line],
    ' in ',
    [name, style.name],
  )
  if (source.length === 0) return where
  return join(where, assemble('\n\n', ['❱ ', RED], `${line} ${source.map((text) => text.trim()).join(' ')}`))
}
