import { ArithmeticError } from '../language/arithmetic.ts'
import { expandAll, expandOne, reckon, type Surroundings } from '../language/expand.ts'
import { readLine } from '../language/read.ts'
import type { AndOr, Command, Script, SyntaxProblem, Word } from '../language/tree.ts'
import { Complaints } from './complaints.ts'
import type { Context, Launch, ShellContext } from './context.ts'
import { wait, type Flow } from './flow.ts'
import { Foreground } from './foreground.ts'
import { Jobs, type Job } from './jobs.ts'
import { Launcher } from './launcher.ts'
import { LoopEnd, ShellExit } from './leaving.ts'
import { Nesting } from './nesting.ts'
import { fileKey, HOME, namesFrom } from './paths.ts'
import { Pipelines } from './pipelines.ts'
import { redirected } from './redirects.ts'
import { Names, type ScriptFile } from './resolve-name.ts'
import { Collector, intoFile, NOTHING } from './streams.ts'
import { unwrap } from './wrappers.ts'

/** A loop's round costs so many virtual ms, so that one without end can be stopped. */
const ROUND = 1

/** Carries commands out, as bash does. */
export class Interpreter {
  readonly shell: ShellContext
  readonly #nesting = new Nesting()
  readonly #complaints: Complaints
  readonly #names: Names
  readonly #foreground: Foreground
  readonly #launcher: Launcher
  readonly #pipelines: Pipelines

  constructor(shell: ShellContext) {
    this.shell = shell
    this.#complaints = new Complaints(shell)
    this.#names = new Names(shell)
    this.#foreground = new Foreground(shell)
    const base = { shell, names: this.#names, complaints: this.#complaints, foreground: this.#foreground }
    this.#launcher = new Launcher({
      ...base,
      runWords: (words, context) => this.#run(words, {}, context, words.join(' ')),
      runScript: (script, context) => this.script(script, context),
    })
    this.#pipelines = new Pipelines({
      ...base,
      launcher: this.#launcher,
      command: (command, context, source) => this.#command(command, context, source),
      andOr: (item, context) => this.#andOr(item, context),
      capture: (script, context) => this.#capture(script, context),
    })
  }

  /** The names that can be typed. */
  get commands(): readonly string[] {
    return this.#names.commands
  }

  /** Prints why a line cannot be parsed. Returns the exit code. */
  refuse(problem: SyntaxProblem, context: Context): number {
    return this.#complaints.refuse(problem, context)
  }

  /** A line at the prompt. */
  *line(script: Script, context: Context): Flow<void> {
    this.#foreground.stopSeen = false
    yield* this.script(script, context)
  }

  *script(script: Script, context: Context): Flow<number> {
    for (const item of script) {
      if (item.background) yield* this.#pipelines.background(item, context)
      else yield* this.#andOr(item, context)
    }
    return context.scope.status
  }

  /** Runs words in the process that the shell was given: a script is read there, a program becomes it. */
  *become(words: readonly string[], context: Context): Flow<number> {
    const resolved = this.#names.resolve(words, false, context)
    if (resolved.kind === 'script') return yield* this.#inThisShell(resolved.script, context)
    const { ownProcess: process } = this.shell
    const env = context.scope.environment()
    const launch = { words, env, context, source: words.join(' ') }
    return resolved.kind === 'program' && process !== undefined
      ? yield* this.#launcher.program(resolved.program, resolved.args, { ...launch, process })
      : yield* this.#run(words, {}, context, launch.source)
  }

  /** A script whose commands are children of this very process. */
  *#inThisShell({ name, text, args }: ScriptFile, context: Context): Flow<number> {
    const scope = context.scope.inner([name, ...args])
    return yield* this.eval(text, { ...context, scope, speaker: `${name}: ` })
  }

  /** Commands in a text, in this shell. */
  *eval(text: string, context: Context): Flow<number> {
    const read = readLine(text)
    if ('problem' in read) return this.refuse(read, context)
    return yield* this.#nesting.within(context, () => this.script(read.script, context))
  }

  /** `fg`: a job gets the terminal and goes on. */
  bring(job: Job, context: Context, begin: () => void): Flow<number> {
    return this.#foreground.bring(job, context, begin)
  }

  *#andOr(item: AndOr, context: Context): Flow<number> {
    const { scope } = context
    for (const { after, pipeline } of item.links) {
      if (after === '&&' && scope.status !== 0) continue
      if (after === '||' && scope.status === 0) continue
      const code = yield* this.#pipelines.run(pipeline, context)
      scope.status = pipeline.negated ? (code === 0 ? 1 : 0) : code
      const isLast = pipeline === item.links.at(-1)?.pipeline
      if (code !== 0 && isLast && !pipeline.negated && scope.stopsAtFailure && context.tested !== true)
        throw new ShellExit(code)
    }
    return scope.status
  }

  *#command(command: Command, outer: Context, source: string): Flow<number> {
    if (command.kind === 'simple') return yield* this.#simple(command, outer, source)
    const context = yield* this.#redirected(command, outer)
    if (context === undefined) return 1
    return yield* this.#nesting.within(context, () => this.#compound(command, context))
  }

  // Groups, loops, conditions

  *#compound(command: Exclude<Command, { kind: 'simple' }>, context: Context): Flow<number> {
    try {
      return yield* this.#carryOut(command, context)
    } catch (error) {
      if (error instanceof ArithmeticError) return this.#complaints.mistake(error, context)
      throw error
    }
  }

  *#carryOut(command: Exclude<Command, { kind: 'simple' }>, context: Context): Flow<number> {
    const { scope } = context
    switch (command.kind) {
      case 'group':
        return command.own
          ? yield* this.#parenthesised(command.source, command.body, context)
          : yield* this.script(command.body, context)
      case 'for': {
        const words = yield* this.#expandAll(command.words, context)
        if (words === undefined) return 1
        return yield* this.#loop(context, command.body, () => {
          const word = words.shift()
          if (word === undefined) return false
          scope.set(command.name, word)
          return true
        })
      }
      case 'count': {
        const around = this.#around(context)
        yield* reckon(command.start, around)
        let first = true
        return yield* this.#loop(context, command.body, function* () {
          if (!first) yield* reckon(command.step, around)
          first = false
          return isBlank(command.test) || (yield* reckon(command.test, around)) !== 0
        })
      }
      case 'while': {
        const test = (): Flow<number> => this.script(command.test, { ...context, tested: true })
        return yield* this.#loop(context, command.body, function* () {
          return ((yield* test()) === 0) !== command.until
        })
      }
      case 'if': {
        for (const { test, body } of command.branches) {
          if ((yield* this.script(test, { ...context, tested: true })) === 0)
            return yield* this.script(body, context)
        }
        scope.status = 0
        return command.otherwise === undefined ? 0 : yield* this.script(command.otherwise, context)
      }
      case 'arithmetic':
        return (yield* reckon(command.expression, this.#around(context))) === 0 ? 1 : 0
    }
  }

  *#loop(context: Context, body: Script, next: () => Flow<boolean> | boolean): Flow<number> {
    const { scope } = context
    let status = 0
    let rounds = 0
    const isStopped = (): boolean => this.#foreground.stopSeen && context.job === undefined
    while (!isStopped() && (yield* this.#tryNext(next, context))) {
      if (rounds++ > 0) yield* this.#pause(ROUND)
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
      if (!(error instanceof ArithmeticError)) throw error
      this.#complaints.mistake(error, context)
      return false
    }
  }

  *#pause(ms: number): Flow<void> {
    yield* wait<undefined>((resume) => this.shell.system.after(ms, () => resume(undefined)))
  }

  *#parenthesised(source: string, body: Script, context: Context): Flow<number> {
    const inner: Context = { ...context, scope: context.scope.inner(), jobs: new Jobs() }
    const run = (own: Context): Flow<number> => this.script(body, own)
    return yield* this.#foreground.inJob(context, source, (job, done) =>
      this.#launcher.subshell(inner, job, source, run, done),
    )
  }

  // Words

  #around(context: Context): Surroundings {
    const { scope } = context
    return {
      get: (name) => scope.get(name),
      set: (name, value) => scope.set(name, value),
      capture: (script) => this.#capture(script, context),
      fileNames: () => namesFrom(this.shell.system, scope.cwd),
      home: HOME,
    }
  }

  /** What commands print. */
  *#capture(script: Script, context: Context): Flow<string> {
    const collector = new Collector()
    const inner: Context = { ...context, scope: context.scope.inner(), jobs: new Jobs(), stdout: collector }
    context.scope.status = yield* this.#nesting.within(context, () => this.#untilExit(script, inner))
    return collector.text.replace(/\n+$/, '')
  }

  /** Commands in a shell of their own, which `exit` ends. */
  *#untilExit(script: Script, context: Context): Flow<number> {
    try {
      return yield* this.script(script, context)
    } catch (error) {
      if (error instanceof ShellExit) return error.code
      throw error
    }
  }

  /** Words replaced; nothing after a mistake, of which has then been told. */
  *#expandAll(words: readonly Word[], context: Context): Flow<string[] | undefined> {
    try {
      return yield* expandAll(words, this.#around(context))
    } catch (error) {
      this.#complaints.mistake(error, context)
      return undefined
    }
  }

  #redirected({ redirects }: Command, context: Context): Flow<Context | undefined> {
    return redirected(redirects, context, this.shell, (words) => this.#expandAll(words, context))
  }

  // Simple commands

  *#simple(command: Command & { kind: 'simple' }, outer: Context, source: string): Flow<number> {
    const before = outer.scope.status
    const words = yield* this.#expandAll(command.words, outer)
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
      return this.#complaints.mistake(error, outer)
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
    const unwrapped = unwrap(typed, outer, this.shell.words)
    if ('text' in unwrapped) {
      outer.stderr.write(unwrapped.text, 0)
      if (unwrapped.note !== undefined) this.#complaints.note(unwrapped.note, outer.stderr)
      return unwrapped.code
    }
    const { words, message, intoNohup } = unwrapped
    if (message !== '') outer.stderr.write(message, 0)
    const sink = intoNohup
      ? intoFile(this.shell.system, fileKey(outer.scope.cwd, 'nohup.out'), true)
      : undefined
    const context: Context = {
      ...outer,
      ...(unwrapped.ignores.length > 0 ? { ignores: unwrapped.ignores } : {}),
      ...(sink === undefined ? {} : { stdout: sink, stdin: NOTHING }),
      ...(sink !== undefined && outer.stderr.terminal ? { stderr: sink } : {}),
    }
    const env = { ...context.scope.environment(), ...assigned, ...unwrapped.env }
    for (const name of unwrapped.unset) delete env[name]
    const code = yield* this.#launch({ words, env, context, source }, unwrapped.external)
    // `exec` replaces the shell with the program, so a job's shell ends with it. At the prompt a new shell takes its place.
    if (typed[0] === 'exec' && context.job !== undefined) throw new ShellExit(code)
    return code
  }

  /** Runs what the first word stands for. */
  *#launch(launch: Launch, external: boolean): Flow<number> {
    const { words, context, source } = launch
    const resolved = this.#names.resolve(words, external, context)
    switch (resolved.kind) {
      case 'flow': {
        const result = resolved.builtin(resolved.args, context, this)
        return typeof result === 'number' ? result : yield* result
      }
      case 'server':
        return yield* this.#launcher.server(resolved.program, resolved.args, launch)
      case 'program':
        return yield* this.#launcher.program(resolved.program, resolved.args, launch)
      case 'script':
        return yield* this.#runScript(resolved.script, context, source)
      case 'no-script':
        return this.#complaints.noScript(words[0] ?? '', resolved.path, context)
      case 'python':
        return this.#complaints.noPython(resolved.args, context)
      case 'machine':
        return (
          (yield* this.#launcher.machineProgram(launch)) ??
          this.#complaints.notFound(words[0] ?? '', context, this.commands)
        )
    }
  }

  *#runScript(script: ScriptFile, context: Context, source: string): Flow<number> {
    const inner: Context = {
      ...context,
      scope: context.scope.inner([script.name, ...script.args]),
      jobs: new Jobs(),
      speaker: `${script.name}: `,
    }
    return yield* this.#nesting.within(context, () => this.#readAndRun(script.text, inner, source))
  }

  *#readAndRun(text: string, context: Context, source: string): Flow<number> {
    const read = readLine(text)
    if ('problem' in read) return this.refuse(read, context)
    return yield* this.#parenthesised(source, read.script, context)
  }
}

function isBlank({ pieces }: Word): boolean {
  return pieces.every((piece) => piece.kind === 'text' && piece.text.trim() === '')
}
