import type { Banner } from '../manager/log.ts'
import type { TagPainter } from './fastapi-tag.ts'
import { highlight } from './rich/highlight.ts'
import { REPR } from './rich/repr.ts'
import type { Style } from './rich/style.ts'
import type { Piece, Text } from './rich/text.ts'
import { assemble } from './rich/text.ts'

/**
 * One block of fastapi-cli 0.0.7's opening, with the blank lines that stand before it.
 * The empty line with which the command ends is not part of any block: it comes as a bare, empty record.
 */
export function bannerText(
  banner: Exclude<Banner, { readonly show: 'exception' }>,
  tags: TagPainter,
): string {
  const { block, gap } = tags
  switch (banner.show) {
    case 'title': {
      const mode = banner.command === 'dev' ? 'development' : 'production'
      return `\n${block('FastAPI', shown(`Starting ${mode} server 🚀`), 'title')}${gap}`
    }
    case 'searching': {
      const searching = shown(
        'Searching for package file structure from directories with ',
        ['__init__.py', BLUE],
        ' files',
      )
      const found =
        banner.folder === undefined ? '' : block(undefined, shown(`Importing from ${banner.folder}`))
      return block(undefined, searching) + found
    }
    case 'module':
      // A tree, which rich does not highlight.
      return gap + block('module', assemble(`🐍 ${banner.file}`))
    case 'code': {
      const importing = shown(
        ['from ', UNDERLINED],
        [banner.module, UNDERLINED_BOLD],
        [' import ', UNDERLINED],
        [banner.attribute, UNDERLINED_BOLD],
      )
      const sentence = 'Importing the FastAPI app object from the module with the following code:'
      return gap + block('code', shown(sentence)) + gap + block(undefined, importing)
    }
    case 'app':
      return gap + block('app', shown('Using import string: ', [banner.importString, BLUE]))
    case 'server': {
      const tip = shown('Running in development mode, for production use: ', ['fastapi run', { bold: true }])
      return [
        gap,
        block('server', shown('Server started at ', linked(banner.url, 0))),
        block('server', shown('Documentation at ', linked(banner.docs, 1))),
        banner.command === 'dev' ? gap + block('tip', tip) : '',
      ].join('')
    }
    case 'logs':
      return gap + block(undefined, shown('Logs:')) + gap
    case 'error':
      return gap + block(undefined, shown([banner.text, { color: '31' }]))
  }
}

const BLUE: Style = { color: '34' }
const UNDERLINED: Style = { underline: true }
const UNDERLINED_BOLD: Style = { underline: true, bold: true }

/** Text as rich's console prints it: what is marked up lies over what is highlighted in any text. */
function shown(...pieces: readonly Piece[]): Text {
  return highlight(assemble(...pieces), REPR)
}

/** A hyperlink; rich draws its id by lot, ours follows from what is linked and where. */
function linked(url: string, nth: number): readonly [string, Style] {
  return [url, { link: { url, id: linkId(url, nth) } }]
}

/** A number below a million for the nth link of a banner (FNV-1a), the same whenever it is printed. */
export function linkId(url: string, nth: number): number {
  let hash = 0x811c9dc5
  for (const character of `${url} ${nth}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash % 1_000_000
}
