import type { ProgramName } from '../manager/settings.ts'
import type { Printer, PrinterOptions } from './api.ts'
import { fastapiPrinter } from './fastapi/printer.ts'
import { gunicornPrinter } from './gunicorn.ts'
import { uvicornPrinter } from './uvicorn.ts'

export type { Medium, Output, Printer, PrinterOptions, WallClock } from './api.ts'
export { stripAnsi } from './ansi.ts'
export { width } from './width.ts'

/** The printer of one process: it turns log records into the text, with escapes, that the program itself prints. */
export function printer(options: PrinterOptions): Printer {
  return PRINTERS[options.speaks.program](options)
}

const PRINTERS: Readonly<Record<ProgramName, (options: PrinterOptions) => Printer>> = {
  uvicorn: uvicornPrinter,
  gunicorn: gunicornPrinter,
  fastapi: fastapiPrinter,
}
