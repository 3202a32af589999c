import type { Medium } from '../../api.ts'
import type { Style } from '../../rich/style.ts'
import { hasColors, paint } from '../../rich/style.ts'
import type { Text } from '../../rich/text.ts'
import { render } from '../../rich/text.ts'
import { wrap } from '../../rich/wrap.ts'

/** A tag is right-aligned in this many columns … */
const TAG_COLUMNS = 11
/** … and the text begins two columns after it. */
const INDENT = TAG_COLUMNS + 2

/** Prints text behind a tag, on one medium. */
export interface TagPainter {
  /** Whole lines with the tag in front of the first; without a tag they are only indented. */
  readonly block: (tag: string | undefined, text: Text, look?: 'title' | 'tag') => string
  /** What rich-toolkit prints for an empty line: one blank. */
  readonly gap: string
}

/** rich-toolkit 0.12's tagged style in fastapi-cli's colours. */
export function tagPainter(medium: Medium): TagPainter {
  const colored = hasColors(medium)
  const columns = Math.max(1, medium.columns - INDENT)
  const block: TagPainter['block'] = (tag, text, look = 'tag') => {
    const label = tag === undefined ? '' : ` ${tag} `
    const style = colored && medium.colors !== 'none' ? BACKGROUNDS[look][medium.colors] : {}
    const shown = label === '' ? '' : paint(label, style)
    const first = `${' '.repeat(Math.max(0, TAG_COLUMNS - label.length))}${shown}  `
    return wrap(text, columns)
      .map((line, index) => `${index === 0 ? first : ' '.repeat(INDENT)}${render(line, colored)}\n`)
      .join('')
  }
  return { block, gap: ' \n' }
}

/** White on #009485 for the title, on #007166 for the others; where there are fewer colours, the nearest that rich finds. */
const BACKGROUNDS: Readonly<Record<'title' | 'tag', Readonly<Record<'truecolor' | '256' | '16', Style>>>> = {
  title: {
    truecolor: { color: '37', background: '48;2;0;148;133' },
    '256': { color: '37', background: '48;5;30' },
    '16': { color: '37', background: '46' },
  },
  tag: {
    truecolor: { color: '37', background: '48;2;0;113;102' },
    '256': { color: '37', background: '48;5;23' },
    '16': { color: '37', background: '100' },
  },
}
