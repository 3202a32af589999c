import type { ProcessInfo } from '../../machine/system.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { compileRegular, GNU_PROBLEMS, type RegularExpression } from '../regular.ts'
import { fillIn } from '../words.ts'
import { SIGNAL_NAMES, signalNumber, signalName } from './signal-names.ts'
import { readArguments } from './options.ts'
import { commandName } from './process-table.ts'
import { visible } from './visible.ts'

interface Criteria {
  pattern: string | undefined
  /** The pattern, compiled. */
  expression: RegularExpression | undefined
  parents: readonly number[] | undefined
  full: boolean
  exact: boolean
  /** Only the one that began last, or first. */
  only: 'newest' | 'oldest' | undefined
  show: 'pid' | 'name' | 'line' | 'count'
}

/** procps-ng's pgrep: `pgrep uvicorn`, `-P` parent, `-f` whole command line, `-x` exact, `-l`, `-a`, `-c`. */
export const pgrep: ShellProgram = {
  name: 'pgrep',
  run(call) {
    const criteria = read(call, call.args)
    if (criteria === undefined) return 2
    const found = select(call, criteria)
    if (criteria.show === 'count') call.out(`${found.length}\n`)
    else call.out(found.map((process) => `${line(process, criteria.show)}\n`).join(''))
    return found.length > 0 ? 0 : 1
  },
}

/** procps-ng's pkill: the same choice, and a signal to each. */
export const pkill: ShellProgram = {
  name: 'pkill',
  run(call) {
    const isSignal = (arg: string) => /^-[A-Z\d]{1,9}$/.test(arg) && signalNumber(arg.slice(1)) !== undefined
    const spec = call.args.find(isSignal)?.slice(1) ?? 'TERM'
    const signal = signalName(signalNumber(spec) ?? 0)
    const criteria = read(
      call,
      call.args.filter((arg) => !isSignal(arg)),
    )
    if (criteria === undefined) return 2
    if (!isModelled(signal)) {
      call.note(fillIn(call.words.signalNotModelled, { signal: `SIG${signal}` }))
      return 2
    }
    const found = select(call, criteria)
    for (const process of found) call.system.signal(process.pid, signal)
    return found.length > 0 ? 0 : 1
  },
}

function isModelled(name: string): name is SignalName {
  return (SIGNAL_NAMES as readonly string[]).includes(name)
}

function read(call: ProgramContext, args: readonly string[]): Criteria | undefined {
  const criteria: Criteria = {
    pattern: undefined,
    expression: undefined,
    parents: undefined,
    full: false,
    exact: false,
    only: undefined,
    show: 'pid',
  }
  for (const argument of readArguments(args, (option) => option === '-P' || option === '--parent')) {
    if ('word' in argument) {
      criteria.pattern = argument.word
    } else if ('missing' in argument) {
      call.err(`${call.name}: option requires an argument -- '${argument.missing.slice(1)}'\n`)
      return undefined
    } else if (argument.option === '-P' || argument.option === '--parent') {
      criteria.parents = (argument.value ?? '').split(',').map(Number)
    } else if (!takeFlag(criteria, argument.option)) {
      call.note(fillIn(call.words.optionNotHere, { program: call.name, option: argument.option }))
      return undefined
    }
  }
  if (criteria.pattern === undefined && criteria.parents === undefined) {
    call.err(
      `${call.name}: no matching criteria specified\nTry \`${call.name} --help' for more information.\n`,
    )
    return undefined
  }
  if (criteria.pattern === undefined) return criteria
  const expression = compileRegular(criteria.pattern, criteria.exact ? { whole: 'text' } : {})
  if (typeof expression === 'string') {
    call.err(`${call.name}: regex error: ${GNU_PROBLEMS[expression]}\n`)
    return undefined
  }
  criteria.expression = expression
  return criteria
}

function takeFlag(criteria: Criteria, option: string): boolean {
  switch (option) {
    case '-f':
    case '--full':
      criteria.full = true
      return true
    case '-x':
    case '--exact':
      criteria.exact = true
      return true
    case '-n':
    case '--newest':
      criteria.only = 'newest'
      return true
    case '-o':
    case '--oldest':
      criteria.only = 'oldest'
      return true
    case '-l':
    case '--list-name':
      criteria.show = 'name'
      return true
    case '-a':
    case '--list-full':
      criteria.show = 'line'
      return true
    case '-c':
    case '--count':
      criteria.show = 'count'
      return true
    default:
      return false
  }
}

function select(call: ProgramContext, criteria: Criteria): readonly ProcessInfo[] {
  const found = visible(call).filter((process) => matches(call, criteria, process))
  if (criteria.only === undefined) return found
  return criteria.only === 'newest' ? found.slice(-1) : found.slice(0, 1)
}

function matches(call: ProgramContext, criteria: Criteria, process: ProcessInfo): boolean {
  if (process.pid === call.pid) return false
  if (criteria.parents !== undefined && !criteria.parents.includes(process.ppid)) return false
  const subject = criteria.full ? process.command : commandName(process)
  return criteria.expression?.test(subject) ?? true
}

function line(process: ProcessInfo, show: Criteria['show']): string {
  if (show === 'name') return `${process.pid} ${commandName(process)}`
  return show === 'line' ? `${process.pid} ${process.command}` : String(process.pid)
}
