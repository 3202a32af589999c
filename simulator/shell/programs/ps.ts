import type { ProcessInfo } from '../../machine/system.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { columnOf, columnValue, commandName, forest, processTable, running } from './process-table.ts'

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`

interface Choice {
  all: boolean
  tree: boolean
  wide: boolean
  columns: readonly string[]
  pids?: readonly number[]
  parents?: readonly number[]
  names?: readonly string[]
  users?: readonly string[]
  sort?: readonly string[]
  heads: Record<string, string>
}

const SHORT = ['pid', 'tty', 'time', 'ucmd']
const FULL = ['uid', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd']
const USER = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'tty', 'stat', 'start', 'bsdtime', 'args']
const BSD = ['pid', 'tty', 'stat', 'bsdtime', 'args']
const FIXED: readonly (readonly string[])[] = [SHORT, FULL, USER, BSD]
/** `--no-headers`. */
const NO_HEADS: Readonly<Record<string, string>> = Object.fromEntries(
  [...new Set([...SHORT, ...FULL, ...USER, ...BSD, 'pgid', 'pss', 'etime', 'etimes', 's', 'ni', 'comm'])].map(
    (name) => [name, ''],
  ),
)

/** procps-ng's ps with the options that people use: none, `-e`, `-f`, `aux`, `f`, `--forest`, `-o`, `-p`, `--ppid`, `-C`, `--sort`, `w`. */
export const ps: ShellProgram = {
  name: 'ps',
  run(call) {
    const choice: Choice = { all: false, tree: false, wide: false, columns: SHORT, heads: {} }
    const complaint = readOptions(choice, [...call.args])
    if (complaint !== undefined) {
      if (complaint.startsWith('error:')) call.err(`${complaint}\n${USAGE}`)
      else call.note(fillIn(call.words.optionNotHere, { program: 'ps', option: complaint }))
      return 1
    }
    const chosen = running(call).filter((process) => isChosen(call, choice, process))
    const sorted = sortBy(call, choice.sort ?? [], chosen)
    const rows = choice.tree ? forest(chosen) : sorted.map((process) => ({ process, branch: '' }))
    const columns = choice.wide || !call.tty ? Infinity : call.columns
    call.out(processTable(rows, choice.columns, call.system, columns, choice.heads))
    return rows.length > 0 ? 0 : 1
  },
}

/** `--sort=-%cpu,pid`: a minus turns the order round. */
function sortBy(
  call: ProgramContext,
  keys: readonly string[],
  processes: readonly ProcessInfo[],
): readonly ProcessInfo[] {
  return processes.toSorted((a, b) => {
    for (const key of keys) {
      const name = columnOf(key.replace(/^[-+]/, '')) ?? 'pid'
      const [left, right] = [a, b].map((each) => columnValue(name, each, call.system))
      if (left === right || left === undefined || right === undefined) continue
      return (left < right ? -1 : 1) * (key.startsWith('-') ? -1 : 1)
    }
    return a.pid - b.pid
  })
}

/** Takes the options; the answer is the complaint about one that cannot be taken. */
function readOptions(choice: Choice, args: string[]): string | undefined {
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const complaint = readOption(choice, arg, args)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

function readOption(choice: Choice, arg: string, rest: string[]): string | undefined {
  if (/^\d/.test(arg)) return takeValue(choice, 'p', arg)
  if (arg.startsWith('--')) {
    const [name = '', attached] = arg.split('=')
    if (name === '--forest') choice.tree = true
    else if (name === '--pid' || name === '--ppid')
      return takeValue(choice, name, attached ?? rest.shift() ?? '')
    else if (name === '--format') return takeValue(choice, 'o', attached ?? rest.shift() ?? '')
    else if (name === '--sort') return takeValue(choice, '--sort', attached ?? rest.shift() ?? '')
    else if (name === '--no-headers' || name === '--no-heading') choice.heads = NO_HEADS
    else return name === '--help' ? name : 'error: unknown gnu long option'
    return undefined
  }
  const dash = arg.startsWith('-') ? '-' : ''
  const letters = arg.slice(dash.length)
  for (const [index, letter] of [...letters].entries()) {
    if (
      letter === 'o' ||
      letter === 'p' ||
      (dash === '-' && (letter === 'C' || letter === 'u' || letter === 'U'))
    ) {
      const attached = letters.slice(index + 1)
      return takeValue(choice, letter.replace('U', 'u'), attached === '' ? (rest.shift() ?? '') : attached)
    }
    if (!takeLetter(choice, dash, letter)) {
      return dash === '-' ? 'error: unsupported SysV option' : 'error: unsupported option (BSD syntax)'
    }
  }
  return undefined
}

function takeLetter(choice: Choice, dash: string, letter: string): boolean {
  switch (dash + letter) {
    case '-e':
    case '-A':
    case '-a':
      choice.all = true
      return true
    case 'a':
    case 'x':
      choice.all = true
      if (choice.columns === SHORT) choice.columns = BSD
      return true
    case '-f':
    case '-F':
      choice.columns = FULL
      return true
    case 'u':
      choice.columns = USER
      return true
    case '-H':
      choice.tree = true
      return true
    case 'f':
      choice.tree = true
      if (choice.columns === SHORT) choice.columns = BSD
      return true
    case '-w':
    case 'w':
      choice.wide = true
      return true
    default:
      return false
  }
}

function takeValue(choice: Choice, option: string, value: string): string | undefined {
  if (option === 'o') {
    const columns: string[] = []
    for (const item of value.split(/[,\s]+(?=\S)/)) {
      const [name = '', head] = item.split('=')
      const column = columnOf(name.toLowerCase())
      if (column === undefined) return `error: unknown user-defined format specifier "${name}"`
      columns.push(column)
      if (head !== undefined) choice.heads = { ...choice.heads, [column]: head }
    }
    // Several `-o` add up.
    const before = FIXED.includes(choice.columns) ? [] : choice.columns
    choice.columns = [...before, ...columns]
    return undefined
  }
  if (option === '--sort') {
    choice.sort = value.split(',')
    const unknown = choice.sort.find((key) => columnOf(key.replace(/^[-+]/, '')) === undefined)
    return unknown === undefined ? undefined : 'error: unknown sort specifier'
  }
  if (option === 'C') {
    choice.names = value.split(',')
    return undefined
  }
  if (option === 'u') {
    choice.users = value.split(',')
    return undefined
  }
  if (!/^\d+([,\s]\d+)*$/.test(value)) return 'error: process ID list syntax error'
  const pids = value.split(/[,\s]/).map(Number)
  if (option === '--ppid') choice.parents = [...(choice.parents ?? []), ...pids]
  else choice.pids = [...(choice.pids ?? []), ...pids]
  return undefined
}

/** Without a choice: what belongs to this terminal. */
function isChosen(call: ProgramContext, choice: Choice, process: ProcessInfo): boolean {
  const { pids, parents, names, users } = choice
  if (pids !== undefined || parents !== undefined || names !== undefined || users !== undefined) {
    return (
      (pids?.includes(process.pid) ?? false) ||
      (parents?.includes(process.ppid) ?? false) ||
      (names?.includes(commandName(process).replace(/ .*/, '')) ?? false) ||
      (users?.includes(process.user) ?? false)
    )
  }
  return choice.all || process.terminal === call.terminal
}
