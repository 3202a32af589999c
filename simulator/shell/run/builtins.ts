import { readLine } from '../language/read.ts'
import type { SyntaxProblem } from '../language/tree.ts'
import type { Context, ShellContext } from './context.ts'
import { wait, type Flow } from './flow.ts'
import { LoopEnd } from './leaving.ts'
import type { Job, JobResult } from './jobs.ts'
import { fileKey } from './paths.ts'

/** The interpreter that a builtin belongs to. */
interface Interpreter {
  readonly shell: ShellContext
  /** Runs commands in this shell. */
  eval(text: string, context: Context): Flow<number>
  refuse(problem: SyntaxProblem, context: Context): number
  /** Gives a job the terminal, and waits for it. */
  bring(job: Job, context: Context, begin: () => void): Flow<number>
}

/** A builtin that waits, or that changes the control flow of the shell. */
export type FlowBuiltin = (
  args: readonly string[],
  context: Context,
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
  read,
  set,
}

function find(name: string, spec: string | undefined, context: Context): Job | undefined {
  const job = spec === undefined ? context.jobs.current : context.jobs.find(spec)
  if (job === undefined || job.ended !== undefined)
    context.stderr.write(`${context.speaker}${name}: ${spec ?? 'current'}: no such job\n`, 0)
  return job?.ended === undefined ? job : undefined
}

/** `fg %1`: gives a job the terminal, and waits for it. */
function* fg(args: readonly string[], context: Context, interpreter: Interpreter): Flow<number> {
  const job = find('fg', args[0], context)
  if (job === undefined) return 1
  context.stdout.write(`${job.source}\n`, 0)
  return yield* interpreter.bring(job, context, () => {
    interpreter.shell.system.signal(-job.group, 'CONT')
  })
}

/** `bg %1`: lets a stopped job go on in the background. */
function bg(args: readonly string[], context: Context, interpreter: Interpreter): number {
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
function* waitFor(args: readonly string[], context: Context): Flow<number> {
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
    const result =
      job.ended ?? (job.stopped ? undefined : yield* wait<JobResult>((resume) => job.watch(resume)))
    if (args.length > 0) code = result?.code ?? 0
  }
  return code
}

function leaveLoop(args: readonly string[], again: boolean): never {
  throw new LoopEnd(again, Math.max(1, Number(args[0] ?? 1) || 1))
}

/** `source FILE`: its commands, in this shell. */
function* source(args: readonly string[], context: Context, interpreter: Interpreter): Flow<number> {
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
  return yield* interpreter.eval(text, context)
}

/** `read NAME…`: one line of input, split at blanks. */
function* read(args: readonly string[], context: Context): Flow<number> {
  const names = args.filter((arg) => !arg.startsWith('-'))
  let stop: (() => void) | undefined
  const line = yield* wait<string | undefined>((resume) => {
    stop = context.stdin.read(
      {
        text: (text) => resume(text.split('\n')[0] ?? ''),
        end: () => resume(undefined),
      },
      0,
    )
  })
  stop?.()
  const words = (line ?? '').trim().split(/\s+/)
  for (const [index, name] of (names.length === 0 ? ['REPLY'] : names).entries()) {
    const last = index === Math.max(1, names.length) - 1
    context.scope.set(name, (last ? words.slice(index).join(' ') : words[index]) ?? '')
  }
  return line === undefined ? 1 : 0
}

/** `set -e`, `set +e`: whether the first command that fails ends the shell. */
function set(args: readonly string[], context: Context): number {
  for (const arg of args) {
    if (!/^[-+]e$/.test(arg)) {
      context.stderr.write(`${context.speaker}set: ${arg}: invalid option\nset: usage: set [-e] [+e]\n`, 0)
      return 2
    }
    context.scope.stopsAtFailure = arg === '-e'
  }
  return 0
}
