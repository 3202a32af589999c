import { ShellSyntaxError } from './tokens.ts'
import type { Assignment, Redirect, Word } from './tree.ts'

/** The redirection for an operator: `2>`, `&>>`, `<<<`. */
export function redirectOf(typed: string, to: Word): Redirect {
  const [, number, operator = ''] = /^([012]?)(.*)$/.exec(typed) ?? []
  if (operator === '&>' || operator === '&>>')
    return { stream: 'both', operator: operator === '&>' ? '>' : '>>', to }
  const isInput = operator.startsWith('<')
  const stream = number === '' ? (isInput ? 0 : 1) : (Number(number) as 0 | 1 | 2)
  if (operator === '<<<' || operator === '<<' || operator === '<' || operator === '>>' || operator === '>&')
    return { stream, operator, to }
  if (operator === '>' || operator === '>|') return { stream, operator: '>', to }
  throw new ShellSyntaxError('unsupported', operator)
}

/** Reads a word as an assignment `NAME=value`; `undefined` when it is none. */
export function asAssignment(word: Word): Assignment | undefined {
  const [first] = word.pieces
  if (first?.kind !== 'text' || first.quoted) return undefined
  const match = /^([A-Za-z_]\w*)=/.exec(first.text)
  if (match?.[1] === undefined) return undefined
  const rest = { ...first, text: first.text.slice(match[0].length) }
  return { name: match[1], value: { pieces: [rest, ...word.pieces.slice(1)], quoted: word.quoted } }
}
