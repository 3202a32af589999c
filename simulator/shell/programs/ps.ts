import type { ProcessInfo } from '../../machine/system.ts'
import type { Call, Program } from '../program.ts'
import { fillIn } from '../words.ts'
import { forest, isColumn, processTable } from './process-table.ts'

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
}

const SHORT = ['pid', 'tty', 'time', 'comm']
const FULL = ['uid', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd']
const USER = ['user', 'pid', '%cpu', 'rss', 'tty', 'stat', 'start', 'bsdtime', 'args']
const BSD = ['pid', 'tty', 'stat', 'bsdtime', 'args']

/** procps-ng's ps with the options that people use: none, `-e`, `-f`, `aux`, `f`, `--forest`, `-o`, `-p`, `--ppid`, `w`. */
export const ps: Program = {
  name: 'ps',
  run(call) {
    const choice: Choice = { all: false, tree: false, wide: false, columns: SHORT }
    const complaint = readOptions(choice, [...call.args])
    if (complaint !== undefined) {
      if (complaint.startsWith('error:')) call.err(`${complaint}\n${USAGE}`)
      else call.note(fillIn(call.words.optionNotHere, { program: 'ps', option: complaint }))
      return 1
    }
    const chosen = call.system.processes().filter((process) => isChosen(call, choice, process))
    const rows = choice.tree ? forest(chosen) : chosen.map((process) => ({ process, branch: '' }))
    call.out(processTable(rows, choice.columns, call.system, choice.wide ? Infinity : call.columns))
    return rows.length > 0 ? 0 : 1
  },
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
    else return name === '--help' || name === '--sort' ? name : 'error: unknown gnu long option'
    return undefined
  }
  const dash = arg.startsWith('-') ? '-' : ''
  const letters = arg.slice(dash.length)
  for (const [index, letter] of [...letters].entries()) {
    if (letter === 'o' || letter === 'p') {
      const attached = letters.slice(index + 1)
      return takeValue(choice, letter, attached === '' ? (rest.shift() ?? '') : attached)
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
    const names = value.split(/[,\s]+/).map((name) => name.replace(/=.*/, ''))
    const unknown = names.find((name) => !isColumn(name))
    if (unknown !== undefined) return `error: unknown user-defined format specifier "${unknown}"`
    choice.columns = names
    return undefined
  }
  if (!/^\d+([,\s]\d+)*$/.test(value)) return 'error: process ID list syntax error'
  const pids = value.split(/[,\s]/).map(Number)
  if (option === '--ppid') choice.parents = [...(choice.parents ?? []), ...pids]
  else choice.pids = [...(choice.pids ?? []), ...pids]
  return undefined
}

/** Without a choice: what belongs to this terminal. */
function isChosen(call: Call, choice: Choice, process: ProcessInfo): boolean {
  if (choice.pids !== undefined || choice.parents !== undefined) {
    return (choice.pids?.includes(process.pid) ?? false) || (choice.parents?.includes(process.ppid) ?? false)
  }
  return choice.all || process.terminal === call.terminal
}
