import type { System } from '../machine/system.ts'
import type { ProgramName as ServerProgram, Speaker } from '../manager/settings.ts'
import type { Key } from './editor/keys.ts'
import { readLine } from './language/read.ts'
import { installInitialVersions } from './packages.ts'
import { Complaints } from './run/complaints.ts'
import type { ExecutionContext, ShellContext } from './run/context.ts'
import { Interpreter } from './run/interpreter.ts'
import { drive, type RunningFlow, type Flow } from './run/flow.ts'
import { Discarded, Interrupted, LoopEnd, Return, ShellExit } from './run/leaving.ts'
import { Jobs, type Job } from './run/jobs.ts'
import { HOME, PROJECT } from './run/paths.ts'
import { Scope } from './run/scope.ts'
import { terminalSink } from './run/streams.ts'
import { Keyboard, type InputMode } from './run/tty.ts'
import { fillIn, type ShellWords } from './words.ts'

/** Options of a shell. */
export interface ShellOptions {
  readonly system: System
  /** The terminal of the machine that it runs on; it must be open. */
  readonly terminal: string
  readonly words: ShellWords
  /** The initial version of each server program; `pip` may change it. */
  readonly speaks: Readonly<Record<ServerProgram, Speaker>>
  readonly columns: number
  /** The height for programs that draw the whole screen (15, the smallest terminal of the page). */
  readonly rows?: number
  readonly colors: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Called when the line is done, with bash's messages about jobs that have ended meanwhile. */
  readonly onReady: (jobs: readonly string[]) => void
  /** Called when the shell has ended: by `exit`, or `lost`: by a hang-up or a signal. */
  readonly onLeave?: (lost: boolean) => void
}

/** The foreground program: none, a server, or another program. */
export type ForegroundKind = 'none' | 'server' | 'program'

const ROWS = 15

const ENVIRONMENT: Readonly<Record<string, string>> = {
  SHELL: '/bin/bash',
  HOME,
  USER: 'user',
  LOGNAME: 'user',
  LANG: 'C.UTF-8',
  PATH: `${PROJECT}/.venv/bin:/usr/local/bin:/usr/bin:/bin`,
  PWD: PROJECT,
}

/** A small bash: runs the lines that are typed into one terminal of the machine. */
export class Shell {
  columns: number
  rows: number
  /** Its own PID. */
  readonly pid: number
  readonly #options: ShellOptions
  readonly #keyboard = new Keyboard()
  readonly #jobs = new Jobs()
  readonly #scope: Scope
  #line: RunningFlow | undefined
  #busy = false
  #job: Job | undefined
  #over = false
  #hungUp = false
  /** `exit` was refused because jobs are stopped: the next `exit` ends the shell. */
  #warned = false

  constructor(options: ShellOptions) {
    this.#options = options
    this.columns = options.columns
    this.rows = options.rows ?? ROWS
    const { system, terminal, speaks } = options
    installInitialVersions(system, speaks)
    this.pid = system.begin('-bash', terminal, (status) => this.#leave(!('code' in status) || this.#hungUp), {
      kind: 'shell',
      onSignal: (signal) => {
        if (signal === 'HUP') this.hangUp()
        // At the prompt bash ignores the signals that would end it.
        return ['HUP', 'INT', 'TERM', 'QUIT', 'TSTP', 'TTIN', 'TTOU'].includes(signal)
      },
    })
    system.foreground(terminal, this.pid)
    this.#scope = new Scope(this.pid, PROJECT)
    for (const [name, value] of Object.entries({ ...ENVIRONMENT, ...options.env })) {
      this.#scope.set(name, value)
      this.#scope.export(name)
    }
  }

  /** The present foreground program. */
  get foreground(): ForegroundKind {
    if (!this.#busy) return 'none'
    return this.#job?.isServer === true ? 'server' : 'program'
  }

  /** The exit code of the last command (`$?`). */
  get status(): number {
    return this.#scope.status
  }

  /** The names that can be typed, for completion. */
  get commands(): readonly string[] {
    return this.#newInterpreter([]).commands
  }

  get cwd(): string {
    return this.#scope.cwd
  }

  /** The jobs that are in the background or stopped. */
  get jobs(): readonly Job[] {
    return this.#jobs.all
  }

  /** The names of its variables, for completion. */
  get variables(): readonly string[] {
    return this.#scope.all().map(([name]) => name)
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#over
  }

  /** Whether more lines must follow before this can run: an open quote, a loop without its end. */
  static isIncomplete(line: string): boolean {
    const read = readLine(line)
    return 'problem' in read && read.problem === 'incomplete'
  }

  /** Runs a line. `onReady` is called when it is done, which may be at once. */
  run(line: string, history: readonly string[]): void {
    if (this.#over) return
    const interpreter = this.#newInterpreter(history)
    const read = readLine(this.#scope.unaliased?.(line) ?? line)
    const context = this.#context()
    this.#busy = true
    if ('problem' in read) {
      this.#scope.status = interpreter.refuse(read, context)
      return this.#ready()
    }
    const flow = this.#guarded(interpreter.line(read.script, context))
    let done = false
    const running = drive(flow, () => {
      done = true
      this.#ready()
    })
    this.#line = done ? undefined : running
  }

  /** Ctrl+C while something runs: SIGINT to the foreground job. */
  interrupt(): void {
    if (!this.#busy) return
    const { system, terminal } = this.#options
    system.interrupt(terminal)
    // A command without a process, such as a loop of builtins, is interrupted here.
    if (this.#busy && (this.#job === undefined || this.#job.living.size === 0)) this.#giveUp(130)
  }

  /** Ctrl+Z: SIGTSTP to the foreground job. */
  suspend(): void {
    if (this.#busy) this.#options.system.press(this.#options.terminal, 'TSTP')
  }

  /** Ctrl+\: SIGQUIT to the foreground job. */
  quit(): void {
    if (!this.#busy) return
    this.#options.system.press(this.#options.terminal, 'QUIT')
    if (this.#busy && (this.#job === undefined || this.#job.living.size === 0)) this.#giveUp(131)
  }

  /** What runs in the foreground cannot go on, for a fault of the simulator: says so and ends it. */
  fail(reason: string): void {
    const { system, terminal, words } = this.#options
    const sink = terminalSink(system, terminal)
    new Complaints(this.#shellContext([])).note(fillIn(words.failed, { reason }), sink)
    this.interrupt()
  }

  /** How the foreground program reads the keyboard; `undefined` when it does not. */
  get reading(): InputMode {
    return this.#busy ? this.#keyboard.reading : undefined
  }

  /** Passes a typed line to the foreground program. */
  typed(text: string): void {
    this.#keyboard.line(text)
  }

  /** Ctrl+D for the foreground program. */
  endOfInput(): void {
    this.#keyboard.end()
  }

  pressed(key: Key): void {
    this.#keyboard.key(key)
  }

  /** Ctrl+D at the prompt, or `exit`. Returns false the first time while jobs are stopped. */
  exit(): boolean {
    const stopped = this.#jobs.all.filter((job) => job.stopped)
    if (stopped.length > 0 && !this.#warned) {
      this.#options.system.write(this.#options.terminal, 'There are stopped jobs.\n')
      this.#warned = true
      return false
    }
    for (const job of stopped) this.#hangUpJob(job)
    const { status } = this.#scope
    drive(this.#newInterpreter([]).atExit(status, this.#context()), (code) =>
      this.#options.system.end(this.pid, code),
    )
    return true
  }

  /** The terminal is gone: SIGHUP to every job that is not disowned, and the shell ends. */
  hangUp(): void {
    if (this.#over) return
    const { system } = this.#options
    for (const job of new Set([...this.#jobs.all, ...(this.#job === undefined ? [] : [this.#job])])) {
      if (!job.disowned && job.ended === undefined) this.#hangUpJob(job)
    }
    this.#hungUp = true
    system.end(this.pid, 129)
  }

  #hangUpJob(job: Job): void {
    if (job.group === 0) return
    this.#options.system.signal(-job.group, 'HUP', this.pid)
    if (job.stopped) this.#options.system.signal(-job.group, 'CONT', this.pid)
  }

  *#guarded(flow: Flow<void>): Flow<void> {
    try {
      yield* flow
    } catch (error) {
      if (error instanceof Interrupted) this.#scope.status = 130
      else if (error instanceof Discarded) this.#scope.status = 1
      else if (error instanceof ShellExit) {
        this.#scope.status = error.code
        this.exit()
      } else if (!(error instanceof LoopEnd || error instanceof Return)) throw error
    }
  }

  #giveUp(status: number): void {
    this.#line?.abandon()
    this.#scope.status = status
    this.#ready()
  }

  #ready(): void {
    this.#line = undefined
    this.#front(undefined)
    this.#busy = false
    if (this.#over) return
    const jobs = this.#jobs.news()
    if (!this.#jobs.all.some((job) => job.stopped)) this.#warned = false
    this.#options.onReady(jobs)
  }

  #leave(lost: boolean): void {
    if (this.#over) return
    this.#over = true
    this.#busy = false
    this.#line?.abandon()
    this.#line = undefined
    this.#options.onLeave?.(lost)
  }

  #front(job: Job | undefined): void {
    this.#job = job
    const group = job === undefined || job.group === 0 ? this.pid : job.group
    if (!this.#over) this.#options.system.foreground(this.#options.terminal, group)
  }

  #newInterpreter(history: readonly string[]): Interpreter {
    return new Interpreter(this.#shellContext(history))
  }

  #shellContext(history: readonly string[]): ShellContext {
    const { system, terminal, words, colors } = this.#options
    const size = (): { columns: number; rows: number } => ({ columns: this.columns, rows: this.rows })
    return {
      system,
      terminal,
      words,
      colors,
      keyboard: this.#keyboard,
      get columns() {
        return size().columns
      },
      get rows() {
        return size().rows
      },
      history,
      installed: (program) => ({ program, version: system.installed(program) }),
      front: (job) => this.#front(job),
    }
  }

  #context(): ExecutionContext {
    const { system, terminal } = this.#options
    const display = terminalSink(system, terminal)
    return {
      scope: this.#scope,
      jobs: this.#jobs,
      stdin: this.#keyboard,
      stdout: display,
      stderr: display,
      job: undefined,
      parent: this.pid,
      speaker: 'bash: ',
      file: undefined,
    }
  }
}
