import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../../program.ts'
import { compileRegular, type RegularExpression, type RegularExpressionProblem } from '../../regular.ts'
import { readArguments } from '../options.ts'
import { linesOf, readTexts } from './input.ts'

/** What the program of awk asks of one line. */
interface Rule {
  readonly when: 'BEGIN' | 'each' | 'END'
  readonly pattern: string
  readonly action: string
}

interface Line {
  readonly fields: readonly string[]
  readonly number: number
  readonly variables: Map<string, string | number>
}

/** mawk 1.3.4's field form: `awk '{print $2}'`, `-F:`, `NR>1`, `/text/`, `$3 > 5`, sums with `END`. */
export const awk: ShellProgram = {
  name: 'awk',
  run(call) {
    const variables = new Map<string, string | number>()
    const words: string[] = []
    let separator: string | undefined
    for (const argument of readArguments(call.args, (option) => option === '-F' || option === '-v')) {
      if ('word' in argument) words.push(argument.word)
      else if ('option' in argument && argument.option === '-F') separator = argument.value
      else if ('option' in argument && argument.option === '-v') {
        const [name = '', value = ''] = (argument.value ?? '').split(/=(.*)/s)
        variables.set(name, value)
      } else return refused(call)
    }
    const [program, ...paths] = words
    if (program === undefined) {
      call.err('Usage: mawk [Options] [Program] [file ...]\n')
      return 2
    }
    const rules = rulesOf(program)
    if (rules?.every(isKnown) !== true) return refused(call)
    const start: Line = { fields: [''], number: 0, variables }
    for (const rule of rules) if (rule.when === 'BEGIN') act(call, rule.action, start)
    if (rules.every(({ when }) => when === 'BEGIN')) return 0
    readTexts(call, paths, (texts, complete) => {
      let line = start
      try {
        for (const text of texts.flatMap((each) => linesOf(each.text))) {
          line = { fields: [text, ...split(text, separator)], number: line.number + 1, variables }
          for (const rule of rules)
            if (rule.when === 'each' && holds(rule.pattern, line)) act(call, rule.action, line)
        }
      } catch (error) {
        if (!(error instanceof BadPattern)) throw error
        call.err(error.message)
        return call.exit(2)
      }
      for (const rule of rules) if (rule.when === 'END') act(call, rule.action, line)
      call.exit(complete ? 0 : 2)
    })
    return undefined
  },
}

function refused(call: ProgramContext): number {
  call.note(call.words.awkNotHere)
  return 2
}

function split(text: string, separator: string | undefined): string[] {
  if (separator === undefined || separator === ' ')
    return text.split(/[ \t]+/).filter((field) => field !== '')
  if (text === '') return []
  if (separator === '\\t') return text.split('\t')
  return separator.length === 1 ? text.split(separator) : regular(separator).split(text)
}

/** `pattern { action } …`; nothing when it is more than that. */
function rulesOf(program: string): Rule[] | undefined {
  const rules: Rule[] = []
  let rest = program.trim()
  while (rest !== '') {
    const [whole, pattern = '', , action] = /^((?:\/(?:\\.|[^/])*\/|[^{])*)(\{([^{}]*)\})?/.exec(rest) ?? ['']
    if (whole === '') return undefined
    const typed = pattern.trim()
    const when = typed === 'BEGIN' || typed === 'END' ? typed : 'each'
    rules.push({ when, pattern: when === 'each' ? typed : '', action: action ?? 'print' })
    rest = rest.slice(whole.length).trim()
  }
  return rules
}

const VALUE = String.raw`(?:\$\w+|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:\\.|[^"])*")`
const EXPRESSION = String.raw`${VALUE}(?:\s*[-+*/]?\s*${VALUE})*`
const COMPARISON = new RegExp(String.raw`^(${VALUE})\s*(==|!=|<=|>=|<|>|!?~)\s*(${VALUE}|\/(?:\\.|[^/])*\/)$`)
const PRINT = new RegExp(String.raw`^print(?:\s+(${EXPRESSION}(?:\s*,\s*${EXPRESSION})*))?$`)
const CHANGE = new RegExp(String.raw`^([A-Za-z_]\w*)\s*(\+=|-=|=|\+\+)\s*(${EXPRESSION})?$`)

/** Whether one of our expressions matches the reader's text: it has many ways to read one that fits none. */
function isWritten(as: RegExp, text: string): boolean {
  const compiled = compileRegular(as.source, { perl: true })
  return typeof compiled !== 'string' && compiled.test(text)
}

function isKnown({ pattern, action }: Rule): boolean {
  const parts = pattern.split(/\s*&&\s*/)
  const known = (part: string): boolean =>
    part === '' ||
    isWritten(COMPARISON, part) ||
    /^!?\/.*\/$/.test(part) ||
    isWritten(new RegExp(`^${VALUE}$`), part)
  return (
    parts.every(known) &&
    statements(action).every((each) => isWritten(PRINT, each) || isWritten(CHANGE, each))
  )
}

function statements(action: string): string[] {
  return action
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

/** A regular expression that cannot be compiled; the text is mawk's. */
class BadPattern extends Error {}

const PROBLEMS: Readonly<Record<RegularExpressionProblem, string>> = {
  bracket: 'bad class -- [], [^] or [',
  parenthesis: "missing ')'",
  repetition: 'missing operand',
  big: 'resource exhaustion -- regular expression too large',
  other: 'missing operand',
}

/** The last expression: most programs have one, which is asked for each line. */
let last: { readonly source: string; readonly compiled: RegularExpression } | undefined

function regular(source: string): RegularExpression {
  if (last?.source === source) return last.compiled
  const compiled = compileRegular(source)
  if (typeof compiled === 'string')
    throw new BadPattern(
      `mawk: line 1: regular expression compile failed (${PROBLEMS[compiled]})\n${source}\n`,
    )
  last = { source, compiled }
  return compiled
}

function holds(pattern: string, line: Line): boolean {
  return pattern.split(/\s*&&\s*/).every((part) => {
    if (part === '') return true
    const [, not, source] = /^(!?)\/(.*)\/$/.exec(part) ?? []
    if (source !== undefined) return regular(source).test(line.fields[0] ?? '') === (not === '')
    const [, left, operator = '', right = ''] = COMPARISON.exec(part) ?? []
    if (left === undefined) return truth(valueOf(part, line))
    const a = valueOf(left, line)
    if (operator.endsWith('~')) {
      const source = right.startsWith('/') ? right.slice(1, -1) : String(valueOf(right, line))
      return regular(source).test(String(a)) === (operator === '~')
    }
    const b = valueOf(right, line)
    const numeric = isNumeric(a) && isNumeric(b) && !right.startsWith('"')
    const [x, y] = numeric ? [Number(a), Number(b)] : [String(a), String(b)]
    return lookUp(COMPARE, operator)?.(x, y) === true
  })
}

const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function isNumeric(value: string | number): boolean {
  return typeof value === 'number' || /^\s*-?\d+(?:\.\d+)?\s*$/.test(value)
}

function truth(value: string | number): boolean {
  return typeof value === 'number' ? value !== 0 : value !== '' && value !== '0'
}

function act(call: ProgramContext, action: string, line: Line): void {
  for (const statement of statements(action)) {
    const [, name, operator = '', expression] = PRINT.test(statement) ? [] : (CHANGE.exec(statement) ?? [])
    if (name !== undefined) {
      const old = number(line.variables.get(name) ?? 0)
      const value = expression === undefined ? 1 : reckon(expression, line)
      const by = number(value)
      line.variables.set(name, operator === '=' ? value : operator === '-=' ? old - by : old + by)
      continue
    }
    const [, items] = PRINT.exec(statement) ?? []
    const shown =
      items === undefined ? [line.fields[0] ?? ''] : commas(items).map((each) => reckon(each, line))
    call.out(`${shown.map(text).join(' ')}\n`)
  }
}

/** What does not begin with a number counts as 0. */
function number(value: string | number): number {
  return typeof value === 'number' ? value : parseFloat(value) || 0
}

/** awk prints numbers that are not whole with six digits. */
function text(value: string | number): string {
  return typeof value === 'string' || Number.isInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(6)))
}

/** Parts at commas, which in quotes part nothing. */
function commas(items: string): string[] {
  return [...items.matchAll(/(?:"(?:\\.|[^"])*"|[^,"])+/g)].map(([each]) => each.trim())
}

/** Values side by side are joined; with a sign between them they are reckoned, from left to right. */
function reckon(expression: string, line: Line): string | number {
  const tokens = [...expression.matchAll(new RegExp(`${VALUE}|[-+*/]`, 'g'))].map(([each]) => each)
  let result: string | number | undefined
  let sign = ''
  for (const token of tokens) {
    if (/^[-+*/]$/.test(token)) {
      sign = token
      continue
    }
    const value = valueOf(token, line)
    if (result === undefined) result = value
    else if (sign === '') result = text(result) + text(value)
    else {
      const [a, b] = [number(result), number(value)]
      result = sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : a / b
    }
    sign = ''
  }
  return result ?? ''
}

function valueOf(token: string, line: Line): string | number {
  if (token.startsWith('"'))
    return token.slice(1, -1).replaceAll('\\t', '\t').replaceAll('\\n', '\n').replaceAll('\\"', '"')
  if (/^-?\d/.test(token)) return Number(token)
  if (token.startsWith('$')) return line.fields[Number(valueOf(token.slice(1), line))] ?? ''
  if (token === 'NF') return line.fields.length - 1
  if (token === 'NR') return line.number
  return line.variables.get(token) ?? ''
}
