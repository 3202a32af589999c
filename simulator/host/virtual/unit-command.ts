import { absolutePath } from '../../command/python/path.ts'
import { expanded, type UnitCommand } from '../../machine/init/commands.ts'
import { readEnvironmentFile } from '../../machine/init/environment.ts'
import type { CommandKind, OutputFile, Service } from '../../machine/init/service.ts'
import type { Found } from '../../machine/found.ts'
import { isGroup, isUser, USERS } from '../../machine/users.ts'
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
  /** Looks for a program. */
  readonly find: (argv: readonly string[]) => Found
  /** The folder that the files are in. */
  readonly cwd: string
}

/** What a unit may write to the journal; `pid` is that of the child which says it before it becomes the program. */
export type WriteToJournal = (text: string, priority?: 3 | 4 | 5 | 6, pid?: number) => void

/** A command of a unit that is to be run. */
interface Task {
  /** The unit's. */
  readonly name: string
  readonly service: Service
  readonly command: UnitCommand
  readonly kind: CommandKind
  readonly mainPid: number | undefined
  readonly say: WriteToJournal
  readonly ended: (status: ExitStatus) => void
}

/** A command that was started: its words as they were expanded; `failed` when its program did not come to run. */
export interface StartedCommand {
  readonly pid: number
  readonly argv: readonly string[]
  readonly failed: boolean
}

/** systemd's names of what it was about to do, in its complaints. */
const TASKS: Readonly<Record<CommandKind, string>> = {
  ExecStartPre: 'start-pre',
  ExecStart: 'start',
  ExecStartPost: 'start-post',
  ExecReload: 'reload',
  ExecStop: 'stop',
  ExecStopPost: 'stop-post',
}

/** Why a child ends before it becomes the program: the step, its exit code, and what was missing. */
interface Obstacle {
  readonly code: number
  readonly step: string
  readonly text: string
  readonly why: string
}

const WHY = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOEXEC: 'Exec format error',
  ESRCH: 'No such process',
}

/**
 * Runs a command of a unit as a child of the init system. Nothing when a file of its environment is missing; what else is missing is found
 * by the child, which then ends with one of systemd's exit codes (systemd.exec(5), "Process Exit Codes").
 */
export function runUnitCommand(parts: UnitParts, task: Task): StartedCommand | undefined {
  const { name, service, command, kind, say, ended } = task
  const { clock, files, processes } = parts
  const set = environmentOf(service, files)
  if (set === undefined) {
    say(`${name}: Failed to load environment files: ${WHY.ENOENT}`, 3)
    say(`${name}: Failed to run '${TASKS[kind]}' task: ${WHY.ENOENT}`, 4)
    return undefined
  }
  const env = { ...surroundingsOf(task), ...set }
  const argv = expanded(command, env)
  const user = command.privileged ? 'root' : (service.user ?? 'root')
  const cwd = folderOf(service, parts)
  const [program = ''] = argv
  const obstacle = obstacleOf(task, argv, cwd, parts)
  if (obstacle !== undefined) {
    const pid = processes.newPid()
    const { code, step, text, why } = obstacle
    processes.birth({
      ...{ pid, ppid: 1, kind: 'program', command: `(${program.split('/').at(-1)?.slice(-8) ?? ''})` },
      ...{
        terminal: undefined,
        group: pid,
        env,
        startedAt: clock.now,
        settings: undefined,
        print: undefined,
      },
      ...processes.inheritedBy({ unit: name, user: 'root' }),
      onEnd: ended,
      memory: CHILD_MEMORY,
    })
    clock.after(1, () => {
      if (processes.get(pid)?.alive !== true) return
      if (code === 0) say(`${name}: Executable ${program} missing, skipping: ${why}`, 6, pid)
      else {
        say(`${name}: ${text}: ${why}`, 3, pid)
        say(`${name}: Failed at step ${step} spawning ${program}: ${why}`, 3, pid)
      }
      processes.end(pid, code)
    })
    return { pid, argv, failed: true }
  }
  const pid = parts.run({
    argv,
    env,
    unit: name,
    kept: service.restart === 'no' ? undefined : name,
    cwd: cwd ?? '/',
    user,
    ...(service.capabilities.length === 0 ? {} : { capabilities: service.capabilities }),
    streams: streamsOf(service, files),
    onEnd: ended,
  })
  if (pid === 'not-found') throw new Error(`found ${program}, which cannot be run`)
  return { pid, argv, failed: false }
}

/** What a child of the init system takes before it becomes the program. */
const CHILD_MEMORY = 2_000_000

/** What keeps the child from becoming the program, in the order in which systemd's child comes to it. */
function obstacleOf(
  { service, command, kind }: Task,
  argv: readonly string[],
  cwd: string | undefined,
  { find, files }: UnitParts,
): Obstacle | undefined {
  const { user, group, dynamicUser, output } = service
  if (user !== undefined && !dynamicUser && !isUser(user))
    return { code: 217, step: 'USER', text: 'Failed to determine user credentials', why: WHY.ESRCH }
  if (group !== undefined && !dynamicUser && !isGroup(group))
    return { code: 216, step: 'GROUP', text: 'Failed to determine group credentials', why: WHY.ESRCH }
  const lacksFolder = (file: OutputFile | undefined): boolean =>
    file !== undefined && file.path !== '/dev/null' && !files.isFolder(absolutePath(`${file.path}/..`, '/'))
  if (lacksFolder(output.stdout))
    return { code: 209, step: 'STDOUT', text: 'Failed to set up standard output', why: WHY.ENOENT }
  if (lacksFolder(output.stderr))
    return { code: 222, step: 'STDERR', text: 'Failed to set up standard error output', why: WHY.ENOENT }
  const found = find(argv)
  const [program = ''] = argv
  if (found === 'ENOENT' && command.ignoreFailure && kind !== 'ExecStart')
    return { code: 0, step: 'EXEC', text: '', why: WHY.ENOENT }
  if (found === 'ENOENT' || found === 'EACCES')
    return { code: 203, step: 'EXEC', text: `Failed to locate executable ${program}`, why: WHY[found] }
  if (cwd === undefined)
    return {
      code: 200,
      step: 'CHDIR',
      text: 'Changing to the requested working directory failed',
      why: WHY.ENOENT,
    }
  if (found === 'ENOEXEC')
    return { code: 203, step: 'EXEC', text: `Failed to execute ${program}`, why: WHY.ENOEXEC }
  return undefined
}

/** What systemd itself puts into the environment of a command. */
function surroundingsOf({ service, mainPid }: Task): Record<string, string> {
  const { user, type, notifyAccess } = service
  const known = user === undefined ? undefined : USERS.get(user)
  const notifies = type === 'notify' ? notifyAccess !== 'none' : (notifyAccess ?? 'none') !== 'none'
  return {
    LANG: 'C.UTF-8',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(user !== undefined && { USER: user, LOGNAME: user, SHELL: '/bin/sh' }),
    ...(known !== undefined && { HOME: known.home }),
    ...(notifies && { NOTIFY_SOCKET: '/run/systemd/notify' }),
    ...(mainPid !== undefined && { MAINPID: String(mainPid) }),
  }
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
function folderOf({ workingDirectory, user = 'root' }: Service, { files }: UnitParts): string | undefined {
  const { path = '/', optional = false } = workingDirectory ?? {}
  const folder = path === '~' ? (USERS.get(user)?.home ?? '/') : path.replace(/(?<=.)\/+$/, '')
  if (files.isFolder(folder)) return folder
  return optional ? '/' : undefined
}

/** Where its streams lead if not to the journal; errors follow the standard output unless they have a place of their own. */
function streamsOf(
  { output }: Service,
  files: Files,
): Partial<Record<'stdout' | 'stderr', (text: string) => void>> {
  const into = (file: OutputFile | undefined): ((text: string) => void) | undefined => {
    if (file === undefined) return undefined
    if (file.path === '/dev/null') return () => undefined
    if (file.truncates) files.write(file.path, '')
    return (text) => files.write(file.path, (files.read(file.path) ?? '') + text)
  }
  const stdout = into(output.stdout)
  const stderr = output.stderr === undefined ? stdout : into(output.stderr)
  return { ...(stdout && { stdout }), ...(stderr && { stderr }) }
}
