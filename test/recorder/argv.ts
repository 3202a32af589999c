import { join } from 'node:path'
import type { ProgramName } from '../../simulator/manager/settings.ts'
import type { RecordingPlace } from './place.ts'

/** The port that a program listens on in the recordings, when its command names none. */
const DEFAULT_PORT = 8000

/** The ports that a command names; the first is the one that is listened on. */
export function portOf(command: string): number {
  const [, port] = /(?:--port |(?:--bind|-b) \S*:)(\d+)/.exec(command) ?? []
  return port === undefined ? DEFAULT_PORT : Number(port)
}

/** What is started for a recorded command: the program of an environment, on a port of its own. */
export function argvAt({ prefix, port }: RecordingPlace, program: ProgramName, command: string): string[] {
  const words = command.split(' ')
  const [name = program, ...rest] = moved(words, program, port)
  return [join(prefix, 'bin/python'), join(prefix, 'bin', name), ...rest]
}

function moved(words: readonly string[], program: ProgramName, port: number): string[] {
  const typed = words.join(' ')
  const there = typed.replace(/(--port |(?:--bind|-b) \S*:)(\d{1,4})(?=$|\s)/, `$1${port}`)
  const names = /--port |(--bind|-b) |--uds |--fd |--version|--check-config/.test(typed)
  if (there !== typed || names) return there.split(' ')
  const extra = program === 'gunicorn' ? ['--bind', `127.0.0.1:${port}`] : ['--port', String(port)]
  // After the program's name, or after `fastapi run`; a bare name stays bare.
  const head = program === 'fastapi' ? 2 : 1
  if (words.length <= 1 || (program === 'fastapi' && words[1] !== 'run')) return [...words]
  return [...words.slice(0, head), ...extra, ...words.slice(head)]
}
