import { isatty } from 'node:tty'
import type { Stream } from '../../../manager/log.ts'
import type { Medium } from '../../../terminal/index.ts'

const PIPE_COLUMNS = 80

/** What a stream of this process is connected to. The width is read each time: terminals are resized. */
export function medium(stream: Stream, env: NodeJS.ProcessEnv = process.env): Medium {
  const terminal = isatty(stream === 'stdout' ? 1 : 2)
  return {
    terminal,
    colors: terminal ? terminalColors(env) : 'none',
    get columns() {
      return columns(stream, terminal, env)
    },
  }
}

/** `COLUMNS` wins, as in rich and in click; without a terminal both assume 80. */
function columns(stream: Stream, terminal: boolean, env: NodeJS.ProcessEnv): number {
  const asked = env['COLUMNS'] ?? ''
  if (/^[1-9]\d*$/.test(asked)) return Number(asked)
  return terminal ? process[stream].columns || PIPE_COLUMNS : PIPE_COLUMNS
}

/** rich 13.9 `Console._detect_color_system`, and `NO_COLOR` (no-color.org). */
function terminalColors(env: NodeJS.ProcessEnv): Medium['colors'] {
  const term = (env['TERM'] ?? '').toLowerCase()
  if (env['NO_COLOR'] || term === 'dumb' || term === 'unknown') return 'none'
  if (['truecolor', '24bit'].includes((env['COLORTERM'] ?? '').toLowerCase())) return 'truecolor'
  return term.endsWith('-256color') || term === 'xterm-kitty' ? '256' : '16'
}
