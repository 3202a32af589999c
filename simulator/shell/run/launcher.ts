import { LONGEST_ARGUMENT, LONGEST_TEXT } from '../../machine/limits.ts'
import type { ProgramName as ServerName } from '../../manager/settings.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import { readLine } from '../language/read.ts'
import type { Script } from '../language/tree.ts'
import type { ChildCommand, CommandInput as Line, ShellInternals, ShellProgram } from '../program.ts'
import { PROGRAMS } from '../programs/index.ts'
import { launchServer } from '../programs/servers.ts'
import type { Complaints } from './complaints.ts'
import { processOptionsOf, type ExecutionContext, type CommandLaunch, type ShellContext } from './context.ts'
import { wait, type RunningFlow, type Flow } from './flow.ts'
import { runBeside, exitCodeOf, type Foreground } from './foreground.ts'
import { forkable } from './forks.ts'
import { Job, Jobs, type JobResult } from './jobs.ts'
import { ShellExit } from './leaving.ts'
import { resultOf, startProgram } from './process.ts'
import type { NameResolver } from './name-resolver.ts'
import { redirectedStreams } from './streams.ts'

/** What the launcher needs: parts of the shell, and methods of the interpreter. */
interface Dependencies {
  readonly shell: ShellContext
  readonly names: NameResolver
  readonly complaints: Complaints
  readonly foreground: Foreground
  /** Runs words, or a script, for a program that runs commands (`xargs`, `watch`). */
  readonly runWords: (words: readonly string[], context: ExecutionContext) => Flow<number>
  readonly runScript: (script: Script, context: ExecutionContext) => Flow<number>
  /** Runs a shell's commands, and then its exit trap. */
  readonly toItsEnd: (run: Flow<number>, context: ExecutionContext) => Flow<number>
  readonly atExit: (code: number, context: ExecutionContext) => Flow<number>
}

/** Starts commands as processes of the machine. */
export class Launcher {
  readonly #parts: Dependencies

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  /** Runs a program of the shell. A builtin has no process. */
  *program(program: ShellProgram, args: readonly string[], launch: CommandLaunch): Flow<number> {
    const { context, source } = launch
    const start = (job: Job, done: (result: JobResult) => void): void =>
      this.#start(program, args, launch, job, (result) => {
        job.lastResult = result
        done(result)
      })
    if (program.builtin !== true) {
      if (isTooLong(launch)) return tooLong(launch)
      yield* forkable(this.#parts.shell.system, context)
      return yield* this.#parts.foreground.inJob(context, source, start)
    }
    const result = yield* wait<JobResult>((resume) => start(context.job ?? new Job(source), resume))
    if (result.exit !== undefined) throw new ShellExit(result.exit)
    // The shell itself got SIGPIPE.
    if (result.signal === 'PIPE') throw new ShellExit(result.code)
    return exitCodeOf(result)
  }

  #start(
    program: ShellProgram,
    args: readonly string[],
    { words: typed, env, context, process }: CommandLaunch,
    job: Job,
    onEnd: (result: JobResult) => void,
  ): void {
    const { shell, names, complaints } = this.#parts
    const { system, terminal, words, colors, history, keyboard } = shell
    let leave: number | undefined
    const inside: ShellInternals = {
      scope: context.scope,
      jobs: context.jobs,
      keyboard,
      commands: names.commands,
      isServer: (name) => names.isServer(name),
      leave: (code) => {
        leave = code
      },
    }
    startProgram(program, {
      system,
      words,
      terminal,
      args,
      source: typed.join(' '),
      env,
      // Getters: the terminal may be resized while the program runs.
      get columns() {
        return shell.columns
      },
      get rows() {
        return shell.rows
      },
      colors,
      history,
      programs: PROGRAMS,
      shell: inside,
      speaker: context.speaker,
      stdin: context.stdin,
      stdout: context.stdout,
      stderr: context.stderr,
      job,
      parent: context.parent,
      ...(process === undefined ? {} : { process }),
      ...(context.ignores === undefined ? {} : { ignores: context.ignores }),
      ...(context.user === undefined ? {} : { user: context.user }),
      onEnd: (result) => onEnd(leave === undefined ? result : { ...result, exit: leave }),
      execute: (line, { pid }, out, done) =>
        this.#child(line, { ...context, stdout: out, job, parent: pid }, done),
      note: (text, sink) => complaints.note(text, sink),
    })
  }

  /** Runs a line for a program: `watch`, `xargs`, `timeout`. */
  #child(line: Line, outer: ExecutionContext, done: (code: number) => void): ChildCommand {
    const { shell, complaints, runScript, runWords } = this.#parts
    const job = outer.job ?? new Job('')
    const before = new Set(job.living.keys())
    const context: ExecutionContext = { ...outer, scope: outer.scope.inner(), jobs: new Jobs(), job }
    let flow: Flow<number>
    if ('words' in line) {
      flow = runWords(line.words, context)
    } else {
      const read = readLine(line.line)
      if ('problem' in read) {
        complaints.refuse(read, context)
        done(2)
        return { signal: () => undefined }
      }
      flow = runScript(read.script, context)
    }
    runBeside(flow, ({ code }) => done(code))
    return {
      signal: (signal) => {
        for (const pid of [...job.living.keys()]) if (!before.has(pid)) shell.system.signal(pid, signal)
      },
    }
  }

  /** Starts uvicorn, gunicorn or fastapi. */
  *server(program: ServerName, args: readonly string[], launch: CommandLaunch): Flow<number> {
    const { context, source } = launch
    // Without a terminal the machine parses the command line itself.
    if (this.#parts.shell.ownProcess !== undefined)
      return (yield* this.machineProgram({ ...launch, words: [program, ...args] })) ?? 127
    if (isTooLong(launch)) return tooLong(launch)
    yield* forkable(this.#parts.shell.system, context)
    return yield* this.#parts.foreground.inJob(context, source, (job, done) => {
      if (context.job === undefined) job.isServer = true
      this.#launch(program, args, launch, job, done)
    })
  }

  #launch(
    program: ServerName,
    args: readonly string[],
    { words, env, context }: CommandLaunch,
    job: Job,
    done: (result: JobResult) => void,
  ): void {
    const { shell } = this.#parts
    const speaks = shell.installed(program)
    if (speaks === undefined) return done({ code: 127 })
    const { stdout, stderr } = context
    let ended = false
    let pid = 0
    const started = launchServer(shell, {
      speaks,
      args,
      command: words.join(' '),
      env,
      stdout,
      stderr,
      place: {
        ...processOptionsOf(context, job),
        onStop: () => job.halted(pid, true),
        onContinue: () => job.halted(pid, false),
      },
      onEnd: (result) => {
        ended = true
        job.left(pid)
        job.lastResult = result
        done(result)
      },
    })
    if (started === undefined || ended) return
    pid = started
    job.joined(pid)
    job.isServer = true
  }

  /** Runs a program that the machine itself has, `python migrate.py`; `undefined` when there is none of that name. */
  *machineProgram(launch: CommandLaunch): Flow<number | undefined> {
    let there = true
    if (isTooLong(launch)) return tooLong(launch)
    yield* forkable(this.#parts.shell.system, launch.context)
    const code = yield* this.#parts.foreground.inJob(launch.context, launch.source, (job, done) => {
      there = this.#exec(launch, job, done)
      if (!there) done({ code: 127 })
    })
    return there ? code : undefined
  }

  #exec(
    { words, env, context, replaces }: CommandLaunch,
    job: Job,
    done: (result: JobResult) => void,
  ): boolean {
    const { system, terminal } = this.#parts.shell
    const { stdout, stderr } = context
    let pid = 0
    const started = system.exec({
      argv: words,
      env,
      ...(terminal === undefined ? {} : { terminal }),
      streams: redirectedStreams(stdout, stderr),
      ...processOptionsOf(context, job),
      onStop: () => job.halted(pid, true),
      onContinue: () => job.halted(pid, false),
      onEnd: (status) => {
        job.left(pid)
        job.lastResult = resultOf(status)
        done(job.lastResult)
      },
    })
    if (started === 'not-found') return false
    pid = started
    job.joined(pid)
    if (replaces === true) this.#standFor(pid, context)
    return true
  }

  /** After `exec` a container's first process is the program: the signals of the shell in whose place it stands are its own. */
  #standFor(program: number, { parent }: ExecutionContext): void {
    const { ownProcess, system } = this.#parts.shell
    if (ownProcess?.pid !== parent) return
    const isInContainer = system
      .processes()
      .some(({ pid, container }) => pid === parent && container !== undefined)
    if (!isInContainer) return
    ownProcess.hear({ onSignal: (signal) => system.signal(program, signal) === 'sent' })
  }

  /** Runs a subshell: a process whose children the commands are. */
  subshell(
    context: ExecutionContext,
    job: Job,
    command: string,
    body: (context: ExecutionContext) => Flow<number>,
    done: (result: JobResult) => void,
  ): void {
    const { system, terminal } = this.#parts.shell
    const own: { flow?: RunningFlow } = {}
    let over = false
    const { traps } = context.scope
    const end = (result: JobResult): void => {
      if (over) return
      over = true
      job.left(pid)
      system.end(pid, result.code)
      done(result)
    }
    /** A signal ends the shell, which first runs its exit trap. */
    const leave = (signal: SignalName): boolean => {
      if (!traps.actions.has('EXIT') || !['HUP', 'INT', 'TERM'].includes(signal)) return false
      own.flow?.abandon()
      const code = 128 + SIGNAL_NUMBERS[signal]
      own.flow = runBeside(this.#parts.atExit(code, context), () => end({ code, signal }))
      return true
    }
    const pid = system.begin(
      command,
      terminal,
      (status) => {
        if (over) return
        over = true
        own.flow?.abandon()
        job.left(pid)
        done(resultOf(status))
      },
      {
        ...processOptionsOf(context, job),
        onStop: () => job.halted(pid, true),
        onContinue: () => job.halted(pid, false),
        onSignal: (signal) => traps.caught(signal) || leave(signal),
      },
    )
    job.joined(pid)
    const inside = { ...context, job, parent: pid }
    own.flow = runBeside(this.#parts.toItsEnd(body(inside), inside), end)
  }
}

/** Whether a program cannot be given these words (`execve`: E2BIG). */
function isTooLong({ words }: CommandLaunch): boolean {
  let all = 0
  return words.some((word) => (all += word.length) > LONGEST_TEXT || word.length > LONGEST_ARGUMENT)
}

function tooLong({ words: [name = ''], context }: CommandLaunch): number {
  const path = name.includes('/') ? name : `/usr/bin/${name}`
  context.stderr.write(`${context.speaker}${path}: Argument list too long\n`, 0)
  return 126
}
