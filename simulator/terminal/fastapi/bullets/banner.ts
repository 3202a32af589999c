import type { Banner } from '../../../manager/log.ts'
import type { Style } from '../../rich/style.ts'
import { assemble, join } from '../../rich/text.ts'
import { linked, shown } from '../shown.ts'
import type { BulletPainter } from './bullet.ts'

/**
 * One block of the banner of fastapi-cli 0.0.32, with the blank line before it. `fastapi dev` has no tip in this version. The empty line at
 * the end of the command is a record of its own.
 */
export function bannerText(
  banner: Exclude<Banner, { readonly show: 'exception' }>,
  { block, heading, gap }: BulletPainter,
): string {
  switch (banner.show) {
    case 'title': {
      const mode = banner.command === 'dev' ? 'development' : 'production'
      return `\n${block('⚡️', shown(`Starting FastAPI in ${mode} mode`))}`
    }
    case 'searching':
    case 'module':
    case 'code':
      // Printed with --verbose only.
      return ''
    case 'app': {
      const using = ['Using import string: ', [banner.importString, BLUE]] as const
      if (banner.discovered !== true) return gap + block('🐍', shown(...using))
      const how = shown(...using, ' ', ['(auto-discovered, use --verbose to learn more)', DIM])
      const advice = shown(
        'You can configure an entrypoint in ',
        ['pyproject.toml', BLUE],
        ' for this app with:',
      )
      return [
        gap + block('🐍', how),
        gap + block('💡', advice),
        gap + block('', entrypoint(banner.importString)),
      ].join('')
    }
    case 'server': {
      const started = shown('Server started at ', linked(banner.url, 0))
      const docs = shown('Documentation at ', linked(banner.docs, 1))
      return gap + block('🌐', join(started, assemble('\n'), docs))
    }
    case 'logs':
      return gap + heading(shown('Logs:')) + gap
    case 'error':
      return gap + block('', shown([banner.text, { color: '31' }]))
  }
}

const BLUE: Style = { color: '34' }
const DIM: Style = { dim: true }

/** The lines for `pyproject.toml`, each token in a colour of the terminal's palette. */
function entrypoint(importString: string) {
  const head = ['[', 'tool', '.', 'fastapi', ']'].map((token) => [token, BLUE] as const)
  const blank = [' ', { color: '37' }] as const
  const value = ['"', importString, '"'].map((token) => [token, { color: '33' }] as const)
  return assemble(...head, '\n', 'entrypoint', blank, '=', blank, ...value)
}
