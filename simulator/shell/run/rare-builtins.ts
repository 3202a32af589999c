import { lookUp } from '../../manager/look-up.ts'
import { unaliased } from '../language/aliases.ts'
import { arithmetic, ArithmeticError } from '../language/arithmetic.ts'
import { signalName, signalNumber } from '../programs/signal-names.ts'
import type { FlowBuiltin } from './builtins.ts'
import type { ExecutionContext } from './context.ts'
import { Discarded } from './leaving.ts'
import { read } from './read-line.ts'
import type { Option } from './scope.ts'

/** Builtins that few sessions use; their code is loaded when one is typed. The texts are bash 5.2's. */
export const RARE: Readonly<Record<string, FlowBuiltin>> = {
  read,
  set,
  trap,
  alias,
  unalias,
  let: reckonEach,
  ulimit,
  local,
  shift,
}

function complain(context: ExecutionContext, text: string, code: number): number {
  context.stderr.write(`${context.speaker}${text}\n`, 0)
  return code
}

/** A word in quotes, as bash writes it so that it can be read again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

const LETTERS: Readonly<Record<string, Option>> = { e: 'errexit', u: 'nounset', x: 'xtrace' }
const NAMED: readonly Option[] = ['errexit', 'nounset', 'xtrace', 'pipefail']
/** Options of bash without effect here. */
const WITHOUT_EFFECT = 'bfhkmB'

/** `set -euo pipefail`, `set +x`, `set -- one two`; without arguments it lists the variables. */
function set(args: readonly string[], context: ExecutionContext): number {
  const { scope } = context
  const rest = [...args]
  if (rest.length === 0) {
    context.stdout.write(
      scope
        .all()
        .map(([name, value]) => `${name}=${plain(value)}\n`)
        .join(''),
      0,
    )
    return 0
  }
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--' || !/^[-+]/.test(arg)) {
      scope.arguments = [scope.arguments[0] ?? '', ...(arg === '--' ? [] : [arg]), ...rest]
      return 0
    }
    const on = arg.startsWith('-')
    for (const letter of arg.slice(1)) {
      const option = letter === 'o' ? NAMED.find((name) => name === rest[0]) : lookUp(LETTERS, letter)
      if (letter === 'o' && rest.length === 0) return listOptions(context)
      if (letter === 'o') {
        const name = rest.shift() ?? ''
        if (option === undefined) return complain(context, `set: ${name}: invalid option name`, 2)
      }
      if (option === undefined) {
        if (WITHOUT_EFFECT.includes(letter)) continue
        const usage = 'set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]'
        return complain(context, `set: ${arg.charAt(0)}${letter}: invalid option\n${usage}`, 2)
      }
      if (option === 'xtrace') scope.traced = on ? traced : undefined
      else if (on) scope.options.add(option)
      else scope.options.delete(option)
    }
  }
  return 0
}

function listOptions({ scope, stdout }: ExecutionContext): number {
  const isOn = (name: Option): boolean =>
    name === 'xtrace' ? scope.traced !== undefined : scope.options.has(name)
  for (const name of NAMED.toSorted()) stdout.write(`${name.padEnd(15)}\t${isOn(name) ? 'on' : 'off'}\n`, 0)
  return 0
}

/** A line of `set -x`. */
function traced(words: readonly string[], assigned: Readonly<Record<string, string>>): string {
  const shown = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))
  const before = Object.entries(assigned).map(([name, value]) => `${name}=${shown(value)}`)
  return `+ ${[...before, ...words.map(shown)].join(' ')}\n`
}

/** The value of a variable as `set` lists it: in quotes when it needs them. */
function plain(value: string): string {
  return /^[\w@%+:,./=-]*$/.test(value) ? value : quoted(value)
}

/** `trap 'commands' EXIT INT TERM`, `trap - INT`, `trap '' HUP`; without arguments it lists them. */
function trap(args: readonly string[], context: ExecutionContext): number {
  const { actions } = context.scope.traps
  const words = args[0] === '--' || args[0] === '-p' ? args.slice(1) : [...args]
  if (words.length === 0) {
    const order = (name: string): number => (name === 'EXIT' ? 0 : (signalNumber(name) ?? 0))
    for (const [name, action] of [...actions].toSorted(([a], [b]) => order(a) - order(b)))
      context.stdout.write(`trap -- ${quoted(action)} ${name === 'EXIT' ? name : `SIG${name}`}\n`, 0)
    return 0
  }
  const [action = '', ...specs] = words
  // A signal alone is reset.
  const resets = action === '-' || specs.length === 0
  let code = 0
  for (const spec of specs.length === 0 ? [action] : specs) {
    const name = trappable(spec)
    if (name === undefined) code = complain(context, `trap: ${spec}: invalid signal specification`, 1)
    else if (resets) actions.delete(name)
    else actions.set(name, action)
  }
  return code
}

function trappable(spec: string): string | undefined {
  if (/^(?:EXIT|0)$/i.test(spec)) return 'EXIT'
  const number = signalNumber(spec)
  return number === undefined ? undefined : signalName(number)
}

/** `alias ll='ls -l'`; without arguments it lists them. */
function alias(args: readonly string[], context: ExecutionContext): number {
  const { aliases } = context.scope
  const line = (name: string): string => `alias ${name}=${quoted(aliases.get(name) ?? '')}\n`
  const words = args.filter((arg) => arg !== '-p')
  if (words.length === 0) context.stdout.write([...aliases.keys()].toSorted().map(line).join(''), 0)
  let code = 0
  for (const word of words) {
    const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? []
    if (name !== undefined) {
      aliases.set(name, value ?? '')
      context.scope.unaliased = (line) => unaliased(line, aliases)
    } else if (aliases.has(word)) context.stdout.write(line(word), 0)
    else code = complain(context, `alias: ${word}: not found`, 1)
  }
  return code
}

function unalias(args: readonly string[], context: ExecutionContext): number {
  const { aliases } = context.scope
  if (args.length === 0) return complain(context, 'unalias: usage: unalias [-a] name [name ...]', 2)
  if (args[0] === '-a') {
    aliases.clear()
    return 0
  }
  let code = 0
  for (const name of args)
    if (!aliases.delete(name)) code = complain(context, `unalias: ${name}: not found`, 1)
  return code
}

/** `let x=1+2`: fails when the last expression is 0. */
function reckonEach(args: readonly string[], context: ExecutionContext): number {
  const { scope } = context
  if (args.length === 0) return complain(context, 'let: expression expected', 1)
  let value = 0
  for (const expression of args) {
    try {
      value = arithmetic(expression, {
        get: (name) => scope.get(name) ?? '',
        set: (name, text) => scope.set(name, text),
      })
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error
      complain(context, `let: ${error.message}`, 1)
      throw new Discarded()
    }
  }
  return value === 0 ? 1 : 0
}

/** The limits of a shell on Debian, as `ulimit -a` lists them. */
const LIMITS: readonly (readonly [title: string, unit: string, letter: string, value: string])[] = [
  ['real-time non-blocking time', 'microseconds', 'R', 'unlimited'],
  ['core file size', 'blocks', 'c', '0'],
  ['data seg size', 'kbytes', 'd', 'unlimited'],
  ['scheduling priority', '', 'e', '0'],
  ['file size', 'blocks', 'f', 'unlimited'],
  ['max memory size', 'kbytes', 'm', 'unlimited'],
  ['open files', '', 'n', ''],
  ['stack size', 'kbytes', 's', '8192'],
  ['cpu time', 'seconds', 't', 'unlimited'],
  ['max user processes', '', 'u', 'unlimited'],
  ['virtual memory', 'kbytes', 'v', 'unlimited'],
]

/** `ulimit -n`, `ulimit -n 4096`, `-S`, `-H`, `-a`. Only the number of open files can be changed. */
function ulimit(args: readonly string[], context: ExecutionContext): number {
  const { openFiles } = context.scope
  const letters = args
    .filter((arg) => arg.startsWith('-'))
    .join('')
    .replaceAll('-', '')
  const [value] = args.filter((arg) => !arg.startsWith('-'))
  const hard = letters.includes('H')
  const soft = letters.includes('S') || !hard
  const shown = (letter: string, fixed: string): string =>
    letter === 'n' ? String(hard ? openFiles.hard : openFiles.soft) : fixed
  if (letters.includes('a')) {
    for (const [title, unit, letter, fixed] of LIMITS) {
      const where = `(${unit === '' ? '' : `${unit}, `}-${letter})`
      context.stdout.write(`${title.padEnd(43 - where.length)}${where} ${shown(letter, fixed)}\n`, 0)
    }
    return 0
  }
  const letter = letters.replaceAll(/[SH]/g, '') || 'f'
  const limit = LIMITS.find(([, , each]) => each === letter)
  if (limit === undefined)
    return complain(
      context,
      `ulimit: -${letter}: invalid option\nulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]`,
      2,
    )
  if (value === undefined) {
    context.stdout.write(`${shown(letter, limit[3])}\n`, 0)
    return 0
  }
  const wanted = value === 'hard' || value === 'unlimited' ? openFiles.hard : Number(value)
  if (!Number.isInteger(wanted)) return complain(context, `ulimit: ${value}: invalid number`, 1)
  if (letter !== 'n' || wanted > openFiles.hard)
    return complain(context, `ulimit: ${limit[0]}: cannot modify limit: Operation not permitted`, 1)
  if (soft) openFiles.soft = wanted
  if (hard || !letters.includes('S')) openFiles.hard = wanted
  return 0
}

/** `local name=value`: sets it until the function returns. */
function local(args: readonly string[], context: ExecutionContext): number {
  const { scope } = context
  const hidden = scope.locals.at(-1)
  if (hidden === undefined) return complain(context, 'local: can only be used in a function', 1)
  for (const arg of args.filter((each) => !each.startsWith('-'))) {
    const [, name = arg, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(arg) ?? []
    if (!hidden.has(name)) hidden.set(name, scope.get(name))
    if (value === undefined) scope.unset(name)
    else scope.set(name, value)
  }
  return 0
}

/** `shift`, `shift 2`: removes the first arguments. */
function shift(args: readonly string[], { scope }: ExecutionContext): number {
  const count = Number(args[0] ?? 1)
  const [name = '', ...words] = scope.arguments
  if (!(count >= 0 && count <= words.length)) return 1
  scope.arguments = [name, ...words.slice(count)]
  return 0
}
