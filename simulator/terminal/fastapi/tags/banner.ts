import type { Banner } from '../../../manager/log.ts'
import type { Style } from '../../rich/style.ts'
import { assemble } from '../../rich/text.ts'
import { linked, shown } from '../shown.ts'
import type { TagPainter } from './tag.ts'

/**
 * One block of the banner of fastapi-cli 0.0.7, with the blank lines before it. The empty line at the end of the command is a record of its
 * own.
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
      // rich does not highlight a tree.
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
