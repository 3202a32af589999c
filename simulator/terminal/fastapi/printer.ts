import { compareVersions } from '../../manager/versions.ts'
import type { Printer, PrinterOptions } from '../api.ts'
import { bulletsPrinter } from './bullets/printer.ts'
import { tagsPrinter } from './tags/printer.ts'

/** fastapi-cli: coloured tags (0.0.6 and later), emoji bullets from 0.0.30 on. */
export function fastapiPrinter(options: PrinterOptions): Printer {
  return compareVersions(options.speaks.version, '0.0.30') >= 0
    ? bulletsPrinter(options)
    : tagsPrinter(options)
}
