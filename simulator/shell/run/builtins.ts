import { lookUp } from '../../manager/look-up.ts'
import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import { readLine } from '../language/read.ts'
import type { SyntaxProblem } from '../language/tree.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import { wait, type Flow } from './flow.ts'
import { LoopEnd, Return } from './leaving.ts'
import { loadCode } from './loaded.ts'
import type { Job, JobResult } from './jobs.ts'
import { fileKey } from './paths.ts'

/** The methods of the interpreter that builtins use. */
interface Interpreter {
  readonly shell: ShellContext
  /** Runs commands in this shell. */
  eval(text: string, context: ExecutionContext, file?: string): Flow<number>
  refuse(problem: SyntaxProblem, context: ExecutionContext): number
  /** Gives a job the terminal and waits for it. */
  bring(job: Job, context: ExecutionContext, begin: () => void): Flow<number>
}

/** A builtin that waits, or that changes the control flow of the shell. */
export type FlowBuiltin = (
  args: readonly string[],
  context: ExecutionContext,
  interpreter: Interpreter,
) => Flow<number> | number

export const FLOW_BUILTINS: Readonly<Record<string, FlowBuiltin>> = {
  fg,
  bg,
  wait: waitFor,
  break: (args) => leaveLoop(args, false),
  continue: (args) => leaveLoop(args, true),
  '.': source,
  source,
  eval: (args, context, interpreter) => interpreter.eval(args.join(' '), context),
  return: (args, context) => {
    if (context.scope.returns === 0) {
      context.stderr.write(
        `${context.speaker}return: can only \`return' from a function or sourced script\n`,
        0,
      )
      return 2
    }
    throw new Return(args[0] === undefined ? context.scope.status : Number(args[0]) & 255)
  },
  ...Object.fromEntries(
    ['read', 'set', 'trap', 'alias', 'unalias', 'let', 'ulimit', 'local', 'shift'].map((name) => [
      name,
      later(name),
    ]),
  ),
}

/** A builtin whose code is loaded when it is typed. */
function later(name: string): FlowBuiltin {
  return function* (args, context, interpreter) {
    const code = yield* loadCode(interpreter.shell.system, async () => import('./rare-builtins.ts'))
    if (code === undefined) {
      context.stderr.write(`${interpreter.shell.words.notLoaded.replace('{name}', name)}\n`, 0)
      return 126
    }
    const result = lookUp(code.RARE, name)?.(args, context, interpreter) ?? 127
    return typeof result === 'number' ? result : yield* result
  }
}

function find(name: string, spec: string | undefined, context: ExecutionContext): Job | undefined {
  const job = spec === undefined ? context.jobs.current : context.jobs.find(spec)
  if (job === undefined || job.ended !== undefined)
    context.stderr.write(`${context.speaker}${name}: ${spec ?? 'current'}: no such job\n`, 0)
  return job?.ended === undefined ? job : undefined
}

/** `fg %1`: gives a job the terminal and waits for it. */
function* fg(args: readonly string[], context: ExecutionContext, interpreter: Interpreter): Flow<number> {
  const job = find('fg', args[0], context)
  if (job === undefined) return 1
  context.stdout.write(`${job.source}\n`, 0)
  return yield* interpreter.bring(job, context, () => {
    interpreter.shell.system.signal(-job.group, 'CONT')
  })
}

/** `bg %1`: continues a stopped job in the background. */
function bg(args: readonly string[], context: ExecutionContext, interpreter: Interpreter): number {
  const job = find('bg', args[0], context)
  if (job === undefined) return 1
  if (!job.stopped) {
    context.stderr.write(`${context.speaker}bg: job ${job.number} already in background\n`, 0)
    return 0
  }
  interpreter.shell.system.signal(-job.group, 'CONT')
  context.stdout.write(`[${job.number}]+ ${job.source} &\n`, 0)
  return 0
}

/** `wait`, `wait %1`, `wait PID`: until they have ended. */
function* waitFor(args: readonly string[], context: ExecutionContext): Flow<number> {
  const { jobs, speaker, stderr } = context
  const chosen: Job[] = []
  for (const arg of args.filter((each) => !each.startsWith('-'))) {
    const job = arg.startsWith('%')
      ? jobs.find(arg)
      : jobs.all.find((each) => each.group === Number(arg) || each.last === Number(arg))
    if (job === undefined) {
      const what = arg.startsWith('%')
        ? `${arg}: no such job`
        : /^\d+$/.test(arg)
          ? `pid ${arg} is not a child of this shell`
          : `\`${arg}': not a pid or valid job spec`
      stderr.write(`${speaker}wait: ${what}\n`, 0)
      return 127
    }
    chosen.push(job)
  }
  let code = 0
  for (const job of args.length === 0 ? jobs.all : chosen) {
    const result: Waited | undefined =
      job.ended ?? (job.stopped ? undefined : yield* endOrSignal(job, context))
    if (args.length > 0 || result?.trapped === true) code = result?.code ?? 0
    if (result?.trapped === true) break
  }
  return code
}

/** How a wait ended. */
type Waited = JobResult & { readonly trapped?: true }

/** A signal that has a trap ends the wait, not the job. */
function* endOrSignal(job: Job, { scope }: ExecutionContext): Flow<Waited> {
  const { traps } = scope
  try {
    return yield* wait<Waited>((resume) => {
      job.watch(resume)
      traps.onCaught = (signal) => resume({ code: 128 + SIGNAL_NUMBERS[signal], trapped: true })
    })
  } finally {
    traps.onCaught = undefined
  }
}

function leaveLoop(args: readonly string[], again: boolean): never {
  throw new LoopEnd(again, Math.max(1, Number(args[0] ?? 1) || 1))
}

/** `source FILE`: runs its commands in this shell. */
function* source(args: readonly string[], context: ExecutionContext, interpreter: Interpreter): Flow<number> {
  const [path] = args
  const { stderr, speaker, scope } = context
  if (path === undefined) {
    stderr.write(
      `${speaker}source: filename argument required\nsource: usage: source filename [arguments]\n`,
      0,
    )
    return 2
  }
  // A virtual environment is always active here.
  if (/(^|\/)activate$/.test(path)) return 0
  const text = interpreter.shell.system.readFile(fileKey(scope.cwd, path))
  if (text === undefined) {
    stderr.write(`${speaker}${path}: No such file or directory\n`, 0)
    return 1
  }
  const problem = readLine(text)
  if ('problem' in problem) return interpreter.refuse(problem, { ...context, speaker: `${path}: ` })
  scope.returns += 1
  try {
    return yield* interpreter.eval(text, context, path)
  } catch (error) {
    if (error instanceof Return) return error.code
    throw error
  } finally {
    scope.returns -= 1
  }
}
