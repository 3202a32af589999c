import type { System } from '../../machine/system.ts'
import { isSignalName, SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { Program as ServerName, Speaker } from '../../manager/settings.ts'
import { arithmetic, ArithmeticError } from '../language/arithmetic.ts'
import { expandAll, expandOne, ParameterError, type Surroundings } from '../language/expand.ts'
import { readLine } from '../language/read.ts'
import type { AndOr, Command, Pipeline, Script, SyntaxProblem } from '../language/tree.ts'
import type { Child, Command as Line, Inside, Program } from '../program.ts'
import { PROGRAMS } from '../programs/index.ts'
import { isServer, launchServer } from '../programs/servers.ts'
import { nearest } from '../suggest.ts'
import { fillIn, type ShellWords } from '../words.ts'
import { wrap } from '../wrap.ts'
import { FLOW_BUILTINS, type FlowBuiltin } from './builtins.ts'
import { drive, wait, type Driven, type Flow } from './flow.ts'
import { DEATHS, Job, Jobs, type Rest } from './jobs.ts'
import { Interrupted, LoopEnd, ShellExit } from './leaving.ts'
import { fileKey, HOME, isFolder, namesFrom, resolve } from './paths.ts'
import { restOf, startProgram } from './process.ts'
import type { Scope } from './scope.ts'
import { Collector, given, intoFile, NOTHING, NOWHERE, Pipe, type Sink, type Source } from './streams.ts'
import type { Keyboard } from './tty.ts'
import { unwrap } from './wrappers.ts'

/** What an executor works with; the shell's own. */
export interface Ground {
  readonly system: System
  readonly terminal: string
  readonly words: ShellWords
  readonly keyboard: Keyboard
  readonly colors: boolean
  readonly columns: number
  readonly rows: number
  readonly history: readonly string[]
  readonly installed: (program: ServerName) => Speaker | undefined
  /** A job gets the terminal, or the shell does again (nothing). */
  readonly front: (job: Job | undefined) => void
}

/** Where commands run: whose variables, whose streams, in whose job. */
export interface Context {
  readonly scope: Scope
  readonly jobs: Jobs
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  /** The job that its processes belong to; at the prompt each pipe is a job of its own. */
  readonly job: Job | undefined
  /** The process whose children they are. */
  readonly parent: number
  readonly ignores?: readonly SignalName[]
  /** `bash: ` at the prompt, `run.sh: line 3: ` in a script. */
  readonly speaker: string
}

/** A loop's round costs so many virtual ms, so that one without end can be stopped. */
const ROUND = 1
/** Scripts inside scripts inside scripts. */
const DEEPEST = 40

/** Carries commands out. */
export class Executor {
  readonly #ground: Ground
  /** Something was stopped by Ctrl+Z: loops do not go on. */
  #stopSeen = false
  #depth = 0

  constructor(ground: Ground) {
    this.#ground = ground
  }

  get ground(): Ground {
    return this.#ground
  }

  /** A line at the prompt. */
  *line(script: Script, context: Context): Flow<void> {
    this.#stopSeen = false
    yield* this.script(script, context)
  }

  *script(script: Script, context: Context): Flow<number> {
    for (const item of script) {
      if (item.background) this.#background(item, context)
      else yield* this.#andOr(item, context)
    }
    return context.scope.status
  }

  *#andOr(item: AndOr, context: Context): Flow<number> {
    const { scope } = context
    for (const { after, pipeline } of item.links) {
      if (after === '&&' && scope.status !== 0) continue
      if (after === '||' && scope.status === 0) continue
      const code = yield* this.#pipeline(pipeline, context)
      scope.status = pipeline.negated ? (code === 0 ? 1 : 0) : code
    }
    return scope.status
  }

  *#pipeline(pipeline: Pipeline, context: Context): Flow<number> {
    const { system } = this.#ground
    const from = system.now
    const [only] = pipeline.stages
    const code =
      only !== undefined && pipeline.stages.length === 1
        ? yield* this.command(only, context, pipeline.source)
        : yield* this.#piped(pipeline, context)
    if (pipeline.timed) {
      const [real, none] = [system.now - from, 0].map(minutes)
      context.stderr.write(`\nreal\t${real}\nuser\t${none}\nsys\t${none}\n`, 0)
    }
    return code
  }

  *#piped(pipeline: Pipeline, context: Context): Flow<number> {
    if (context.job !== undefined) {
      const job = context.job
      const rest = yield* wait<Rest>((resume) => this.#startStages(pipeline, context, job, resume))
      return this.#code(rest)
    }
    const job = new Job(pipeline.source)
    return yield* this.#inFront(job, context, () =>
      this.#startStages(pipeline, context, job, (rest) => job.end(rest)),
    )
  }

  /** Each stage is a flow of its own; `done` gets how the last one ended when all have. */
  #startStages(pipeline: Pipeline, context: Context, job: Job, done: (rest: Rest) => void): void {
    const { stages } = pipeline
    const pipes = stages.slice(1).map(() => new Pipe())
    let left = stages.length
    let last: Rest = { code: 0 }
    let interrupted = false
    for (const [index, stage] of stages.entries()) {
      const before = pipes[index - 1]
      const behind = pipes[index]
      const inner: Context = {
        ...context,
        scope: context.scope.inner(),
        job,
        stdin: before ?? context.stdin,
        stdout: behind ?? context.stdout,
      }
      this.#sub(this.command(stage, inner, stage.source), (rest) => {
        before?.leave()
        behind?.end()
        if (rest.signal === 'INT') interrupted = true
        if (index === stages.length - 1) last = rest
        left -= 1
        if (left === 0) done(interrupted ? { code: 130, signal: 'INT' } : last)
      })
    }
  }

  /** A flow beside the others: what would end the whole line ends only this. */
  #sub(flow: Flow<number>, done: (rest: Rest) => void): Driven {
    const guarded = function* (): Flow<Rest> {
      try {
        return { code: yield* flow }
      } catch (error) {
        if (error instanceof Interrupted) return { code: 130, signal: 'INT' }
        if (error instanceof ShellExit) return { code: error.code }
        if (error instanceof LoopEnd) return { code: 0 }
        throw error
      }
    }
    return drive(guarded(), done)
  }

  /** Starts a job that has the terminal, and waits for its end, or until it is stopped. */
  *#inFront(job: Job, context: Context, begin: () => void): Flow<number> {
    this.#ground.front(job)
    job.onGroup = () => this.#ground.front(job)
    const rest = yield* wait<Rest>((resume) => {
      job.watch(resume)
      begin()
    })
    return this.settle(job, rest, context)
  }

  /** A job that had the terminal rests: it ended, or Ctrl+Z stopped it. */
  settle(job: Job, rest: Rest, context: Context): number {
    this.#ground.front(undefined)
    if (rest.stopped === true) {
      this.#stopSeen = true
      context.jobs.add(job)
      context.stderr.write(`\n${context.jobs.line(job)}`, 0)
      return 148
    }
    if (job.number !== undefined) context.jobs.remove(job)
    const { signal } = rest
    if (signal !== undefined && signal !== 'INT' && signal !== 'PIPE')
      context.stderr.write(`${DEATHS[signal] ?? signal}\n`, 0)
    return this.#code(rest)
  }

  #code(rest: Rest): number {
    if (rest.signal === 'INT') throw new Interrupted()
    return rest.code
  }

  #background(item: AndOr, context: Context): void {
    const source = item.source
    const job = new Job(source)
    const { scope, jobs } = context
    const [link] = item.links
    const isPlain =
      item.links.length === 1 && link?.pipeline.stages.every((stage) => this.#hasProcess(stage)) === true
    const inner: Context = {
      ...context,
      scope: scope.inner(),
      jobs: new Jobs(),
      job: context.job ?? job,
      stdin: context.job === undefined ? context.stdin : NOTHING,
    }
    const ended = (rest: Rest): void => job.end(rest)
    let leader = 0
    if (isPlain && context.job === undefined) {
      this.#sub(this.#andOr({ ...item, background: false }, inner), (rest) =>
        ended(job.lastRest === undefined || item.links.length > 1 ? rest : job.lastRest),
      )
    } else {
      leader = this.#subshell(
        inner,
        job,
        source,
        (own) => this.#andOr({ ...item, background: false }, own),
        ended,
      )
    }
    const shown = isPlain && context.job === undefined ? job.last : leader
    scope.lastBackground = shown === 0 ? undefined : shown
    scope.status = 0
    jobs.add(job)
    if (context.job === undefined) context.stderr.write(`[${job.number}] ${shown}\n`, 0)
  }

  /** Whether a command is one program that will be a process. */
  #hasProcess(stage: Command): boolean {
    if (stage.kind !== 'simple') return false
    const [piece, ...more] = stage.words[0]?.pieces ?? []
    if (piece?.kind !== 'text' || more.length > 0) return false
    const name = piece.text
    if (FLOW_BUILTINS[name] !== undefined) return false
    return (
      this.isServer(name) || PROGRAMS.some((program) => program.name === name && program.builtin !== true)
    )
  }

  /** A shell inside the shell: a process whose children the commands are. */
  #subshell(
    context: Context,
    job: Job,
    command: string,
    body: (context: Context) => Flow<number>,
    done: (rest: Rest) => void,
  ): number {
    const { system, terminal } = this.#ground
    const own: { flow?: Driven } = {}
    let over = false
    const pid = system.begin(
      command,
      terminal,
      (status) => {
        if (over) return
        over = true
        own.flow?.abandon()
        job.left(pid)
        done(restOf(status))
      },
      {
        ppid: context.parent,
        ...(job.group === 0 ? {} : { group: job.group }),
        ...(context.ignores === undefined ? {} : { ignores: context.ignores }),
        onStop: () => job.halted(pid, true),
        onContinue: () => job.halted(pid, false),
      },
    )
    job.joined(pid)
    own.flow = this.#sub(body({ ...context, job, parent: pid }), (rest) => {
      if (over) return
      over = true
      job.left(pid)
      system.end(pid, rest.code)
      done(rest)
    })
    return pid
  }

  *command(command: Command, outer: Context, source: string): Flow<number> {
    if (command.kind === 'simple') return yield* this.#simple(command, outer, source)
    const context = yield* this.#redirected(command, outer)
    if (context === undefined) return 1
    if (++this.#depth > DEEPEST) this.#tooDeep(context)
    try {
      return yield* this.#compound(command, context)
    } catch (error) {
      if (error instanceof ArithmeticError) return this.#complain(error, context)
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  #tooDeep(context: Context): never {
    this.#depth = 0
    context.stderr.write(`${context.speaker}maximum nesting level exceeded (${DEEPEST})\n`, 0)
    throw new ShellExit(2)
  }

  *#compound(command: Exclude<Command, { kind: 'simple' }>, context: Context): Flow<number> {
    const { scope } = context
    switch (command.kind) {
      case 'group':
        return command.own
          ? yield* this.#parenthesised(command.source, command.body, context)
          : yield* this.script(command.body, context)
      case 'for': {
        const words = yield* this.#expandAll(command, command.words, context)
        if (words === undefined) return 1
        return yield* this.#loop(context, command.body, () => {
          const word = words.shift()
          if (word === undefined) return false
          scope.set(command.name, word)
          return true
        })
      }
      case 'count': {
        const numbers = this.#numbers(context)
        arithmetic(command.start, numbers)
        let first = true
        return yield* this.#loop(context, command.body, () => {
          if (!first) arithmetic(command.step, numbers)
          first = false
          return command.test.trim() === '' || arithmetic(command.test, numbers) !== 0
        })
      }
      case 'while': {
        const test = (): Flow<number> => this.script(command.test, context)
        return yield* this.#loop(context, command.body, function* () {
          return ((yield* test()) === 0) !== command.until
        })
      }
      case 'if': {
        for (const { test, body } of command.branches) {
          if ((yield* this.script(test, context)) === 0) return yield* this.script(body, context)
        }
        scope.status = 0
        return command.otherwise === undefined ? 0 : yield* this.script(command.otherwise, context)
      }
      case 'arithmetic':
        return arithmetic(command.text, this.#numbers(context)) === 0 ? 1 : 0
    }
  }

  #numbers({ scope }: Context): { get(name: string): string; set(name: string, value: string): void } {
    return { get: (name) => scope.get(name) ?? '', set: (name, value) => scope.set(name, value) }
  }

  *#loop(context: Context, body: Script, next: () => Flow<boolean> | boolean): Flow<number> {
    const { scope } = context
    let status = 0
    let rounds = 0
    const isStopped = (): boolean => this.#stopSeen && context.job === undefined
    while (!isStopped() && (yield* this.#tryNext(next, context))) {
      if (rounds++ > 0) yield* this.pause(ROUND)
      try {
        status = yield* this.script(body, context)
      } catch (error) {
        if (!(error instanceof LoopEnd)) throw error
        if (error.levels > 1) throw new LoopEnd(error.again, error.levels - 1)
        status = 0
        if (!error.again) break
      }
    }
    scope.status = status
    return status
  }

  *#tryNext(next: () => Flow<boolean> | boolean, context: Context): Flow<boolean> {
    try {
      const result = next()
      return typeof result === 'boolean' ? result : yield* result
    } catch (error) {
      if (error instanceof ArithmeticError) {
        this.#complain(error, context)
        return false
      }
      throw error
    }
  }

  *pause(ms: number): Flow<void> {
    yield* wait<undefined>((resume) => this.#ground.system.after(ms, () => resume(undefined)))
  }

  *#parenthesised(source: string, body: Script, context: Context): Flow<number> {
    const inner: Context = { ...context, scope: context.scope.inner(), jobs: new Jobs() }
    const run = (own: Context): Flow<number> => this.script(body, own)
    const { job } = context
    if (job !== undefined) {
      const rest = yield* wait<Rest>((resume) => void this.#subshell(inner, job, source, run, resume))
      return this.#code(rest)
    }
    const own = new Job(source)
    return yield* this.#inFront(
      own,
      context,
      () => void this.#subshell(inner, own, source, run, (rest) => own.end(rest)),
    )
  }

  /** The streams of a command after its redirections; nothing when one of them cannot be. */
  *#redirected(command: Command, context: Context): Flow<Context | undefined> {
    const { system } = this.#ground
    let { stdin, stdout, stderr } = context
    for (const { stream, operator, to } of command.redirects) {
      const words = yield* this.#expandAll(command, [to], context)
      if (words === undefined) return undefined
      const [path, ...more] = words
      if (operator === '<<<' || operator === '<<') {
        stdin = given(words.join(' ') + (operator === '<<' ? '' : '\n'))
        continue
      }
      if (path === undefined || more.length > 0 || path === '') {
        const typed = to.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
        context.stderr.write(
          `${context.speaker}${typed === '' ? (path ?? '') : typed}: ambiguous redirect\n`,
          0,
        )
        return undefined
      }
      if (operator === '>&' && /^[12]$/.test(path)) {
        const sink = path === '1' ? stdout : stderr
        if (stream === 2) stderr = sink
        else stdout = sink
        continue
      }
      const key = fileKey(context.scope.cwd, path)
      if (operator === '<') {
        const text = key === '/dev/null' ? '' : system.readFile(key)
        if (text === undefined) {
          const why = isFolder(system, resolve(context.scope.cwd, path))
            ? 'Is a directory'
            : 'No such file or directory'
          context.stderr.write(`${context.speaker}${path}: ${why}\n`, 0)
          return undefined
        }
        stdin = given(text)
        continue
      }
      const sink = this.#file(key, path, operator === '>>', context)
      if (sink === undefined) return undefined
      if (stream !== 2) stdout = sink
      if (stream === 2 || stream === 'both' || operator === '>&') stderr = sink
    }
    return { ...context, stdin, stdout, stderr }
  }

  #file(key: string, path: string, append: boolean, context: Context): Sink | undefined {
    const { system } = this.#ground
    if (key === '/dev/null') return NOWHERE
    if (key === '/dev/tty' || key === '/dev/stdout') return context.stdout
    if (key === '/dev/stderr') return context.stderr
    const full = resolve(context.scope.cwd, path)
    const folder = full.slice(0, full.lastIndexOf('/')) || '/'
    const problem = isFolder(system, full)
      ? 'Is a directory'
      : !isFolder(system, folder)
        ? 'No such file or directory'
        : undefined
    if (problem === undefined) return intoFile(system, key, append)
    context.stderr.write(`${context.speaker}${path}: ${problem}\n`, 0)
    return undefined
  }

  #around(context: Context): Surroundings {
    const { scope } = context
    return {
      get: (name) => scope.get(name),
      set: (name, value) => scope.set(name, value),
      capture: (script) => this.#capture(script, context),
      fileNames: () => namesFrom(this.#ground.system, scope.cwd),
      home: HOME,
    }
  }

  *#capture(script: Script, context: Context): Flow<string> {
    const collector = new Collector()
    const inner: Context = { ...context, scope: context.scope.inner(), jobs: new Jobs(), stdout: collector }
    if (++this.#depth > DEEPEST) this.#tooDeep(context)
    try {
      context.scope.status = yield* this.script(script, inner)
    } catch (error) {
      if (!(error instanceof ShellExit)) throw error
      context.scope.status = error.code
    } finally {
      this.#depth -= 1
    }
    return collector.text.replace(/\n+$/, '')
  }

  /** Words replaced; nothing after a mistake, of which has then been told. */
  *#expandAll(
    _command: Command,
    words: Parameters<typeof expandAll>[0],
    context: Context,
  ): Flow<string[] | undefined> {
    try {
      return yield* expandAll(words, this.#around(context))
    } catch (error) {
      this.#complain(error, context)
      return undefined
    }
  }

  #complain(error: unknown, context: Context): number {
    if (!(error instanceof ArithmeticError) && !(error instanceof ParameterError)) throw error
    context.stderr.write(`${context.speaker}${error.message}\n`, 0)
    return 1
  }

  *#simple(command: Command & { kind: 'simple' }, outer: Context, source: string): Flow<number> {
    const before = outer.scope.status
    const words = yield* this.#expandAll(command, command.words, outer)
    if (words === undefined) return 1
    const context = yield* this.#redirected(command, outer)
    if (context === undefined) return 1
    const assigned: Record<string, string> = {}
    outer.scope.status = words.length === 0 ? 0 : before
    try {
      for (const { name, value } of command.assignments) {
        const text = yield* expandOne(value, this.#around(outer))
        if (words.length === 0) outer.scope.set(name, text)
        else assigned[name] = text
      }
    } catch (error) {
      return this.#complain(error, outer)
    }
    return words.length === 0 ? outer.scope.status : yield* this.#run(words, assigned, context, source)
  }

  /** Runs a command whose words are known. */
  *#run(
    typed: readonly string[],
    assigned: Readonly<Record<string, string>>,
    outer: Context,
    source: string,
  ): Flow<number> {
    const unwrapped = unwrap(typed, outer, this.#ground.words)
    if ('text' in unwrapped) {
      outer.stderr.write(unwrapped.text, 0)
      if (unwrapped.note !== undefined) this.note(unwrapped.note, outer.stderr)
      return unwrapped.code
    }
    const { words, message, intoNohup } = unwrapped
    if (message !== '') outer.stderr.write(message, 0)
    const sink = intoNohup
      ? intoFile(this.#ground.system, fileKey(outer.scope.cwd, 'nohup.out'), true)
      : undefined
    const context: Context = {
      ...outer,
      ...(unwrapped.ignores.length > 0 ? { ignores: unwrapped.ignores } : {}),
      ...(sink === undefined ? {} : { stdout: sink, stdin: NOTHING }),
      ...(sink !== undefined && outer.stderr.terminal ? { stderr: sink } : {}),
    }
    const env = { ...context.scope.environment(), ...assigned, ...unwrapped.env }
    for (const name of unwrapped.unset) delete env[name]
    const [name = '', ...args] = words
    const builtin = unwrapped.external ? undefined : FLOW_BUILTINS[name]
    if (builtin !== undefined) return yield* this.#builtin(builtin, args, context)
    const server = serverWords(words)
    if (server !== undefined && this.#ground.installed(server[0]) !== undefined)
      return yield* this.#server(server, env, context, words.join(' '), source)
    const program = this.#find(name, unwrapped.external)
    if (program !== undefined)
      return yield* this.#program(program, args, env, context, words.join(' '), source)
    const script = this.#scriptOf(words, context)
    if (script !== undefined) return yield* this.#runScript(script, context, source)
    if (/^python3?$/.test(name) && !args.some((arg) => /(^|\/)migrate\.py$/.test(arg)))
      return this.#python(args, context)
    return (yield* this.#machineProgram(words, env, context, source)) ?? this.#notFound(name, context)
  }

  /** What else of Python one would run: it is not on this machine. */
  #python([option]: readonly string[], { stdout, stderr }: Context): number {
    if (option === '--version' || option === '-V') {
      stdout.write('Python 3.11.2\n', 0)
      return 0
    }
    this.note(this.#ground.words.pythonNotHere, stderr)
    return 1
  }

  *#builtin(builtin: FlowBuiltin, args: readonly string[], context: Context): Flow<number> {
    const result = builtin(args, context, this)
    return typeof result === 'number' ? result : yield* result
  }

  /** A program that the machine runs without us, `python migrate.py`; nothing when there is none of that name. */
  *#machineProgram(
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    context: Context,
    source: string,
  ): Flow<number | undefined> {
    const found = (job: Job, done: (rest: Rest) => void): boolean =>
      this.#exec(words, env, context, job, done)
    const { job } = context
    let there = true
    if (job !== undefined) {
      const rest = yield* wait<Rest>((resume) => {
        there = found(job, resume)
        if (!there) resume({ code: 127 })
      })
      return there ? this.#code(rest) : undefined
    }
    const own = new Job(source)
    const code = yield* this.#inFront(own, context, () => {
      there = found(own, (rest) => own.end(rest))
      if (!there) own.end({ code: 127 })
    })
    return there ? code : undefined
  }

  #exec(
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    context: Context,
    job: Job,
    done: (rest: Rest) => void,
  ): boolean {
    const { system, terminal } = this.#ground
    const { stdout, stderr, parent, ignores } = context
    let pid = 0
    const started = system.exec({
      argv,
      env,
      terminal,
      streams: {
        ...(stdout.terminal ? {} : { stdout: (text: string) => void stdout.write(text, 0) }),
        ...(stderr.terminal ? {} : { stderr: (text: string) => void stderr.write(text, 0) }),
      },
      ppid: parent,
      ...(job.group === 0 ? {} : { group: job.group }),
      ...(ignores === undefined ? {} : { ignores }),
      onStop: () => job.halted(pid, true),
      onContinue: () => job.halted(pid, false),
      onEnd: (status) => {
        job.left(pid)
        job.lastRest = restOf(status)
        done(job.lastRest)
      },
    })
    if (started === 'not-found') return false
    pid = started
    job.joined(pid)
    return true
  }

  isServer(name: string): name is ServerName {
    return isServer(name) && this.#ground.installed(name) !== undefined
  }

  #find(name: string, external: boolean): Program | undefined {
    const base = name.replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, '')
    return PROGRAMS.find(
      (each) => each.name === base && !(external && each.builtin === true && each.name !== 'echo'),
    )
  }

  *#program(
    program: Program,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    context: Context,
    command: string,
    source: string,
  ): Flow<number> {
    const start = (job: Job, done: (rest: Rest) => void): void => {
      this.start(program, args, env, context, command, job, (rest) => {
        job.lastRest = rest
        done(rest)
      })
    }
    const { job } = context
    if (job !== undefined || program.builtin === true) {
      const rest = yield* wait<Rest>((resume) => start(job ?? new Job(source), resume))
      if (rest.exit !== undefined) throw new ShellExit(rest.exit)
      // The shell itself wrote where nobody reads any more.
      if (program.builtin === true && rest.signal === 'PIPE') throw new ShellExit(rest.code)
      return this.#code(rest)
    }
    const own = new Job(source)
    return yield* this.#inFront(own, context, () => start(own, (rest) => own.end(rest)))
  }

  /** Starts a program for a job. */
  start(
    program: Program,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    context: Context,
    command: string,
    job: Job,
    onEnd: (rest: Rest) => void,
  ): void {
    const ground = this.#ground
    const { system, terminal, words, colors, history, keyboard } = ground
    let leave: number | undefined
    const inside: Inside = {
      scope: context.scope,
      jobs: context.jobs,
      keyboard,
      commands: this.commands,
      isServer: (name) => this.isServer(name),
      leave: (code) => {
        leave = code
      },
    }
    startProgram(program, {
      system,
      words,
      terminal,
      args,
      source: command,
      env,
      // As they are when the program asks.
      get columns() {
        return ground.columns
      },
      get rows() {
        return ground.rows
      },
      colors,
      history,
      programs: PROGRAMS,
      shell: inside,
      stdin: context.stdin,
      stdout: context.stdout,
      stderr: context.stderr,
      job,
      parent: context.parent,
      ...(context.ignores === undefined ? {} : { ignores: context.ignores }),
      onEnd: (rest) => onEnd(leave === undefined ? rest : { ...rest, exit: leave }),
      execute: (line, { pid }, out, done) =>
        this.#child(line, { ...context, stdout: out, job, parent: pid }, done),
      note: (text, sink) => this.note(text, sink),
    })
  }

  /** Runs a line for a program: `watch`, `xargs`, `timeout`. */
  #child(line: Line, outer: Context, done: (code: number) => void): Child {
    const scope = outer.scope.inner()
    const job = outer.job ?? new Job('')
    const before = new Set(job.living.keys())
    const context: Context = { ...outer, scope, jobs: new Jobs(), job }
    const { system } = this.#ground
    let flow: Flow<number>
    if ('words' in line) {
      flow = this.#run(line.words, {}, context, line.words.join(' '))
    } else {
      const read = readLine(line.line)
      if ('problem' in read) {
        this.refuse(read, context)
        done(2)
        return { signal: () => undefined }
      }
      flow = this.script(read.script, context)
    }
    this.#sub(flow, ({ code }) => done(code))
    return {
      signal: (signal) => {
        for (const pid of [...job.living.keys()]) if (!before.has(pid)) system.signal(pid, signal)
      },
    }
  }

  *#server(
    [name, args]: readonly [ServerName, readonly string[]],
    env: Readonly<Record<string, string>>,
    context: Context,
    command: string,
    source: string,
  ): Flow<number> {
    const { job } = context
    if (job !== undefined) {
      const rest = yield* wait<Rest>((resume) => this.#launch(name, args, env, context, command, job, resume))
      return this.#code(rest)
    }
    const own = new Job(source)
    own.isServer = true
    return yield* this.#inFront(own, context, () =>
      this.#launch(name, args, env, context, command, own, (rest) => own.end(rest)),
    )
  }

  #launch(
    program: ServerName,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    context: Context,
    command: string,
    job: Job,
    done: (rest: Rest) => void,
  ): void {
    const speaks = this.#ground.installed(program)
    if (speaks === undefined) return done({ code: 127 })
    const { stdout, stderr } = context
    let ended = false
    let pid = 0
    const started = launchServer(this.#ground, {
      speaks,
      args,
      command,
      env,
      stdout,
      stderr,
      place: {
        ppid: context.parent,
        ...(job.group === 0 ? {} : { group: job.group }),
        ...(context.ignores === undefined ? {} : { ignores: context.ignores }),
        onStop: () => job.halted(pid, true),
        onContinue: () => job.halted(pid, false),
      },
      onEnd: (rest) => {
        ended = true
        job.left(pid)
        job.lastRest = rest
        done(rest)
      },
    })
    if (started === undefined || ended) return
    pid = started
    job.joined(pid)
    job.isServer = true
  }

  /** `bash FILE`, `sh -c '…'`, `./FILE`: a text of ours that is run. */
  #scriptOf(
    words: readonly string[],
    { scope }: Context,
  ): { name: string; text: string; args: string[] } | undefined {
    const [name = '', ...args] = words
    const { system } = this.#ground
    const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba)?sh$/.test(name)
    if (isShell && args[0] === '-c')
      return { name: args[2] ?? 'bash', text: args[1] ?? '', args: args.slice(3) }
    const path = isShell ? args.find((arg) => !arg.startsWith('-')) : name.includes('/') ? name : undefined
    const text = path === undefined ? undefined : system.readFile(fileKey(scope.cwd, path))
    if (path === undefined || text === undefined) return undefined
    if (!isShell && !text.startsWith('#!')) return undefined
    return { name: path, text, args: isShell ? args.slice(args.indexOf(path) + 1) : args }
  }

  *#runScript(
    script: { name: string; text: string; args: string[] },
    context: Context,
    source: string,
  ): Flow<number> {
    if (++this.#depth > DEEPEST) this.#tooDeep(context)
    const read = readLine(script.text)
    const inner: Context = {
      ...context,
      scope: context.scope.inner([script.name, ...script.args]),
      jobs: new Jobs(),
      speaker: `${script.name}: `,
    }
    try {
      if ('problem' in read) return this.refuse(read, inner)
      return yield* this.#parenthesised(source, read.script, inner)
    } finally {
      this.#depth -= 1
    }
  }

  *eval(text: string, context: Context): Flow<number> {
    const read = readLine(text)
    if ('problem' in read) return this.refuse(read, context)
    if (++this.#depth > DEEPEST) this.#tooDeep(context)
    try {
      return yield* this.script(read.script, context)
    } finally {
      this.#depth -= 1
    }
  }

  #notFound(name: string, context: Context): number {
    const { words, system } = this.#ground
    const { stderr, speaker, scope } = context
    if (name.includes('/')) {
      const key = fileKey(scope.cwd, name)
      const isThere = system.readFile(key) !== undefined
      const folder = isFolder(system, resolve(scope.cwd, name))
      stderr.write(
        `${speaker}${name}: ${folder ? 'Is a directory' : isThere ? 'Permission denied' : 'No such file or directory'}\n`,
        0,
      )
      if (!isThere && !folder) this.note(words.seeHelp, stderr)
      return isThere || folder ? 126 : 127
    }
    stderr.write(`${speaker}${name}: command not found\n`, 0)
    if (isServer(name)) this.note(fillIn(words.notInstalled, { program: name }), stderr)
    else {
      const suggestion = nearest(name, this.commands)
      this.note(suggestion === undefined ? words.seeHelp : fillIn(words.didYouMean, { suggestion }), stderr)
    }
    return 127
  }

  /** Tells why a line cannot be read, in bash's words, or in ours where bash could. */
  refuse(problem: SyntaxProblem, { stderr, speaker }: Context): number {
    const { token } = problem
    switch (problem.problem) {
      case 'incomplete':
        stderr.write(
          /^['"`]$/.test(token)
            ? `${speaker}unexpected EOF while looking for matching \`${token}'\n`
            : `${speaker}syntax error: unexpected end of file\n`,
          0,
        )
        break
      case 'unexpected':
        stderr.write(`${speaker}syntax error near unexpected token \`${token}'\n`, 0)
        break
      case 'unsupported':
        this.note(fillIn(this.#ground.words.notInThisShell, { what: token }), stderr)
    }
    return 2
  }

  /** Our own words stand behind a `#`, in a quieter colour, so that nobody takes them for a program's. */
  note(text: string, sink: Sink): void {
    const { colors, columns } = this.#ground
    for (const line of wrap(text, columns - 2)) {
      sink.write(colors && sink.terminal ? `\x1b[90m# ${line}\x1b[0m\n` : `# ${line}\n`, 0)
    }
  }

  /** The names that can be typed. */
  get commands(): readonly string[] {
    const servers = (['uvicorn', 'gunicorn', 'fastapi'] as const).filter((name) => this.isServer(name))
    return [
      ...new Set([...PROGRAMS.map(({ name }) => name), ...Object.keys(FLOW_BUILTINS), ...WORDS, ...servers]),
    ].toSorted()
  }
}

/** What can stand at the beginning of a command beside programs. */
const WORDS = ['for', 'while', 'if', 'time', 'nohup', 'sudo', 'env', 'bash', 'python']

/** `uvicorn …`, `python -m uvicorn …`, with or without the path of the program. */
function serverWords(words: readonly string[]): readonly [ServerName, readonly string[]] | undefined {
  const [first = '', ...args] = words
  const name = first.replace(/^.*\/bin\//, '')
  if (isServer(name)) return [name, args]
  const [flag, module = '', ...rest] = args
  if (/^python3?$/.test(name) && flag === '-m' && isServer(module)) return [module, rest]
  return undefined
}

/** bash's `time`: `0m1.005s`. */
function minutes(ms: number): string {
  const seconds = Math.floor(ms) / 1000
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`
}

/** The signal that a word stands for, when the machine has it. */
export function signalOf(name: string): SignalName | undefined {
  if (isSignalName(name)) return name
  return (Object.keys(SIGNAL_NUMBERS) as SignalName[]).find((each) => String(SIGNAL_NUMBERS[each]) === name)
}
