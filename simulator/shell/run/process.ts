import type { CommandOptions, System } from '../../machine/system.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { ProgramContext, ChildCommand, CommandInput, ShellInternals, ShellProgram } from '../program.ts'
import type { ShellWords } from '../words.ts'
import type { AdoptedProcess } from './context.ts'
import type { Job, JobResult } from './jobs.ts'
import type { Sink, Source } from './streams.ts'

/** What a program is started with. */
export interface ProcessStart {
  readonly system: System
  readonly words: ShellWords
  readonly terminal: string | undefined
  readonly args: readonly string[]
  readonly source: string
  readonly env: Readonly<Record<string, string>>
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  readonly history: readonly string[]
  readonly programs: readonly ShellProgram[]
  readonly shell: ShellInternals
  /** How bash begins what it says there. */
  readonly speaker: string
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly job: Job
  readonly parent: number
  /** It runs in this existing process. */
  readonly process?: AdoptedProcess
  readonly ignores?: readonly SignalName[]
  readonly user?: string
  readonly onEnd: (result: JobResult) => void
  readonly execute: (
    command: CommandInput,
    call: Pid,
    out: Sink,
    done: (code: number) => void,
  ) => ChildCommand
  readonly note: (text: string, sink: Sink) => void
}

type Pid = { readonly pid: number }

/** Starts a program: as a process of the machine, unless it is a builtin. */
export function startProgram(program: ShellProgram, start: ProcessStart): void {
  new Running(program, start).begin()
}

/** The job result for an exit status. */
export function resultOf(status: ExitStatus): JobResult {
  return 'code' in status
    ? { code: status.code }
    : { code: 128 + SIGNAL_NUMBERS[status.signal], signal: status.signal }
}

class Running {
  readonly #program: ShellProgram
  readonly #start: ProcessStart
  readonly #handlers = new Map<SignalName, () => void>()
  readonly #cleanups: (() => void)[] = []
  /** Callbacks that came while it was stopped. */
  readonly #held: (() => void)[] = []
  #pid = 0
  #stopped = false
  #over = false

  constructor(program: ShellProgram, start: ProcessStart) {
    this.#program = program
    this.#start = start
  }

  begin(): void {
    const { system, source, terminal, job, parent, ignores, user, process } = this.#start
    const hooks = {
      onSignal: (signal: SignalName) => this.#signalled(signal),
      onStop: () => this.#halt(true),
      onContinue: () => this.#halt(false),
    }
    if (process !== undefined) {
      this.#pid = process.pid
      process.hear({ ...hooks, onEnd: () => this.#end({ code: 0 }) })
    } else if (this.#program.builtin !== true) {
      const startOptions: CommandOptions = {
        ppid: parent,
        ...(job.group === 0 ? {} : { group: job.group }),
        ...(ignores === undefined ? {} : { ignores }),
        ...(user === undefined ? {} : { user }),
        ...hooks,
      }
      this.#pid = system.begin(source, terminal, (status) => this.#end(resultOf(status)), startOptions)
      job.joined(this.#pid)
    }
    const code = this.#program.run(this.#call())
    if (code !== undefined) this.#exit(code)
  }

  #exit(code: number): void {
    if (this.#over) return
    // The end of the process calls `#end`.
    if (this.#pid === 0) this.#end({ code })
    else this.#start.system.end(this.#pid, code)
  }

  #end(result: JobResult): void {
    if (this.#over) return
    this.#over = true
    for (const each of this.#cleanups.splice(0)) each()
    if (this.#pid !== 0) this.#start.job.left(this.#pid)
    this.#start.onEnd(result)
  }

  #signalled(signal: SignalName): boolean {
    const handler = this.#handlers.get(signal)
    if (handler === undefined) return false
    handler()
    return true
  }

  #halt(stopped: boolean): void {
    this.#stopped = stopped
    this.#start.job.halted(this.#pid, stopped)
    while (!this.#stopped && !this.#over) {
      const next = this.#held.shift()
      if (next === undefined) break
      next()
    }
  }

  /** Runs a callback now, when the program is continued, or never if it has ended. */
  #when(run: () => void): void {
    if (this.#over) return
    if (this.#stopped) this.#held.push(run)
    else run()
  }

  #write(sink: Sink, text: string): void {
    if (this.#over || text === '') return
    const written = sink.write(text, this.#pid)
    if (written === true) return
    if (written === 'full') {
      const { name, builtin } = this.#program
      const speaker = builtin === true ? this.#start.speaker : ''
      if (sink !== this.#start.stderr)
        this.#start.stderr.write(`${speaker}${name}: write error: No space left on device\n`, this.#pid)
      return this.#exit(1)
    }
    if (this.#pid === 0) this.#end({ code: 141, signal: 'PIPE' })
    else this.#start.system.signal(this.#pid, 'PIPE')
  }

  #call(): ProgramContext {
    const start = this.#start
    const { system, stdin, stdout, stderr, shell, execute, note, speaker, process: _, ...rest } = start
    const pid = this.#pid
    const isBuiltin = this.#program.builtin === true
    return {
      ...rest,
      // A running program is asked for more when its terminal has got another size.
      get columns() {
        return start.columns
      },
      get rows() {
        return start.rows
      },
      system,
      shell,
      name: this.#program.name,
      pid,
      cwd: shell.scope.cwd,
      tty: stdout.terminal,
      stdin: {
        terminal: stdin.terminal,
        read: (reader) => {
          const stop = stdin.read(
            {
              text: (text) => this.#when(() => reader.text(text)),
              end: () => this.#when(() => reader.end()),
            },
            pid,
          )
          this.#cleanups.push(stop)
          return stop
        },
      },
      out: (text) => this.#write(stdout, text),
      err: (text) => this.#write(stderr, isBuiltin ? text.replace(/^bash: /, () => speaker) : text),
      note: (text) => {
        if (!this.#over) note(text, stderr)
      },
      exit: (code) => this.#exit(code),
      after: (ms, run) => system.after(ms, () => this.#when(run)),
      request: (request, watch) => this.#request(request, watch),
      keys: (onKey) => {
        this.#cleanups.push(shell.keyboard.keys((key) => this.#when(() => onKey(key)), pid))
      },
      on: (signal, run) => {
        this.#handlers.set(signal, run)
      },
      execute: (command, done, out) =>
        execute(
          command,
          { pid },
          out === undefined ? stdout : { terminal: false, write: (text) => (out(text), true) },
          (code) => this.#when(() => done(code)),
        ),
    }
  }

  #request(...[request, watch]: Parameters<ProgramContext['request']>): void {
    const held = Object.entries(watch).map(([name, run]) => [
      name,
      (...args: unknown[]) => this.#when(() => (run as (...args: unknown[]) => void)(...args)),
    ])
    const by = this.#pid === 0 ? {} : { by: this.#pid }
    this.#start.system.request({ ...request, ...by }, Object.fromEntries(held) as typeof watch)
  }
}
