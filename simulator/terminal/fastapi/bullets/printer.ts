import type { LogLevel, LogRecord } from '../../../manager/log.ts'
import { ESC } from '../../ansi.ts'
import type { Output, Printer, PrinterOptions } from '../../api.ts'
import { clientAddress, requestLine, richText, wholeLines } from '../../message-text.ts'
import { highlight } from '../../rich/highlight.ts'
import { printable } from '../../rich/printable.ts'
import { REPR } from '../../rich/repr.ts'
import type { Style } from '../../rich/style.ts'
import { assemble } from '../../rich/text.ts'
import { traceback } from '../../traceback.ts'
import { uvicornPrinter } from '../../uvicorn.ts'
import { exceptionText, RICH_15 } from '../exception.ts'
import { bannerText } from './banner.ts'
import type { BulletPainter } from './bullet.ts'
import { bulletPainter } from './bullet.ts'

/**
 * fastapi-cli 0.0.32 with rich-toolkit 0.20.3 and rich 15: a coloured bar in front of every line, wrapped at the terminal's width. Where
 * stdout is no terminal, its lines look like uvicorn's, and it does not query colours.
 */
export function bulletsPrinter(options: PrinterOptions): Printer {
  const bullets = bulletPainter(options.stdout)
  const log = options.stdout.terminal
    ? (record: LogRecord): Output => print(record, bullets)
    : uvicornPrinter(options)
  return (record, now) => {
    if (record.kind !== 'banner') return log(record, now)
    return record.banner.show === 'exception'
      ? { stream: 'stderr', text: exceptionText(record.banner.raised, options.stderr, RICH_15) }
      : { stream: 'stdout', text: bannerText(record.banner, bullets) }
  }
}

function print(record: LogRecord, bullets: BulletPainter): Output {
  switch (record.kind) {
    case 'message': {
      const message = richText(record.parts)
      // The original prints an empty line before this message only, so that the terminal's ^C does not move the bar.
      const before = message === 'Shutting down' ? '\n' : ''
      const below = record.raised === undefined ? '' : traceback(record.raised)
      return { stream: 'stderr', text: before + logLine(BARS[record.level], message, bullets) + below }
    }
    case 'access': {
      const text = `${clientAddress(record)} - "${requestLine(record)}" ${record.status}`
      return { stream: 'stdout', text: logLine(BARS.info, text, bullets) }
    }
    case 'traceback':
      return { stream: 'stderr', text: traceback(record.raised, record.heading) }
    case 'bare':
      return { stream: record.stream, text: wholeLines(record.text) }
    case 'question':
      // A query has no line break, and a terminal does not show it.
      return { stream: 'stdout', text: `${ESC}]${QUESTIONS[record.asks]};?${ESC}\\` }
    case 'banner':
      return { stream: 'stdout', text: '' }
  }
}

/** The OSC code of a query and of its answer. */
const QUESTIONS = { background: '11', foreground: '10' } as const

/** The bar's colour by level (`LOG_LEVEL_COLORS`); a level that is not listed there is dim. */
const BARS: Readonly<Record<LogLevel, Style>> = {
  trace: { dim: true },
  debug: { color: '34' },
  info: { color: '36' },
  warning: { color: '33' },
  error: { color: '31' },
  critical: { color: '35' },
}

/** Square brackets in a message are printed literally: rich would take `[object Object]` for markup and drop it. */
function logLine(bar: Style, text: string, { block }: BulletPainter): string {
  const shown = block(['▕', bar], highlight(assemble(printable(text)), REPR))
  return `${shown.trimEnd()}\n`
}
