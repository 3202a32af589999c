import type { ProcessHooks } from '../../machine/machine-shell.ts'
import type { ProcessOptions, System } from '../../machine/system.ts'
import type { ProgramName as ServerName, Speaker } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { ShellWords } from '../words.ts'
import type { Job, Jobs } from './jobs.ts'
import type { Scope } from './scope.ts'
import type { Sink, Source } from './streams.ts'
import type { Keyboard } from './tty.ts'

/** An existing process that a program is to run in. */
export interface AdoptedProcess {
  readonly pid: number
  /** Sets the callbacks for events of the process. */
  hear(hooks: ProcessHooks): void
}

/** What the commands of a shell work with: its machine, its terminal, its messages. */
export interface ShellContext {
  readonly system: System
  readonly terminal: string | undefined
  /** Set for a shell without a terminal, of a unit, a container or `sh -c`: it runs in this process. */
  readonly ownProcess?: AdoptedProcess
  readonly words: ShellWords
  readonly keyboard: Keyboard
  readonly colors: boolean
  readonly columns: number
  readonly rows: number
  readonly history: readonly string[]
  readonly installed: (program: ServerName) => Speaker | undefined
  /** Gives the terminal to a job, or back to the shell (`undefined`). */
  readonly front: (job: Job | undefined) => void
}

/** Where a command runs: its variables, its streams, its job. */
export interface ExecutionContext {
  readonly scope: Scope
  readonly jobs: Jobs
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  /** The job that its processes belong to; at the prompt each pipeline is a job of its own. */
  readonly job: Job | undefined
  /** PID of their parent. */
  readonly parent: number
  readonly ignores?: readonly SignalName[]
  /** How deep it is nested: see `deeper`. */
  readonly depth?: number
  /** The user that the processes run as, set by `sudo`. */
  readonly user?: string
  /** The command is a condition (`if`, `while`): with `set -e` its failure does not end the shell. */
  readonly tested?: true
  /** The prefix of error messages: `bash: ` at the prompt, `run.sh: line 3: ` in a script. */
  readonly speaker: string
  /** The script that the lines are from, for line numbers in error messages. */
  readonly file: string | undefined
}

/** A command with expanded words, and what its process is started with. */
export interface CommandLaunch {
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly context: ExecutionContext
  /** The command as typed, for the list of jobs. */
  readonly source: string
  /** It runs in this process; without one, in a new process. */
  readonly process?: AdoptedProcess
  /** Typed behind `exec`: it takes the shell's place. */
  readonly replaces?: true
}

/** The options of a new process: parent, job and ignored signals. */
export function processOptionsOf(
  { parent, ignores, scope, user }: ExecutionContext,
  job: Job,
): Pick<ProcessOptions, 'ppid' | 'cwd' | 'user' | 'group' | 'ignores'> {
  return {
    ppid: parent,
    cwd: scope.cwd,
    ...(job.group === 0 ? {} : { group: job.group }),
    ...(ignores === undefined ? {} : { ignores }),
    ...(user === undefined ? {} : { user }),
  }
}
