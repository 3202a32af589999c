import { openSync } from 'node:fs'
import type { LogRecord } from '../../../manager/log.ts'
import { isPrinted } from '../../../manager/log.ts'
import type { GunicornSettings, Settings } from '../../../manager/settings.ts'
import { printer } from '../../../terminal/index.ts'
import { LogFile } from './log-file.ts'
import { medium } from './medium.ts'
import { write } from './write.ts'

/** Returns the function that prints a record in this process: as text on stdout or stderr, or in one of gunicorn's log files. */
export function recordPrinter(settings: Settings): (record: LogRecord) => void {
  const { speaks, colors, logLevel, gunicorn = {} } = settings
  const files = openFiles(gunicorn)
  const print = printer({
    speaks,
    stdout: medium('stdout'),
    stderr: medium('stderr'),
    ...(colors === undefined ? {} : { colors }),
  })
  return (record) => {
    if (record.kind === 'message' && !isPrinted(record.level, logLevel)) return
    if (record.kind === 'access' && !isPrinted('info', logLevel)) return
    const epochMs = Date.now()
    const { stream, text } = print(record, { epochMs, offsetMinutes: -new Date(epochMs).getTimezoneOffset() })
    const file = record.kind === 'access' ? files.access : stream === 'stderr' ? files.error : undefined
    if (file === undefined) write(stream, text)
    else file.write(text)
  }
}

/** gunicorn may log to files, also with both logs in the same one. */
function openFiles({ errorLogfile, accessLogfile }: Partial<GunicornSettings>) {
  const error = errorLogfile === undefined ? undefined : new LogFile(errorLogfile)
  if (accessLogfile === undefined) return { error }
  return { error, access: accessLogfile === errorLogfile ? error : new LogFile(accessLogfile) }
}

/** With `--capture-output` the output of all workers goes to the error log's file: its descriptor. */
export function capturedOutput({ gunicorn }: Settings): number | undefined {
  if (gunicorn?.captureOutput !== true || gunicorn.errorLogfile === undefined) return undefined
  return openSync(gunicorn.errorLogfile, 'a')
}
