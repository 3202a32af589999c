import { parseCommand, type CommandWords } from '../../command/index.ts'
import type { Found } from '../../machine/found.ts'
import { MOST_WORKERS } from '../../machine/limits.ts'
import type { MachineShell, ProcessHooks } from '../../machine/machine-shell.ts'
import type { ExecOptions, System } from '../../machine/system.ts'
import type { ProgramName } from '../../manager/settings.ts'
import { isProgram } from '../../manager/traits.ts'
import type { Clock } from './clock.ts'
import type { SharedData } from './data.ts'
import type { Files } from './files.ts'
import type { Installed } from './installed.ts'
import type { MainThreads } from './main-threads.ts'
import type { Managers } from './managers.ts'
import { alembic, python } from './migrations.ts'
import type { Output } from './output.ts'
import type { ProcessOwner, Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Terminals } from './terminals.ts'

const PROGRAM_MEMORY = 3_000_000

/** What is said where nobody has chosen a language: in a journal, in a container's log. */
const WORDS: CommandWords = {
  notYet: '{option} is not there',
  mistakes: { tooManyWorkers: '{option} {value}: this machine has room for {most} workers' },
}

/** Starts a program by its command line and returns its PID. */
export type ExecProgram = (exec: ExecOptions & Partial<ProcessOwner>) => number | 'not-found'

interface Dependencies {
  readonly clock: Clock
  readonly files: Files
  readonly processes: Processes
  readonly threads: MainThreads
  readonly output: Output
  readonly terminals: Terminals
  readonly data: SharedData
  readonly managers: Managers
  readonly installed: Installed
  readonly cwd: string
}

/** Runs a program: it may print and wait, and ends with an exit code. */
type BuiltInProgram = (
  process: Process,
  args: readonly string[],
  parts: Dependencies,
  end: (code: number) => void,
) => void

/** Programs that the machine itself has: migrations. */
const BUILT_IN_PROGRAMS: ReadonlyMap<string, BuiltInProgram> = new Map([
  ['python', python],
  ['python3', python],
  ['alembic', alembic],
])

/** The programs that the machine can run: servers, migrations, and those that its shell knows. */
export class Programs {
  /** The shell that runs scripts and small programs, and the machine that it runs them on. */
  interpreter: { readonly shell: MachineShell; readonly system: System } | undefined
  readonly #parts: Dependencies
  readonly #words: CommandWords

  constructor(parts: Dependencies, words: CommandWords = WORDS) {
    this.#parts = parts
    this.#words = words
  }

  readonly run: ExecProgram = (exec) => {
    const name = exec.argv[0]?.split('/').at(-1) ?? ''
    const started = { ...exec, command: exec.command ?? exec.argv.join(' ') }
    if (isProgram(name)) return this.#server(name, started)
    const [, flag, module = '', ...args] = exec.argv
    if (/^python3?$/.test(name) && flag === '-m' && isProgram(module))
      return this.#server(module, { ...started, argv: [module, ...args] })
    const builtIn = BUILT_IN_PROGRAMS.get(name)
    if (builtIn !== undefined) {
      return this.#begin(started, (process, end) => builtIn(process, exec.argv.slice(1), this.#parts, end))
    }
    return this.#interpret(started)
  }

  /** Looks for a program as `execvp` does: Python's are in the virtual environment and in /usr/local/bin. */
  find(argv: readonly string[]): Found {
    const [path = ''] = argv
    const [, folder, name = path] = /^(.*)\/([^/]*)$/.exec(path) ?? []
    if (isProgram(name) || BUILT_IN_PROGRAMS.has(name)) {
      const places = ['/usr/local/bin', `${this.#parts.cwd}/.venv/bin`]
      if (name.startsWith('python')) places.push('/usr/bin', '/bin')
      return folder === undefined || places.includes(folder) ? 'there' : 'ENOENT'
    }
    const { interpreter } = this
    return interpreter?.shell.find(interpreter.system, argv) ?? 'ENOENT'
  }

  #server(program: ProgramName, exec: StartedProgram): number {
    const { cwd: project, files, installed, managers, output, processes, terminals } = this.#parts
    const { cwd = project } = processes.inheritedBy(exec)
    const size = terminals.size(exec.terminal)
    const parsed = parseCommand([program, ...exec.argv.slice(1)], {
      speaks: { program, version: installed.version(program) },
      env: exec.env,
      columns: size?.columns ?? 80,
      colors: size !== undefined && size.colors !== 'none',
      words: this.#words,
      cwd,
      files: files.from(cwd),
      mostWorkers: MOST_WORKERS,
    })
    if (parsed.kind === 'run') return managers.launch({ ...exec, settings: parsed.settings })
    return this.#begin(exec, (process, end) => {
      output.write(process, parsed.stream, parsed.text)
      end(parsed.code)
    })
  }

  /** Runs a script or a program of the shell. */
  #interpret(exec: StartedProgram): number | 'not-found' {
    const { cwd: folder, output, processes } = this.#parts
    const { interpreter } = this
    if (interpreter?.shell.find(interpreter.system, exec.argv) !== 'there') return 'not-found'
    let hooks: ProcessHooks = {}
    const { onEnd, onStop, onContinue } = exec
    return this.#begin(
      {
        ...exec,
        onSignal: (signal) => hooks.onSignal?.(signal) ?? false,
        onStop(signal) {
          hooks.onStop?.()
          onStop?.(signal)
        },
        onContinue() {
          hooks.onContinue?.()
          onContinue?.()
        },
        onEnd(status) {
          hooks.onEnd?.()
          onEnd?.(status)
        },
      },
      (process) => {
        const { pid, group, env, cwd = folder, terminal } = process
        hooks = interpreter.shell.run(interpreter.system, {
          ...{ pid, group, env, cwd, terminal },
          argv: exec.argv,
          write: (stream, text, writer = pid) => {
            const child = processes.get(writer)
            if (child !== undefined) output.write(child, stream, text)
          },
        })
      },
    )
  }

  /** Starts a process; `play` is called when it runs. */
  #begin(
    exec: StartedProgram & Pick<Process['startOptions'], 'onSignal'>,
    play: (process: Process, end: (code: number) => void) => void,
  ): number {
    const { clock, processes, threads } = this.#parts
    const { command, terminal, env, onEnd, ppid = 1 } = exec
    const pid = processes.newPid()
    const process = processes.birth({
      pid,
      ppid,
      kind: 'program',
      command,
      terminal,
      group: exec.group ?? pid,
      startOptions: exec,
      ...processes.inheritedBy(exec),
      env,
      startedAt: clock.now,
      settings: undefined,
      print: undefined,
      onEnd,
      memory: PROGRAM_MEMORY,
    })
    clock.after(1, () =>
      threads.deliver(process, () => play(process, (code) => processes.terminate(process, { code }))),
    )
    return pid
  }
}

/** A program that is started, with its command line as `ps` shows it. */
type StartedProgram = ExecOptions & Partial<ProcessOwner> & { readonly command: string }
