import { readEnvironmentFile, type Service, type UnitCommand } from '../../machine/init/unit-file.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Clock } from './clock.ts'
import type { Cores } from './cores.ts'
import type { Files } from './files.ts'
import type { MainMemory } from './memory.ts'
import type { Processes } from './processes.ts'
import type { ExecProgram } from './programs.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'

/** What the init system and its units are given. */
export interface UnitParts {
  readonly clock: Clock
  readonly trace: Trace
  readonly files: Files
  readonly processes: Processes
  readonly cores: Cores
  readonly memory: MainMemory
  readonly signals: Signals
  /** Starts a program. */
  readonly run: ExecProgram
  /** The folder that the files are in. */
  readonly cwd: string
}

/** What a unit may write to the journal. */
export type WriteToJournal = (text: string, priority?: 3 | 4 | 5 | 6) => void

/** A command of a unit that is to be run. */
interface RunningCommand {
  /** The unit's. */
  readonly name: string
  readonly service: Service
  readonly command: UnitCommand
  readonly task: 'start' | 'start-pre'
  readonly say: WriteToJournal
  readonly ended: (status: ExitStatus) => void
}

/**
 * Runs a command of a unit; the answer is its PID. Nothing when it cannot be run: when a file of its environment is missing
 * `unable` is called, otherwise `ended` hears of systemd's exit code for what was missing.
 */
export function runUnitCommand(
  parts: UnitParts,
  { name, service, command, task, say, ended }: RunningCommand,
  unable: () => void,
): number | undefined {
  // `$$` is how a unit file writes the `$` that its shell is to see (systemd.service(5)).
  const words = command.argv.map((word) => word.replaceAll('%n', name).replaceAll('$$', () => '$'))
  const environment = environmentOf(service, parts.files)
  if (environment === undefined) {
    say(`${name}: Failed to load environment files: No such file or directory`, 3)
    say(`${name}: Failed to run '${task}' task: No such file or directory`, 4)
    unable()
    return undefined
  }
  const cwd = folderOf(service, parts)
  if (cwd === undefined) {
    say(`${name}: Changing to the requested working directory failed: No such file or directory`, 3)
    say(`${name}: Failed at step CHDIR spawning ${words[0] ?? ''}: No such file or directory`, 3)
    parts.clock.after(1, () => ended({ code: 200 }))
    return undefined
  }
  const pid = parts.run({
    argv: words,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment },
    unit: name,
    kept: service.restart === 'no' ? undefined : name,
    cwd,
    user: service.user ?? 'root',
    onEnd: ended,
  })
  if (pid !== 'not-found') return pid
  say(`${name}: Failed to locate executable ${words[0] ?? ''}: No such file or directory`, 3)
  say(`${name}: Failed at step EXEC spawning ${words[0] ?? ''}: No such file or directory`, 3)
  parts.clock.after(1, () => ended({ code: 203 }))
  return undefined
}

/** What the unit sets, and its files; nothing when one of them is missing. */
function environmentOf(
  { environment, environmentFiles }: Service,
  files: Files,
): Readonly<Record<string, string>> | undefined {
  let all = environment
  for (const { path, optional } of environmentFiles) {
    const text = files.read(path)
    if (text === undefined && !optional) return undefined
    if (text !== undefined) all = { ...all, ...readEnvironmentFile(text) }
  }
  return all
}

/** The working directory, which is `/` unless the unit says otherwise; nothing when it is missing. */
function folderOf({ workingDirectory }: Service, { files }: UnitParts): string | undefined {
  const { path = '/', optional = false } = workingDirectory ?? {}
  const folder = path === '~' ? '/root' : path.replace(/(?<=.)\/+$/, '')
  if (files.isFolder(folder)) return folder
  return optional ? '/' : undefined
}
