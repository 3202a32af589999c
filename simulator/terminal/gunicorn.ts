import { lookUp } from '../manager/look-up.ts'
import type { CustomAccess, LogRecord } from '../manager/log.ts'
import type { Output, Printer, PrinterOptions, WallClock } from './api.ts'
import type { AccessRecord } from './message-text.ts'
import { clientAddress, plainText, printable, requestLine, wholeLines } from './message-text.ts'
import { traceback } from './traceback.ts'

/**
 * gunicorn's log: `[time] [PID] [LEVEL] text` on stderr, never coloured; access lines on stdout. The uvicorn worker prints those without
 * time and reason phrase, the asgi worker in the combined log format. The same in 20.1.0 and 26.1.0.
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
    case 'access': {
      const { combined, custom } = record
      if (custom !== undefined) return { stream: 'stdout', text: `${customLine(custom, now)}\n` }
      const text =
        combined === undefined
          ? `${clientAddress(record)} - "${requestLine(record)}" ${record.status}`
          : combinedLine(record, combined, now)
      return { stream: 'stdout', text: `${text}\n` }
    }
    case 'traceback':
      return { stream: 'stderr', text: traceback(record.raised, record.heading) }
    case 'bare':
      return { stream: record.stream, text: wholeLines(record.text) }
    case 'question':
    case 'banner':
      // Only fastapi-cli has queries and a banner.
      return { stream: 'stdout', text: '' }
  }
}

/** gunicorn's default `access_log_format`: `%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"`. */
function combinedLine(record: AccessRecord, combined: Combined, now: WallClock): string {
  const { bytes, referer = '-', agent = '-' } = combined
  const quoted = [requestLine(record), referer, agent].map(
    (text) => `"${printable(text).replaceAll('"', '\\"')}"`,
  )
  const [request = '', ...headers] = quoted
  return `${printable(record.client?.host ?? '-')} - - [${logTime(now)}] ${request} ${record.status} ${bytes} ${headers.join(' ')}`
}

/** Python's `format % atoms` for `%(name)s`; an unknown name is `-`, and quotation marks are escaped (`SafeAtoms`). Line breaks are
 * escaped too, unlike in the original, where a client can forge log lines with them. */
function customLine({ format, atoms }: CustomAccess, now: WallClock): string {
  return format.replace(/%%|%\(([^)]*)\)[sd]/g, (whole, name: string | undefined) => {
    if (name === undefined) return '%'
    if (name === 't') return `[${logTime(now)}]`
    const value = lookUp(atoms, name.startsWith('{') ? name.toLowerCase() : name) ?? '-'
    return printable(String(value)).replaceAll('"', String.raw`\"`)
  })
}

type Combined = NonNullable<AccessRecord['combined']>

/** gunicorn's `%Y-%m-%d %H:%M:%S %z`, e.g. `2024-05-01 12:00:00 +0000`. */
export function timeStamp(now: WallClock): string {
  const local = localTime(now)
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone(now)}`
}

/** The `%d/%b/%Y:%H:%M:%S %z` of access logs, e.g. `01/May/2024:12:00:00 +0000`. */
function logTime(now: WallClock): string {
  const [, year = '', month = '', day = '', time = ''] = /^(.*)-(..)-(..)T(.{8})/.exec(localTime(now)) ?? []
  return `${day}/${MONTHS[Number(month) - 1] ?? month}/${year}:${time} ${zone(now)}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function localTime(now: WallClock): string {
  return new Date(now.epochMs + now.offsetMinutes * 60_000).toISOString()
}

function zone({ offsetMinutes }: WallClock): string {
  const offset = Math.abs(offsetMinutes)
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}${two(offset % 60)}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
