import type {
  AndOr,
  Assignment,
  Command,
  WordPart,
  Pipeline,
  Redirect,
  Script,
  Word,
} from '../language/tree.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import type { Flow } from './flow.ts'
import { runBeside, type Foreground } from './foreground.ts'
import { asStage, forkable } from './forks.ts'
import { Job, Jobs, type JobResult } from './jobs.ts'
import type { Launcher } from './launcher.ts'
import type { NameResolver } from './name-resolver.ts'
import { NOTHING, Pipe } from './streams.ts'
import { unwrap } from './wrappers.ts'

/** What pipelines and background jobs need: parts of the shell, and methods of the interpreter. */
interface Dependencies {
  readonly shell: ShellContext
  readonly names: NameResolver
  readonly foreground: Foreground
  readonly launcher: Launcher
  readonly command: (command: Command, context: ExecutionContext, source: string) => Flow<number>
  readonly andOr: (item: AndOr, context: ExecutionContext) => Flow<number>
  readonly capture: (script: Script, context: ExecutionContext) => Flow<string>
}

/** Commands that run at the same time: the stages of a pipeline, and commands before `&`. */
export class Pipelines {
  readonly #parts: Dependencies

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  *run(pipeline: Pipeline, context: ExecutionContext): Flow<number> {
    const { shell, command } = this.#parts
    const { system } = shell
    const from = system.now
    const [only] = pipeline.stages
    const code =
      only !== undefined && pipeline.stages.length === 1
        ? yield* command(only, context, pipeline.source)
        : yield* this.#piped(pipeline, context)
    if (pipeline.timed) {
      const [real, none] = [system.now - from, 0].map(minutes)
      context.stderr.write(`\nreal\t${real}\nuser\t${none}\nsys\t${none}\n`, 0)
    }
    return code
  }

  *#piped(pipeline: Pipeline, context: ExecutionContext): Flow<number> {
    yield* forkable(this.#parts.shell.system, context)
    return yield* this.#parts.foreground.inJob(context, pipeline.source, (job, done) =>
      this.#startStages(pipeline, context, job, done),
    )
  }

  /** Starts each stage as a flow of its own; `done` gets the result of the last stage when all have ended. */
  #startStages(
    pipeline: Pipeline,
    context: ExecutionContext,
    job: Job,
    done: (result: JobResult) => void,
  ): void {
    const { stages } = pipeline
    const { system } = this.#parts.shell
    const pipes = stages.slice(1).map(() => new Pipe())
    let left = stages.length
    let last: JobResult = { code: 0 }
    const pipefail = context.scope.options.has('pipefail')
    const codes: number[] = []
    let interrupted = false
    for (const [index, stage] of stages.entries()) {
      const before = pipes[index - 1]
      const behind = pipes[index]
      const inner: ExecutionContext = {
        ...context,
        scope: context.scope.inner(),
        job,
        stdin: before ?? context.stdin,
        stdout: behind ?? context.stdout,
      }
      runBeside(asStage(system, this.#parts.command(stage, inner, stage.source)), (result) => {
        before?.leave()
        behind?.end()
        if (result.signal === 'INT') interrupted = true
        codes[index] = result.code
        if (index === stages.length - 1) last = result
        left -= 1
        if (left > 0) return
        const failed = pipefail && last.code === 0 ? codes.findLast((code) => code !== 0) : undefined
        done(interrupted ? { code: 130, signal: 'INT' } : failed === undefined ? last : { code: failed })
      })
    }
  }

  /** `… &`: starts a job of its own that the shell does not wait for. */
  *background(item: AndOr, context: ExecutionContext): Flow<void> {
    const { launcher, andOr, command } = this.#parts
    yield* forkable(this.#parts.shell.system, context)
    const { source } = item
    const job = new Job(source)
    const { scope, jobs } = context
    const [link, ...more] = item.links
    const stages = more.length > 0 ? [] : (link?.pipeline.stages ?? [])
    const isPlain = stages.length > 0 && stages.every((stage) => this.#isProcess(stage, context))
    const inner: ExecutionContext = {
      ...context,
      scope: scope.inner(),
      jobs: new Jobs(),
      job,
      stdin: context.job === undefined ? context.stdin : NOTHING,
    }
    const ended = (result: JobResult): void => job.end(result)
    const [only] = stages
    const asTyped = link?.pipeline.negated !== true && link?.pipeline.timed !== true
    if (isPlain && asTyped && stages.length === 1 && only?.kind === 'simple') {
      // The shell's child becomes the program, so its words are expanded first.
      const settled = yield* this.#withoutCommands(only, context)
      runBeside(command(settled, inner, source), (result) => ended(job.lastResult ?? result))
    } else if (isPlain) {
      runBeside(andOr({ ...item, background: false }, inner), (result) => ended(job.lastResult ?? result))
    }
    if (job.group === 0) {
      const { ended: result } = job
      const body = (own: ExecutionContext): Flow<number> =>
        result === undefined ? andOr({ ...item, background: false }, own) : already(result.code)
      launcher.subshell(inner, job, source, body, ended)
    }
    // The PID of a pipeline's last process, otherwise of the first: `timeout 5 sleep 9 &` prints that of `timeout`.
    const shown = isPlain && stages.length > 1 ? job.last : job.group
    scope.lastBackground = shown
    scope.status = 0
    jobs.add(job)
    if (context.job === undefined) context.stderr.write(`[${job.number}] ${shown}\n`, 0)
  }

  /** Whether a command is one program that runs as a process. */
  #isProcess(stage: Command, context: ExecutionContext): boolean {
    if (stage.kind !== 'simple') return false
    const { names, shell } = this.#parts
    const unwrapped = unwrap(stage.words.map(literal), context, shell.words)
    return !('text' in unwrapped) && names.isProcess(unwrapped.words, unwrapped.external, context)
  }

  /** Replaces the command substitutions of a command: `uvicorn --workers $(nproc)`. */
  *#withoutCommands(command: Command & { kind: 'simple' }, context: ExecutionContext): Flow<typeof command> {
    const words: Word[] = []
    for (const word of command.words) words.push(yield* this.#wordWithout(word, context))
    const redirects: Redirect[] = []
    for (const each of command.redirects)
      redirects.push({ ...each, to: yield* this.#wordWithout(each.to, context) })
    const assignments: Assignment[] = []
    for (const each of command.assignments)
      assignments.push({ ...each, value: yield* this.#wordWithout(each.value, context) })
    return { ...command, words, redirects, assignments }
  }

  *#wordWithout(word: Word, context: ExecutionContext): Flow<Word> {
    const pieces: WordPart[] = []
    for (const piece of word.pieces) {
      if (piece.kind === 'arithmetic') {
        pieces.push({ ...piece, expression: yield* this.#wordWithout(piece.expression, context) })
      } else if (piece.kind === 'command') {
        const text = yield* this.#parts.capture(piece.script, context)
        pieces.push({ kind: 'found', text, quoted: piece.quoted })
      } else {
        pieces.push(piece)
      }
    }
    return { ...word, pieces }
  }
}

/** The text of a word without expansions; empty for words with expansions. */
function literal({ pieces }: Word): string {
  return pieces.every((piece) => piece.kind === 'text') ? pieces.map(({ text }) => text).join('') : ''
}

// eslint-disable-next-line require-yield -- it has come to its end
function* already(code: number): Flow<number> {
  return code
}

/** bash's `time`: `0m1.005s`. */
function minutes(ms: number): string {
  const seconds = Math.floor(ms) / 1000
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`
}
