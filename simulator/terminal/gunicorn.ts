import type { LogRecord } from '../manager/log.ts'
import type { Output, Printer, PrinterOptions, WallClock } from './api.ts'
import { clientAddress, plainText, requestLine, wholeLines } from './message-text.ts'
import { traceback } from './traceback.ts'

/**
 * gunicorn's log: `[time] [PID] [LEVEL] text` on stderr, never a colour; access lines of the uvicorn worker on stdout,
 * without time and reason phrase. The same in 20.1.0 and 26.1.0.
 */
export function gunicornPrinter(_options: PrinterOptions): Printer {
  return print
}

function print(record: LogRecord, now: WallClock): Output {
  switch (record.kind) {
    case 'message': {
      const below = record.raised === undefined ? '' : traceback(record.raised)
      const prefix = `[${timeStamp(now)}] [${record.pid}] [${record.level.toUpperCase()}]`
      return { stream: 'stderr', text: `${prefix} ${plainText(record.parts)}\n${below}` }
    }
    case 'access':
      return {
        stream: 'stdout',
        text: `${clientAddress(record)} - "${requestLine(record)}" ${record.status}\n`,
      }
    case 'traceback':
      return { stream: 'stderr', text: traceback(record.raised, record.heading) }
    case 'bare':
      return { stream: record.stream, text: wholeLines(record.text) }
    case 'question':
    case 'banner':
      // Only fastapi-cli asks and opens with one.
      return { stream: 'stdout', text: '' }
  }
}

/** gunicorn's `%Y-%m-%d %H:%M:%S %z`, e.g. `2024-05-01 12:00:00 +0000`. */
export function timeStamp(now: WallClock): string {
  const local = new Date(now.epochMs + now.offsetMinutes * 60_000).toISOString()
  const offset = Math.abs(now.offsetMinutes)
  const zone = `${now.offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}${two(offset % 60)}`
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
