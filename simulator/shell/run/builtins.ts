import { readLine } from '../language/read.ts'
import type { Context, Executor } from './executor.ts'
import { wait, type Flow } from './flow.ts'
import { LoopEnd } from './leaving.ts'
import type { Job, Rest } from './jobs.ts'
import { fileKey } from './paths.ts'

/** A builtin that waits, or that changes the way of the shell itself. */
export type FlowBuiltin = (
  args: readonly string[],
  context: Context,
  executor: Executor,
) => Flow<number> | number

export const FLOW_BUILTINS: Readonly<Record<string, FlowBuiltin>> = {
  fg,
  bg,
  wait: waitFor,
  break: (args) => leaveLoop(args, false),
  continue: (args) => leaveLoop(args, true),
  '.': source,
  source,
  eval: (args, context, executor) => executor.eval(args.join(' '), context),
  read,
}

function find(name: string, spec: string | undefined, context: Context): Job | undefined {
  const job = spec === undefined ? context.jobs.current : context.jobs.find(spec)
  if (job === undefined || job.ended !== undefined)
    context.stderr.write(`${context.speaker}${name}: ${spec ?? 'current'}: no such job\n`, 0)
  return job?.ended === undefined ? job : undefined
}

/** `fg %1`: gives a job the terminal, and waits for it. */
function* fg(args: readonly string[], context: Context, executor: Executor): Flow<number> {
  const job = find('fg', args[0], context)
  if (job === undefined) return 1
  context.stdout.write(`${job.source}\n`, 0)
  const { front, system } = executor.ground
  front(job)
  const rest = yield* wait<Rest>((resume) => {
    job.watch(resume)
    system.signal(-job.group, 'CONT')
  })
  return executor.settle(job, rest, context)
}

/** `bg %1`: lets a stopped job go on in the background. */
function bg(args: readonly string[], context: Context, executor: Executor): number {
  const job = find('bg', args[0], context)
  if (job === undefined) return 1
  if (!job.stopped) {
    context.stderr.write(`${context.speaker}bg: job ${job.number} already in background\n`, 0)
    return 0
  }
  executor.ground.system.signal(-job.group, 'CONT')
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
    const rest = job.ended ?? (job.stopped ? undefined : yield* wait<Rest>((resume) => job.watch(resume)))
    if (args.length > 0) code = rest?.code ?? 0
  }
  return code
}

function leaveLoop(args: readonly string[], again: boolean): never {
  throw new LoopEnd(again, Math.max(1, Number(args[0] ?? 1) || 1))
}

/** `source FILE`: its commands, in this shell. */
function* source(args: readonly string[], context: Context, executor: Executor): Flow<number> {
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
  const text = executor.ground.system.readFile(fileKey(scope.cwd, path))
  if (text === undefined) {
    stderr.write(`${speaker}${path}: No such file or directory\n`, 0)
    return 1
  }
  const problem = readLine(text)
  if ('problem' in problem) return executor.refuse(problem, { ...context, speaker: `${path}: ` })
  return yield* executor.eval(text, context)
}

/** `read NAME…`: one line of input, parted at blanks. */
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
