import { parseCommand } from '../../command/index.ts'
import type { System } from '../../machine/system.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Program, Speaker } from '../../manager/settings.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { Medium } from '../../terminal/api.ts'
import { printer } from '../../terminal/index.ts'
import type { ShellWords } from '../words.ts'

/** What a server is started with from a terminal. */
export interface ServerLaunch {
  readonly system: System
  readonly terminal: string
  readonly program: Program
  readonly args: readonly string[]
  /** The command line as typed. */
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly speaks: Readonly<Record<Program, Speaker>>
  readonly columns: number
  readonly colors: boolean
  readonly words: ShellWords
  /** The exit code as the shell counts it, and what bash says of a death by signal. */
  readonly onEnd: (code: number, text: string | undefined) => void
}

/** Whether a name stands for one of the server programs. */
export function isServer(name: string): name is Program {
  return name === 'uvicorn' || name === 'gunicorn' || name === 'fastapi'
}

/**
 * Starts a server in the foreground of its terminal; the answer is its PID. After a usage error, or text asked for by
 * `--help` or `--version`, nothing runs: the text is printed, `onEnd` is called, and there is no answer.
 */
export function launchServer(launch: ServerLaunch): number | undefined {
  const { system, terminal, program, args, command, env, columns, colors, words, onEnd } = launch
  const speaks = launch.speaks[program]
  const parsed = parseCommand([program, ...args], { speaks, env, columns, colors, words, cwd: system.cwd })
  if (parsed.kind === 'print') {
    system.write(terminal, parsed.text)
    onEnd(parsed.code, undefined)
    return undefined
  }
  const medium: Medium = { terminal: true, columns, colors: colors ? 'truecolor' : 'none' }
  const print = printer({ speaks, stdout: medium, stderr: medium })
  for (const { level, text } of parsed.notices) {
    const record = { kind: 'message', pid: 0, level, parts: [text] } as const
    system.write(terminal, print(record, { epochMs: system.epoch + system.now, offsetMinutes: 0 }).text)
  }
  return system.launch({
    settings: parsed.settings,
    command,
    env,
    terminal,
    onEnd: (status) => onEnd(exitCode(status), epitaph(status)),
  })
}

/** 128 and the signal's number for a death by signal, as in `$?`. */
export function exitCode(status: ExitStatus): number {
  return 'code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal]
}

/** bash's line about a foreground program that a signal ended; none for SIGINT and SIGPIPE. */
export function epitaph(status: ExitStatus): string | undefined {
  return 'code' in status ? undefined : EPITAPHS[status.signal]
}

const EPITAPHS: Partial<Record<SignalName, string>> = {
  HUP: 'Hangup',
  QUIT: 'Quit',
  ABRT: 'Aborted',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  USR2: 'User defined signal 2',
  SEGV: 'Segmentation fault',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
}
