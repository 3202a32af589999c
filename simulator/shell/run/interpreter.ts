import { expandAll, expandOne, type ExpansionContext } from '../language/expand.ts'
import { asAssignment } from '../language/parts.ts'
import { readLine } from '../language/read.ts'
import type { AndOr, Command, Script, SyntaxProblem, Word } from '../language/tree.ts'
import { Complaints } from './complaints.ts'
import { Compounds } from './compounds.ts'
import type { ExecutionContext, CommandLaunch, ShellContext } from './context.ts'
import type { Flow } from './flow.ts'
import { Foreground } from './foreground.ts'
import { forkable } from './forks.ts'
import { Jobs, type Job } from './jobs.ts'
import { Launcher } from './launcher.ts'
import { Interrupted, Return, ShellExit } from './leaving.ts'
import { called, deeper } from './nesting.ts'
import { fileKey, HOME, namesFrom } from './paths.ts'
import { Pipelines } from './pipelines.ts'
import { redirected } from './redirects.ts'
import { NameResolver, type ScriptFile } from './name-resolver.ts'
import { Collector, fileSink, NOTHING } from './streams.ts'
import { unwrap } from './wrappers.ts'

/** Runs commands as bash does. */
export class Interpreter {
  readonly shell: ShellContext
  readonly #complaints: Complaints
  readonly #names: NameResolver
  readonly #foreground: Foreground
  readonly #launcher: Launcher
  readonly #pipelines: Pipelines
  readonly #compounds: Compounds

  constructor(shell: ShellContext) {
    this.shell = shell
    this.#complaints = new Complaints(shell)
    this.#names = new NameResolver(shell)
    this.#foreground = new Foreground(shell)
    const base = { shell, names: this.#names, complaints: this.#complaints, foreground: this.#foreground }
    this.#launcher = new Launcher({
      ...base,
      runWords: (words, context) => this.#run(words, {}, context, words.join(' ')),
      runScript: (script, context) => this.script(script, context),
      toItsEnd: (run, context) => this.#toItsEnd(run, context),
      atExit: (code, context) => this.atExit(code, context),
    })
    this.#pipelines = new Pipelines({
      ...base,
      launcher: this.#launcher,
      command: (command, context, source) => this.#command(command, context, source),
      andOr: (item, context) => this.#andOr(item, context),
      capture: (script, context) => this.#capture(script, context),
    })
    this.#compounds = new Compounds({
      ...base,
      script: (script, context) => this.script(script, context),
      around: (context) => this.#around(context),
      expandAll: (words, context) => this.#expandAll(words, context),
      parenthesised: (source, body, context) => this.#parenthesised(source, body, context),
    })
  }

  /** The names of commands that can be typed. */
  get commands(): readonly string[] {
    return this.#names.commands
  }

  /** Prints why a line cannot be parsed. Returns the exit code. */
  refuse(problem: SyntaxProblem, context: ExecutionContext): number {
    return this.#complaints.refuse(problem, context)
  }

  /** Runs a line of the prompt. */
  *line(script: Script, context: ExecutionContext): Flow<void> {
    this.#foreground.stopSeen = false
    yield* this.script(script, context)
  }

  *script(script: Script, context: ExecutionContext): Flow<number> {
    const { scope, file } = context
    for (const item of script) {
      const own = file === undefined ? context : { ...context, speaker: speakerOf(file, item.line) }
      try {
        if (item.background) yield* this.#pipelines.background(item, own)
        else yield* this.#andOr(item, own)
      } catch (error) {
        // Ctrl+C ended the command; the script continues when it has a trap for it.
        if (!(error instanceof Interrupted) || !scope.traps.actions.has('INT')) throw error
        scope.status = 130
      }
      yield* this.#trapped(own)
    }
    return scope.status
  }

  /** Runs the `trap` actions of pending signals. */
  *#trapped(context: ExecutionContext): Flow<void> {
    const { scope } = context
    const { pending, actions } = scope.traps
    for (let signal = pending.shift(); signal !== undefined; signal = pending.shift()) {
      const { status } = scope
      yield* this.eval(actions.get(signal) ?? '', context)
      scope.status = status
    }
  }

  /** Runs commands until they end, or `exit` ends their shell, then the action of `trap … EXIT`. */
  *#toItsEnd(run: Flow<number>, context: ExecutionContext): Flow<number> {
    let code: number
    try {
      code = yield* run
    } catch (error) {
      if (!(error instanceof ShellExit)) throw error
      code = error.code
    }
    return yield* this.atExit(code, context)
  }

  /** A shell ends with this code: runs the action of `trap … EXIT`. @returns the code that it ends with */
  *atExit(code: number, context: ExecutionContext): Flow<number> {
    const { scope } = context
    const action = scope.traps.actions.get('EXIT')
    scope.traps.actions.delete('EXIT')
    if (action === undefined) return code
    scope.status = code
    try {
      yield* this.eval(action, context)
    } catch (error) {
      if (!(error instanceof ShellExit)) throw error
      return error.code
    }
    return code
  }

  /** Runs words in the process that the shell was given: a script is run there, a program replaces it. */
  *become(words: readonly string[], context: ExecutionContext): Flow<number> {
    const resolved = this.#names.resolve(words, false, context)
    if (resolved.kind === 'script') return yield* this.#inThisShell(resolved.script, context)
    const { ownProcess: process } = this.shell
    const env = context.scope.environment()
    const launch = { words, env, context, source: words.join(' ') }
    return resolved.kind === 'program' && process !== undefined
      ? yield* this.#launcher.program(resolved.program, resolved.args, { ...launch, process })
      : yield* this.#run(words, {}, context, launch.source)
  }

  /** Runs a script whose commands are children of this process. */
  *#inThisShell({ name, text, args }: ScriptFile, context: ExecutionContext): Flow<number> {
    const scope = context.scope.inner([name, ...args])
    this.shell.ownProcess?.hear({ onSignal: (signal) => scope.traps.caught(signal) })
    const own = { ...context, scope, file: name, speaker: `${name}: ` }
    return yield* this.#toItsEnd(this.#parsed(text, own), own)
  }

  /** Runs a text's commands in this shell; for a file, lines are numbered. */
  *eval(text: string, context: ExecutionContext, file?: string): Flow<number> {
    return yield* this.#parsed(text, { ...context, file })
  }

  *#parsed(text: string, context: ExecutionContext): Flow<number> {
    const read = readLine(text)
    if ('problem' in read) return this.refuse(read, context)
    return yield* this.script(read.script, deeper(context))
  }

  /** `fg`: gives a job the terminal and continues it. */
  bring(job: Job, context: ExecutionContext, begin: () => void): Flow<number> {
    return this.#foreground.bring(job, context, begin)
  }

  *#andOr(item: AndOr, context: ExecutionContext): Flow<number> {
    const { scope } = context
    for (const { after, pipeline } of item.links) {
      if (after === '&&' && scope.status !== 0) continue
      if (after === '||' && scope.status === 0) continue
      const isLast = pipeline === item.links.at(-1)?.pipeline
      const mayFail = !isLast || pipeline.negated || context.tested === true
      const code = yield* this.#pipelines.run(pipeline, mayFail ? { ...context, tested: true } : context)
      scope.status = pipeline.negated ? (code === 0 ? 1 : 0) : code
      if (code !== 0 && !mayFail && scope.options.has('errexit')) throw new ShellExit(code)
    }
    return scope.status
  }

  *#command(command: Command, outer: ExecutionContext, source: string): Flow<number> {
    if (command.kind === 'simple') return yield* this.#simple(command, outer, source)
    const context = yield* this.#redirected(command, outer)
    if (context === undefined) return 1
    return yield* this.#compounds.run(command, deeper(context))
  }

  *#parenthesised(source: string, body: Script, context: ExecutionContext): Flow<number> {
    yield* forkable(this.shell.system, context)
    const inner: ExecutionContext = { ...context, scope: context.scope.inner(), jobs: new Jobs() }
    const run = (own: ExecutionContext): Flow<number> => this.script(body, own)
    return yield* this.#foreground.inJob(context, source, (job, done) =>
      this.#launcher.subshell(inner, job, source, run, done),
    )
  }

  // Words

  #around(context: ExecutionContext): ExpansionContext {
    const { scope } = context
    return {
      get: (name) => scope.get(name),
      strict: scope.options.has('nounset'),
      positional: scope.arguments.slice(1),
      set: (name, value) => scope.set(name, value),
      capture: (script) => this.#capture(script, context),
      fileNames: () => namesFrom(this.shell.system, scope.cwd),
      home: HOME,
    }
  }

  /** Runs commands and captures their output. */
  *#capture(script: Script, context: ExecutionContext): Flow<string> {
    const collector = new Collector()
    const own = { scope: context.scope.inner(), jobs: new Jobs(), stdout: collector, file: undefined }
    const inner: ExecutionContext = { ...deeper(context), ...own }
    context.scope.status = yield* this.#toItsEnd(this.script(script, inner), inner)
    return collector.text.replace(/\n+$/, '')
  }

  /** Expands words; `undefined` after an error, which has been printed. */
  *#expandAll(words: readonly Word[], context: ExecutionContext): Flow<string[] | undefined> {
    try {
      return yield* expandAll(words, this.#around(context))
    } catch (error) {
      return this.#complaints.mistake(error, context)
    }
  }

  #redirected({ redirects }: Command, context: ExecutionContext): Flow<ExecutionContext | undefined> {
    return redirected(redirects, context, this.shell, (words) => this.#expandAll(words, context))
  }

  // Simple commands

  *#simple(command: Command & { kind: 'simple' }, outer: ExecutionContext, source: string): Flow<number> {
    const before = outer.scope.status
    const words = yield* this.#expandAll(unsplit(command.words), outer)
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

  /** Runs a command with expanded words. */
  *#run(
    typed: readonly string[],
    assigned: Readonly<Record<string, string>>,
    outer: ExecutionContext,
    source: string,
  ): Flow<number> {
    const unwrapped = unwrap(typed, outer, this.shell.words)
    if ('text' in unwrapped) {
      outer.stderr.write(unwrapped.text, 0)
      if (unwrapped.note !== undefined) this.#complaints.note(unwrapped.note, outer.stderr)
      return unwrapped.code
    }
    const { words, message, intoNohup } = unwrapped
    const { traced } = outer.scope
    if (traced !== undefined) outer.stderr.write(traced(typed, assigned), 0)
    if (message !== '') outer.stderr.write(message, 0)
    const sink = intoNohup
      ? fileSink(this.shell.system, fileKey(outer.scope.cwd, 'nohup.out'), true)
      : undefined
    const context: ExecutionContext = {
      ...outer,
      ...(unwrapped.user === undefined ? {} : { user: unwrapped.user }),
      ...(unwrapped.ignores.length > 0 ? { ignores: unwrapped.ignores } : {}),
      ...(sink === undefined ? {} : { stdout: sink, stdin: NOTHING }),
      ...(sink !== undefined && outer.stderr.terminal ? { stderr: sink } : {}),
    }
    const around = unwrapped.clean ? {} : { ...context.scope.environment(), ...assigned }
    const env: Record<string, string> = { ...around, ...unwrapped.env }
    for (const name of unwrapped.unset) delete env[name]
    const code = yield* this.#with(assigned, context, () =>
      this.#launch(
        { words, env, context, source, ...(typed[0] === 'exec' ? { replaces: true } : {}) },
        unwrapped.external,
      ),
    )
    // `exec` replaces the shell with the program, so a job's shell ends with it. At the prompt a new shell takes its place.
    if (typed[0] === 'exec' && context.job !== undefined) throw new ShellExit(code)
    return code
  }

  /** `IFS=: read a b`: sets variables for one command. */
  *#with(
    assigned: Readonly<Record<string, string>>,
    { scope }: ExecutionContext,
    run: () => Flow<number>,
  ): Flow<number> {
    const before = Object.keys(assigned).map((name) => [name, scope.get(name)] as const)
    for (const [name, value] of Object.entries(assigned)) scope.set(name, value)
    try {
      return yield* run()
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) scope.forget(name)
        else scope.set(name, value)
      }
    }
  }

  /** Runs what the first word resolves to. */
  *#launch(launch: CommandLaunch, external: boolean): Flow<number> {
    const { words, context } = launch
    const resolved = this.#names.resolve(words, external, context)
    switch (resolved.kind) {
      case 'flow': {
        const result = resolved.builtin(resolved.args, context, this)
        return typeof result === 'number' ? result : yield* result
      }
      case 'function':
        return yield* this.#call(resolved.body, [words[0] ?? '', ...resolved.args], context)
      case 'server':
        return yield* this.#launcher.server(resolved.program, resolved.args, launch)
      case 'program':
        return yield* this.#launcher.program(resolved.program, resolved.args, launch)
      case 'script':
        return yield* this.#runScript(resolved.script, launch)
      case 'no-script':
        return this.#complaints.noScript(words[0] ?? '', resolved.path, context)
      case 'python':
        return this.#complaints.noPython(resolved.args, context)
      case 'machine':
        return (
          (yield* this.#launcher.machineProgram(launch)) ??
          (yield* this.#complaints.notFound(words[0] ?? '', context, this.commands))
        )
    }
  }

  /** Calls a function: its arguments are `$1`, `$2`, … until it returns. */
  *#call(body: Command, [name = '', ...args]: readonly string[], outer: ExecutionContext): Flow<number> {
    const context = yield* called(name, outer, this.shell.system)
    const { scope } = context
    const before = scope.arguments
    scope.arguments = [before[0] ?? '', ...args]
    scope.locals.push(new Map())
    scope.returns += 1
    try {
      return yield* this.#command(body, context, body.source)
    } catch (error) {
      if (error instanceof Return) return error.code
      throw error
    } finally {
      scope.returns -= 1
      scope.arguments = before
      for (const [name, value] of scope.locals.pop() ?? []) {
        if (value === undefined) scope.unset(name)
        else scope.set(name, value)
      }
    }
  }

  /** Runs a script in a subshell with the given environment. */
  *#runScript({ name, text, args }: ScriptFile, { env, context, source }: CommandLaunch): Flow<number> {
    const scope = context.scope.inner([name, ...args])
    scope.inherit(env)
    const inner: ExecutionContext = { ...context, scope, jobs: new Jobs(), speaker: `${name}: `, file: name }
    return yield* this.#readAndRun(text, deeper(inner), source)
  }

  *#readAndRun(text: string, context: ExecutionContext, source: string): Flow<number> {
    const read = readLine(text)
    if ('problem' in read) return this.refuse(read, context)
    return yield* this.#parenthesised(source, read.script, context)
  }
}

/** The values in `export NAME=$value` and `local NAME=$value` are not split at blanks. */
function unsplit(words: readonly Word[]): readonly Word[] {
  const [first] = words[0]?.pieces ?? []
  if (first?.kind !== 'text' || !/^(?:export|local)$/.test(first.text)) return words
  const quoted = ({ pieces }: Word): Word => ({
    pieces: pieces.map((piece) => ({ ...piece, quoted: true })),
    quoted: true,
  })
  return words.map((word) => (asAssignment(word) === undefined ? word : quoted(word)))
}

/** The prefix of a script's error messages: dash, which is `sh`, has no word for the line. */
function speakerOf(file: string, line: number): string {
  return file === 'sh' ? `sh: ${line}: ` : `${file}: line ${line}: `
}
