import type { LogLevel, LogRecord, MessagePart } from '../manager/log.ts'
import { ESC, sgr } from './ansi.ts'
import type { Output, Printer, PrinterOptions } from './api.ts'
import type { AccessRecord } from './message-text.ts'
import { clientAddress, plainPart, requestLine, wholeLines } from './message-text.ts'
import { statusPhrase } from './status-phrases.ts'
import { traceback } from './traceback.ts'

/**
 * uvicorn's two formatters: `LEVEL:` padded to ten columns, access lines on stdout, all else on stderr.
 * uvicorn 0.17.6 to 0.51.0: stdout alone decides whether lines are coloured, on both streams.
 */
export function uvicornPrinter(options: PrinterOptions): Printer {
  const colored = options.colors ?? options.stdout.terminal
  return (record) => print(record, colored)
}

function print(record: LogRecord, colored: boolean): Output {
  switch (record.kind) {
    case 'message': {
      const text = record.parts.map((part) => (colored ? coloredPart(part) : plainPart(part))).join('')
      const below = record.raised === undefined ? '' : traceback(record.raised)
      return { stream: 'stderr', text: `${levelPrefix(record.level, colored)} ${text}\n${below}` }
    }
    case 'access':
      return { stream: 'stdout', text: `${levelPrefix('info', colored)} ${accessLine(record, colored)}\n` }
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

/** The level in nine columns, e.g. `INFO:    `; the format adds a space. */
function levelPrefix(level: LogLevel, colored: boolean): string {
  const name = level.toUpperCase()
  const padding = ' '.repeat(Math.max(0, 8 - name.length))
  return `${colored ? sgr(name, LEVEL_COLORS[level]) : name}:${padding}`
}

const LEVEL_COLORS: Readonly<Record<LogLevel, string>> = {
  trace: '34',
  debug: '36',
  info: '32',
  warning: '33',
  error: '31',
  critical: '91',
}

function coloredPart(part: MessagePart): string {
  if (typeof part === 'string') return part
  switch (part.part) {
    case 'address':
      return sgr(part.text, '1')
    case 'markup':
      return part.text
    case 'reloader':
      return `${ESC}[36m${sgr(part.text, '1')}`
    case 'parent':
      // click writes colour and boldness as two sequences.
      return `${ESC}[36m${sgr(String(part.pid), '1')}`
    case 'worker':
      return sgr(String(part.pid), '36')
    case 'pid':
      return String(part.pid)
  }
}

function accessLine(record: AccessRecord, colored: boolean): string {
  const request = requestLine(record)
  // After a code that Python does not know comes a space and no phrase.
  const status = `${record.status} ${statusPhrase(record.status)}`
  const color = STATUS_COLORS[Math.floor(record.status / 100)]
  const shownStatus = colored && color !== undefined ? sgr(status, color) : status
  return `${clientAddress(record)} - "${colored ? sgr(request, '1') : request}" ${shownStatus}`
}

/** By the first digit of the status. */
const STATUS_COLORS: Readonly<Record<number, string>> = { 1: '97', 2: '32', 3: '33', 4: '31', 5: '91' }
