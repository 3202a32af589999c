import { parseCommand } from '../../command/index.ts'
import { MOST_WORKERS } from '../../machine/limits.ts'
import type { ProcessOptions, System } from '../../machine/system.ts'
import type { Speaker } from '../../manager/settings.ts'
import type { Medium } from '../../terminal/api.ts'
import { printer } from '../../terminal/index.ts'
import type { JobResult } from '../run/jobs.ts'
import { filesFrom } from '../run/paths.ts'
import { resultOf } from '../run/process.ts'
import { redirectedStreams, type Sink } from '../run/streams.ts'
import type { ShellWords } from '../words.ts'

/** The parts of a shell that starting a server needs. */
export interface ServerShell {
  readonly system: System
  readonly terminal: string | undefined
  readonly columns: number
  readonly colors: boolean
  readonly words: ShellWords
}

/** What a server is started with from a terminal. */
export interface ServerLaunch {
  readonly speaks: Speaker
  readonly args: readonly string[]
  /** The command line as `ps` shows it. */
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly stdout: Sink
  readonly stderr: Sink
  readonly place: ProcessOptions
  readonly onEnd: (result: JobResult) => void
}

/**
 * Starts a server and returns its PID. After a usage error, or for `--help` or `--version`, nothing is started: the text is printed,
 * `onEnd` is called, and the result is `undefined`.
 */
export function launchServer(shell: ServerShell, launch: ServerLaunch): number | undefined {
  const { system, terminal, columns, colors, words } = shell
  const { speaks, args, command, env, stdout, stderr, place, onEnd } = launch
  const { cwd = system.cwd } = place
  const toScreen = { stdout: stdout.terminal, stderr: stderr.terminal }
  const width = stdout.terminal ? columns : 80
  const parsed = parseCommand([speaks.program, ...args], {
    speaks,
    env,
    columns: width,
    colors: colors && toScreen.stdout,
    words,
    cwd,
    files: filesFrom(system, cwd),
    mostWorkers: MOST_WORKERS,
  })
  if (parsed.kind === 'print') {
    const sink = parsed.stream === 'stdout' ? stdout : stderr
    sink.write(parsed.text, 0)
    onEnd({ code: parsed.code })
    return undefined
  }
  const medium = (isScreen: boolean): Medium => ({
    terminal: isScreen,
    columns: isScreen ? columns : 80,
    colors: colors && isScreen ? 'truecolor' : 'none',
  })
  const print = printer({ speaks, stdout: medium(toScreen.stdout), stderr: medium(toScreen.stderr) })
  for (const { level, text } of parsed.notices) {
    const record = { kind: 'message', pid: 0, level, parts: [text] } as const
    const printed = print(record, { epochMs: system.epoch + system.now, offsetMinutes: 0 })
    const sink = printed.stream === 'stdout' ? stdout : stderr
    sink.write(printed.text, 0)
  }
  return system.launch({
    settings: parsed.settings,
    command,
    env,
    ...(terminal === undefined ? {} : { terminal }),
    streams: redirectedStreams(stdout, stderr),
    ...place,
    onEnd: (status) => onEnd(resultOf(status)),
  })
}
