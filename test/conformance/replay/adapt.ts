import { basename, dirname } from 'node:path'
import type { Recorded } from '../recording/scenario.ts'

/** Where a host really runs the application. */
export interface Place {
  /** The folder of the application; the recordings were made in `/home/user/code/awesomeapp`. */
  readonly directory?: string
  /** The port; the recordings use 8080 (uvicorn), 80 (gunicorn) and 8000 (fastapi). */
  readonly port?: number
  /** The application's file; the recordings use `main.py`. */
  readonly file?: string
  /** The user's own folder, where gunicorn 26.1.0 has its control socket; the recordings have `/home/user`. */
  readonly home?: string
}

const RECORDED = { directory: '/home/user/code/awesomeapp', file: 'main.py', home: '/home/user' }

/**
 * The recording as it would be at another place: its command and its lines with another folder, port and file.
 * @throws Error when fastapi-cli would wrap its lines differently there
 */
export function at(place: Place, recorded: Recorded): Recorded {
  const { directory = RECORDED.directory, port, file = RECORDED.file, home = RECORDED.home } = place
  if (recorded.program === 'fastapi') refuseOtherWraps(recorded, directory, port)
  const line = (text: string, i: number, lines: readonly string[]) =>
    portIn(text, port, lines[i - 1])
      .replaceAll(/\/home\/user\/code\/((?:\\e\[[0-9;]*m)*)awesomeapp/g, (_, colors: string) => {
        const folder = dirname(directory)
        return `${folder === '/' ? '' : folder}/${colors}${basename(directory)}`
      })
      .replace(`🐍 ${RECORDED.file}`, `🐍 ${file}`)
      .replace(`${RECORDED.home}/.gunicorn/`, `${home}/.gunicorn/`)
  return {
    ...recorded,
    command: commandAt(recorded, port, file),
    lines:
      'stderr' in recorded.lines
        ? { stderr: recorded.lines.stderr.map(line), stdout: recorded.lines.stdout.map(line) }
        : recorded.lines.map(line),
  }
}

function commandAt({ program, command }: Recorded, port: number | undefined, file: string): string {
  const there = command.replace(/ main\.py$/, ` ${file}`)
  if (port === undefined) return there
  if (program === 'fastapi') return there.replace('fastapi run', `fastapi run --port ${port}`)
  return there.replace(/(--port |--bind \S+:)\d+/, `$1${port}`)
}

/** `before` is the line above: fastapi-cli wraps between an address and its port. */
function portIn(text: string, port: number | undefined, before = ''): string {
  if (port === undefined) return text
  const wrapped = /'0\.0\.0\.0'(?:\\e\[[0-9;]*m)*, ?$/.test(before)
    ? text.replace(/^( +(?:\\e\[[0-9;]*m)*)\d+/, `$1${port}`)
    : text
  return wrapped
    .replace(/(https?:\/\/(?:0\.0\.0\.0|\[::\]):)\d+/g, `$1${port}`)
    .replace(/('0\.0\.0\.0'(?:\\e\[[0-9;]*m)*, (?:\\e\[[0-9;]*m)*)\d+/g, `$1${port}`)
}

function refuseOtherWraps({ name, medium }: Recorded, directory: string, port: number | undefined): void {
  if (port !== undefined && String(port).length !== 4)
    throw new Error(`${name}: fastapi-cli wraps its lines; take a port of four digits, as 8000, not ${port}`)
  const columns = medium.kind === 'pty' ? medium.columns : 80
  const width = ' '.repeat(13).length + `Importing from ${directory}`.length
  if (width > columns)
    throw new Error(`${name}: '${directory}' does not fit into ${columns} columns; take a shorter folder`)
}
