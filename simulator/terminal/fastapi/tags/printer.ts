import type { LogRecord } from '../../../manager/log.ts'
import type { Output, Printer, PrinterOptions } from '../../api.ts'
import { bannerText } from './banner.ts'
import { exceptionText, RICH_13 } from '../exception.ts'
import type { TagPainter } from './tag.ts'
import { tagPainter } from './tag.ts'
import { clientAddress, richText, requestLine, wholeLines } from '../../message-text.ts'
import { highlight } from '../../rich/highlight.ts'
import { printable } from '../../rich/printable.ts'
import { REPR } from '../../rich/repr.ts'
import { assemble } from '../../rich/text.ts'
import { traceback } from '../../traceback.ts'

/**
 * fastapi-cli 0.0.7 with rich-toolkit 0.12 and rich 13.9: every line has a tag and is wrapped at the terminal's width. The width and
 * colours of stdout also decide for stderr, except for the box of an exception.
 */
export function tagsPrinter(options: PrinterOptions): Printer {
  const tags = tagPainter(options.stdout)
  return (record) => print(record, tags, options)
}

function print(record: LogRecord, tags: TagPainter, options: PrinterOptions): Output {
  switch (record.kind) {
    case 'message': {
      const below = record.raised === undefined ? '' : traceback(record.raised)
      return {
        stream: 'stderr',
        text: logLine(record.level.toUpperCase(), richText(record.parts), tags) + below,
      }
    }
    case 'access': {
      const text = `${clientAddress(record)} - "${requestLine(record)}" ${record.status}`
      return { stream: 'stdout', text: logLine('INFO', text, tags) }
    }
    case 'traceback':
      return { stream: 'stderr', text: traceback(record.raised, record.heading) }
    case 'bare':
      return { stream: record.stream, text: wholeLines(record.text) }
    case 'question':
      // 0.0.7 sends no query.
      return { stream: 'stdout', text: '' }
    case 'banner':
      return record.banner.show === 'exception'
        ? { stream: 'stderr', text: exceptionText(record.banner.raised, options.stderr, RICH_13) }
        : { stream: 'stdout', text: bannerText(record.banner, tags) }
  }
}

/** Square brackets in a message are printed literally: rich would take `[object Object]` for markup and drop it. */
function logLine(tag: string, text: string, tags: TagPainter): string {
  const shown = tags.block(tag, highlight(assemble(printable(text)), REPR))
  return `${shown.trimEnd()}\n`
}
