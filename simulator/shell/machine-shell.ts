import type { Found } from '../machine/found.ts'
import type {
  MachineShell as MachineInterpreter,
  OwnProcess,
  ProcessHooks,
} from '../machine/machine-shell.ts'
import type { System } from '../machine/system.ts'
import type { Stream } from '../manager/log.ts'
import type { ExecutionContext, ShellContext } from './run/context.ts'
import { runBeside } from './run/foreground.ts'
import { Interpreter } from './run/interpreter.ts'
import { Job, Jobs } from './run/jobs.ts'
import { isExecutable, modeOf } from './run/modes.ts'
import { findProgram, isShell } from './run/name-resolver.ts'
import { fileKey } from './run/paths.ts'
import { Scope } from './run/scope.ts'
import { NOTHING, type Sink } from './run/streams.ts'
import { Keyboard } from './run/tty.ts'
import type { ShellWords } from './words.ts'

/** The size that programs are told, which have no terminal. */
const SIZE = { columns: 80, rows: 24 }

/** The shell for units, containers and `sh -c`, which have no terminal: the kernel is handed it. */
export function machineShell(words: ShellWords): MachineInterpreter {
  return {
    find,
    run: (system, process) => run(system, process, words),
  }
}

/** Builtins of the shell that are programs as well. */
const ALSO_FILES: ReadonlySet<string> = new Set([
  'kill',
  'echo',
  'printf',
  'test',
  '[',
  'pwd',
  'true',
  'false',
])

/** Programs of the shell's, and scripts that say what runs them. */
function find(system: Pick<System, 'readFile'>, [name = '']: readonly string[]): Found {
  const program = findProgram(name, false)
  if (isShell(name) || (program !== undefined && (program.builtin !== true || ALSO_FILES.has(program.name))))
    return 'there'
  const key = fileKey('/', name)
  const text = name.includes('/') ? system.readFile(key) : undefined
  if (text === undefined) return 'ENOENT'
  if (!isExecutable(modeOf(system, key))) return 'EACCES'
  return text.startsWith('#!') ? 'there' : 'ENOEXEC'
}

function run(system: System, process: OwnProcess, words: ShellWords): ProcessHooks {
  const { pid, group, argv, env, cwd, terminal } = process
  // What the program that runs in the process asks to be told of it.
  let hooks: ProcessHooks = {}
  const shell: ShellContext = {
    ...SIZE,
    system,
    terminal,
    words,
    keyboard: new Keyboard(),
    colors: false,
    history: [],
    installed: (program) => ({ program, version: system.installed(program) }),
    front: () => undefined,
    ownProcess: { pid, hear: (heard) => (hooks = heard) },
  }
  const scope = new Scope(pid, cwd, undefined, [...argv])
  for (const [name, value] of Object.entries(env)) {
    scope.set(name, value)
    scope.export(name)
  }
  const job = new Job(argv.join(' '))
  job.group = group
  const context: ExecutionContext = {
    scope,
    jobs: new Jobs(),
    stdin: NOTHING,
    stdout: stream('stdout', process),
    stderr: stream('stderr', process),
    job,
    parent: pid,
    speaker: `${argv[0] ?? ''}: `,
    file: undefined,
  }
  const driven = runBeside(new Interpreter(shell).become(argv, context), ({ code }) => system.end(pid, code))
  return {
    onSignal: (signal) => hooks.onSignal?.(signal) ?? false,
    onStop: () => hooks.onStop?.(),
    onContinue: () => hooks.onContinue?.(),
    onEnd() {
      driven.abandon()
      hooks.onEnd?.()
    },
  }
}

/** A stream of the process. */
function stream(name: Stream, process: OwnProcess): Sink {
  return {
    terminal: false,
    inherited: true,
    write(text, pid) {
      process.write(name, text, pid === 0 ? undefined : pid)
      return true
    },
  }
}
