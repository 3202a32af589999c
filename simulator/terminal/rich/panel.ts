import { width } from '../width.ts'
import type { Style } from './style.ts'
import type { Text } from './text.ts'
import { assemble, render } from './text.ts'
import { wrap } from './wrap.ts'

/** The title of a box, its width and its styles. */
export interface PanelOptions {
  readonly columns: number
  readonly colored: boolean
  readonly border: Style
  readonly title: Text
  readonly align: 'left' | 'center'
}

/** A box with rounded corners and a title in its upper edge, as rich 13.9 draws it; the text inside is wrapped. */
export function panel(body: Text, options: PanelOptions): string {
  const inner = Math.max(1, options.columns - 4)
  const edge = (text: string): string => render(assemble([text, options.border]), options.colored)
  const rows = wrap(body, inner).map((line) => {
    const room = ' '.repeat(Math.max(0, inner - width(line.plain)))
    return `${edge('│')} ${render(line, options.colored)}${room} ${edge('│')}\n`
  })
  return [titleEdge(options, inner, edge), ...rows, `${edge(`╰${'─'.repeat(inner + 2)}╯`)}\n`].join('')
}

function titleEdge(options: PanelOptions, inner: number, edge: (text: string) => string): string {
  const rest = Math.max(0, inner - width(options.title.plain) - 2)
  const left = options.align === 'left' ? 0 : Math.floor(rest / 2)
  const title = render(options.title, options.colored, options.border)
  const middle =
    options.align === 'left'
      ? // A plain title is one piece with the blanks around it.
        edge(` ${options.title.plain} `)
      : `${edge('─'.repeat(left))}${edge(' ')}${title}${edge(' ')}`
  return `${edge('╭─')}${middle}${edge('─'.repeat(rest - left))}${edge('─╮')}\n`
}
