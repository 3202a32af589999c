import { lookUp } from '../../../manager/look-up.ts'
/** What a template can show. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** Why a template cannot be shown, as Docker says it. */
export class TemplateError extends Error {}

type Node =
  | { readonly text: string }
  | { readonly action: string; readonly at: number }
  | {
      readonly range: string
      readonly at: number
      readonly body: readonly Node[]
      readonly other: readonly Node[]
    }
  | {
      readonly test: string
      readonly at: number
      readonly body: readonly Node[]
      readonly other: readonly Node[]
    }

type Variables = Readonly<Record<string, Value>>

/**
 * Shows a value by a template of Go's (`{{.State.Status}}`): fields, `json`, `index`, `len`, `join`, `upper`, `lower`, `println`, pipes, `range`, `if`.
 * @throws TemplateError when it is none, or when a field is not there
 */
export function fill(template: string, value: Value): string {
  const parts = template.replaceAll(String.raw`\t`, '\t').replaceAll(String.raw`\n`, '\n')
  return show(parse(parts), value, { $: value })
}

function parse(template: string): readonly Node[] {
  const tokens = [...template.matchAll(/\{\{(-?)\s*(.*?)\s*(-?)\}\}|((?:(?!\{\{)[\s\S])+|\{\{)/g)]
  let index = 0
  const list = (inside: boolean): { nodes: readonly Node[]; ended: 'end' | 'else' | 'over' } => {
    const nodes: Node[] = []
    while (index < tokens.length) {
      const [, , action, , text] = tokens[index] ?? []
      const at = tokens[index]?.index ?? 0
      index += 1
      if (text === '{{') throw new TemplateError('template parsing error: template: :1: unclosed action')
      if (text !== undefined) nodes.push({ text })
      else if (action === 'end' || action === 'else') {
        if (!inside) throw new TemplateError(`template parsing error: template: :1: unexpected {{${action}}}`)
        return { nodes, ended: action }
      } else {
        const [, word, subject = ''] = /^(range|if)\s+(.*)$/.exec(action ?? '') ?? []
        if (word === undefined) {
          nodes.push({ action: action ?? '', at: at + 2 })
          continue
        }
        const body = list(true)
        const other = body.ended === 'else' ? list(true) : { nodes: [], ended: body.ended }
        if (other.ended !== 'end')
          throw new TemplateError('template parsing error: template: :1: unexpected EOF')
        const rest = { at: at + 2, body: body.nodes, other: other.nodes }
        nodes.push(word === 'if' ? { test: subject, ...rest } : { range: subject, ...rest })
      }
    }
    return { nodes, ended: 'over' }
  }
  return list(false).nodes
}

function show(nodes: readonly Node[], dot: Value, variables: Variables): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text
      if ('action' in node) return inGo(pipeline(node.action, node.at, dot, variables))
      if ('test' in node)
        return show(
          isTrue(pipeline(node.test, node.at, dot, variables)) ? node.body : node.other,
          dot,
          variables,
        )
      const [, names, subject = node.range] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*(.*)$/.exec(node.range) ?? []
      const entries = entriesOf(pipeline(subject, node.at, dot, variables))
      if (entries.length === 0) return show(node.other, dot, variables)
      const [first, second] = names?.split(/\s*,\s*/) ?? []
      return entries
        .map(([key, value]) => {
          const own: Record<string, Value> = {}
          if (first !== undefined) own[first] = second === undefined ? value : key
          if (second !== undefined) own[second] = value
          return show(node.body, value, { ...variables, ...own })
        })
        .join('')
    })
    .join('')
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (Array.isArray(value)) return (value as readonly Value[]).map((each, index) => [index, each] as const)
  return isRecord(value) ? Object.entries(value) : []
}

function isTrue(value: Value): boolean {
  return typeof value === 'object' && value !== null ? entriesOf(value).length > 0 : Boolean(value)
}

/** `json .A | upper`: each part gets what the one before it gives as its last argument. */
function pipeline(text: string, at: number, dot: Value, variables: Variables): Value {
  let piped: Value | undefined
  for (const part of text.split(/\s*\|\s*(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const [first = '', ...words] = part.match(/"(?:[^"\\]|\\.)*"|\([^)]*\)|[^\s"()]+/g) ?? []
    const args = words.map((word) => operand(word, at, dot, variables))
    if (piped !== undefined) args.push(piped)
    const run = lookUp(FUNCTIONS, first)
    piped = run === undefined ? operand(first, at, dot, variables) : run(args, first)
  }
  return piped ?? ''
}

const FUNCTIONS: Readonly<Record<string, (args: readonly Value[], name: string) => Value>> = {
  json: ([value = null]) => JSON.stringify(value),
  len: ([value = null]) => (typeof value === 'string' ? value.length : entriesOf(value).length),
  index: ([value = null, ...keys]) => keys.reduce<Value>((found, key) => item(found, key), value),
  join: ([value = null, separator = '']) =>
    entriesOf(value)
      .map(([, each]) => inGo(each))
      .join(inGo(separator)),
  upper: ([value = null]) => inGo(value).toUpperCase(),
  lower: ([value = null]) => inGo(value).toLowerCase(),
  print: (args) => args.map(inGo).join(''),
  println: (args) => `${args.map(inGo).join(' ')}\n`,
  not: ([value = null]) => !isTrue(value),
  eq: ([a = null, ...rest]) => rest.includes(a),
  ne: ([a = null, b = null]) => a !== b,
}

function item(value: Value, key: Value): Value {
  const name = inGo(key)
  if (Array.isArray(value)) return (value as readonly Value[])[Number(name)] ?? null
  return isRecord(value) && Object.hasOwn(value, name) ? (lookUp(value, name) ?? null) : ''
}

function operand(word: string, at: number, dot: Value, variables: Variables): Value {
  if (word.startsWith('"')) return word.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (word.startsWith('(')) return pipeline(word.slice(1, -1), at, dot, variables)
  if (/^-?\d+$/.test(word)) return Number(word)
  if (word === 'true' || word === 'false') return word === 'true'
  const [, name, path = ''] = /^(\$\w*)?((?:\.\w+)*|\.)$/.exec(word) ?? []
  if (name === undefined && path === '')
    throw new TemplateError(`template parsing error: template: :1: function "${word}" not defined`)
  let value: Value = name === undefined ? dot : (lookUp(variables, name) ?? null)
  let column = at + (name?.length ?? 0)
  for (const field of path.split('.').filter((each) => each !== '')) {
    if (!isRecord(value) || !Object.hasOwn(value, field))
      throw new TemplateError(
        `template parsing error: template: :1:${column}: executing "" at <${word}>: map has no entry for key "${field}"`,
      )
    column += field.length + 1
    value = lookUp(value, field) ?? null
  }
  return value
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as Go prints it. */
function inGo(value: Value): string {
  if (value === null) return '<no value>'
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(inGo).join(' ')}]`
  if (isRecord(value)) {
    const entries = Object.entries(value)
    return `map[${entries.map(([key, each]) => `${key}:${inGo(each)}`).join(' ')}]`
  }
  return `${value as string | number | boolean}`
}
