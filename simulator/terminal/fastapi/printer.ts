import { fastapiRules } from '../../manager/fastapi/rules.ts'
import type { Printer, PrinterOptions } from '../api.ts'
import { bulletsPrinter } from './bullets/printer.ts'
import { tagsPrinter } from './tags/printer.ts'

/** fastapi-cli: coloured tags (0.0.6 and later), emoji bullets from 0.0.30 on. */
export function fastapiPrinter(options: PrinterOptions): Printer {
  return fastapiRules(options.speaks.version).style === 'bullets'
    ? bulletsPrinter(options)
    : tagsPrinter(options)
}
