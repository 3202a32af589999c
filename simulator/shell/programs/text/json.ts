import { lookUp } from '../../../manager/look-up.ts'
import type { ProgramContext, ShellProgram } from '../../program.ts'
import { readTexts } from './input.ts'

/** One step of a path of jq. */
type Step = { readonly key: string } | { readonly index: number } | 'each' | 'length' | 'keys'

/** jq 1.6's paths: `.`, `.name`, `.list[0]`, `.[]`, `|`, `length`, `keys`, with `-r`, `-c`. */
export const jq: ShellProgram = {
  name: 'jq',
  run(call) {
    const flags = call.args.filter((arg) => /^-./.test(arg))
    const [filter = '.', ...paths] = call.args.filter((arg) => !/^-./.test(arg))
    const steps = stepsOf(filter)
    if (
      steps === undefined ||
      flags.some((flag) => !/^(?:-[rcM]+|--raw-output|--compact-output)$/.test(flag))
    ) {
      call.note(call.words.jqNotHere)
      return 3
    }
    const raw = flags.some((flag) => /^-\w*r|raw/.test(flag))
    const compact = flags.some((flag) => /^-\w*c|compact/.test(flag))
    readTexts(call, paths, (texts) => {
      const text = texts.map((each) => each.text).join('')
      if (text.trim() === '') return call.exit(0)
      const value = parsed(text)
      if (value === undefined) {
        const [before = ''] = text.split(/\n$/)
        call.err(`parse error: Invalid numeric literal at line ${before.split('\n').length + 1}, column 0\n`)
        return call.exit(2)
      }
      const results = follow([value.value], steps)
      for (const each of results.values)
        call.out(`${raw && typeof each === 'string' ? each : JSON.stringify(each, null, compact ? 0 : 2)}\n`)
      if (results.problem !== undefined) call.err(`jq: error (at <stdin>:1): ${results.problem}\n`)
      call.exit(results.problem === undefined ? 0 : 5)
    })
    return undefined
  },
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function stepsOf(filter: string): Step[] | undefined {
  const steps: Step[] = []
  for (const part of filter.split('|').map((each) => each.trim())) {
    if (part === 'length' || part === 'keys') {
      steps.push(part)
      continue
    }
    if (!part.startsWith('.')) return undefined
    let rest = part === '.' ? '' : part
    while (rest !== '') {
      const [whole = '', key, quoted, index, each] =
        /^\.?(?:([A-Za-z_]\w*)|"([^"]*)"|\[(-?\d+)\]|(\[\]))/.exec(rest) ?? []
      if (whole === '') return undefined
      if (each !== undefined) steps.push('each')
      else steps.push(index === undefined ? { key: key ?? quoted ?? '' } : { index: Number(index) })
      rest = rest.slice(whole.length)
    }
  }
  return steps
}

function follow(values: readonly unknown[], steps: readonly Step[]): { values: unknown[]; problem?: string } {
  const [step, ...rest] = steps
  if (step === undefined) return { values: [...values] }
  const found: unknown[] = []
  for (const value of values) {
    const next = taken(value, step)
    if ('problem' in next) return { values: found, problem: next.problem }
    const after = follow(next.values, rest)
    found.push(...after.values)
    if (after.problem !== undefined) return { values: found, problem: after.problem }
  }
  return { values: found }
}

function taken(value: unknown, step: Step): { values: unknown[] } | { problem: string } {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (step === 'length' || step === 'keys') {
    if (Array.isArray(value)) return { values: [step === 'length' ? value.length : [...value.keys()]] }
    if (isObject) {
      const keys = Object.keys(value).toSorted()
      return { values: [step === 'length' ? keys.length : keys] }
    }
    if (step === 'length' && value === null) return { values: [0] }
    if (step === 'length' && typeof value === 'string') return { values: [[...value].length] }
    return { problem: `${kind} (${JSON.stringify(value)}) has no ${step}` }
  }
  if (step === 'each') {
    if (Array.isArray(value)) return { values: [...(value as unknown[])] }
    if (isObject) return { values: Object.values(value) }
    return { problem: `Cannot iterate over ${kind}${value === null ? '' : ` (${JSON.stringify(value)})`}` }
  }
  if (value === null) return { values: [null] }
  if ('key' in step)
    return isObject
      ? { values: [lookUp(value as Record<string, unknown>, step.key) ?? null] }
      : { problem: `Cannot index ${kind} with "${step.key}"` }
  return Array.isArray(value)
    ? { values: [(value as unknown[]).at(step.index) ?? null] }
    : { problem: `Cannot index ${kind} with number` }
}

/** `python3 -m json.tool`: JSON with an indentation of four. */
export const jsonTool: ShellProgram = {
  name: 'json.tool',
  run(call) {
    readTexts(
      call,
      call.args.filter((arg) => !arg.startsWith('-')),
      (texts) => {
        const text = texts.map((each) => each.text).join('')
        const value = parsed(text)
        if (value !== undefined) {
          call.out(`${ascii(JSON.stringify(value.value, null, 4))}\n`)
          return call.exit(0)
        }
        call.err(`${complaint(call, text)}\n`)
        call.exit(1)
      },
    )
    return undefined
  },
}

/** Python writes what is not ASCII by its number. */
function ascii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function complaint(_: ProgramContext, text: string): string {
  const start = /^\s*/.exec(text)?.[0].length ?? 0
  const name = /^\s*\{\s*(?=[^"}\s])/.exec(text)?.[0]
  const value = /[[:,]\s*(?=[\]},])/.exec(text)
  const at = name?.length ?? (value === null ? start : value.index + value[0].length)
  const before = text.slice(0, at).split('\n')
  const where = `line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1} (char ${at})`
  return `${name === undefined ? 'Expecting value' : 'Expecting property name enclosed in double quotes'}: ${where}`
}
