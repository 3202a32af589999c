import { hostname, userInfo } from 'node:os'
import type { ProgramName } from '../../simulator/manager/settings.ts'
import type { RecordingPlace } from './place.ts'

/** How a program's processes are called in a recording, by PID. */
export class Names {
  readonly #known: ReadonlyMap<number, 'worker' | 'parent' | 'parent2'>
  readonly #names = new Map<number, string>()
  #workers = 0

  constructor(parent: number, workers: readonly number[], second: readonly number[]) {
    this.#known = new Map([
      ...workers.map((pid) => [pid, 'worker'] as const),
      ...second.map((pid) => [pid, 'parent2'] as const),
      [parent, 'parent'],
    ])
  }

  /** The name of a PID; workers are counted as they are asked for. Nothing for a number that is none. */
  of(pid: number, surely = false): string | undefined {
    const role = this.#known.get(pid) ?? (surely ? 'worker' : undefined)
    if (role === undefined) return undefined
    const known = this.#names.get(pid)
    if (known !== undefined) return known
    const name = role === 'worker' ? `w${++this.#workers}` : role
    this.#names.set(pid, name)
    return name
  }
}

const COLOR = String.raw`(?:\\e\[[0-9;]*m)*`
const PID = new RegExp(
  String.raw`((?:process ${COLOR}\[|^\[<ts>\] \[|\(pid: ?|with pid:? |^beat in |Worker |\[|\()${COLOR})(\d+)(?=${COLOR}[\])>]|${COLOR}$|${COLOR} was|\\e)`,
  'gm',
)
const SURELY = /(process |pid|Worker |<ts>)/

/** A text as it is recorded: escapes readable, and nothing of the machine, the time or the ports in it. */
export function normalised(text: string, place: RecordingPlace, port: number, names: Names): string {
  const readable = moved(text.replaceAll('\r\n', '\n').replaceAll('\u001b', '\\e'), place, port)
    .replace(/\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\]/g, '[<ts>]')
    .replace(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/g, '[<ts>]')
    .replace(
      new RegExp(String.raw`(?<!//)(127\.0\.0\.1${COLOR}:${COLOR})\d+(?=${COLOR} - )`, 'g'),
      '$1<port>',
    )
    .replace(/(\\e\]8;id=)\d+/g, '$1<n>')
    // Which patch of Python it is, is the machine's: all recordings name that of the first ones.
    .replace(/CPython 3\.\d+\.\d+/g, 'CPython 3.11.2')
    // So is whether a name server is reached: the first ones were made where none is.
    .replaceAll('[Errno -2] Name or service not known', '[Errno -3] Temporary failure in name resolution')
    .replace(/\^\[\]1[01];rgb:[0-9a-f/]+\^\[\\/g, '')
  return readable.replace(PID, (whole, before: string, digits: string) => {
    const name = names.of(Number(digits), SURELY.test(before))
    return name === undefined ? whole : `${before}<${name}>`
  })
}

/** The bytes with the recorded port and folders in place of the real ones. */
export function moved(
  text: string,
  { home, prefix, port: real, environment }: RecordingPlace,
  port: number,
): string {
  return text
    .replaceAll(`${prefix}/bin/`, '/usr/bin/')
    .replaceAll(new RegExp(`${prefix}/lib/python[0-9.]+/site-packages`, 'g'), '<site-packages>')
    .replaceAll(`${environment.folder}/lib/python${environment.python}/site-packages`, '<site-packages>')
    .replaceAll(environment.stdlib, '<stdlib>')
    .replaceAll(home, '/home/user')
    .replaceAll(
      new RegExp(String.raw`(?<=[:,] ?${COLOR}|[:,] ?(?:\u001b\[[0-9;]*m)*|^ +)${real}(?!\d)`, 'gm'),
      String(port),
    )
}

/**
 * Looks for words of the machine in a recording.
 *
 * @throws Error when it finds one
 */
export function refuseMachine(text: string, { environment }: RecordingPlace): void {
  const user = userInfo().username
  const words = [
    `/${user}/`,
    ...(hostname().length > 3 ? [hostname()] : []),
    environment.folder,
    '/tmp/',
    '.cache',
  ]
  for (const word of words) {
    const line = text.split('\n').find((one) => one.includes(word))
    if (line !== undefined)
      throw new Error(`a recording must hold nothing of the machine; '${word}' stands in: ${line}`)
  }
}

/** Frames of libraries inside a box of fastapi-cli say where it was installed, over several lines: they are left out. */
export function withoutLibraryFrames(lines: readonly string[], program: ProgramName): string[] {
  if (program !== 'fastapi') return [...lines]
  const kept: string[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    kept.push(line)
    if (!/╭─.*Traceback /.test(line)) continue
    const end = lines.findIndex((one, at) => at > i && one.includes('╰'))
    const own = lines.findLastIndex((one, at) => at > i && at < end && one.includes('/awesomeapp/'))
    const from = own < 0 ? end : own
    if (from > i + 1) kept.push(`[left out here: ${from - i - 1} lines of library frames]`)
    i = from - 1
  }
  return kept
}
