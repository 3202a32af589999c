import { ShellSyntaxError, type Token } from './tokens.ts'
import type { Condition, Word } from './tree.ts'

/** More conditions in one `[[ … ]]` are refused: each is a level of the tree. */
const MOST_PARTS = 200

/** Parses `[[ … ]]` after its opening: `peek` returns the next token, `next` takes it. */
export function readCondition(peek: () => Token | undefined, next: () => Token | undefined): Condition {
  const isAt = (text: string): boolean => peek()?.text === text
  const word = (): Word => {
    const token = next()
    if (token === undefined) throw new ShellSyntaxError('incomplete', ']]')
    if (token.kind !== 'word' || token.text === ']]') throw new ShellSyntaxError('unexpected', token.text)
    return token.word
  }
  let parts = 0
  const either = (): Condition => {
    const left = both()
    if (!isAt('||')) return left
    next()
    return { kind: '||', left, right: either() }
  }
  const both = (): Condition => {
    const left = one()
    if (!isAt('&&')) return left
    next()
    return { kind: '&&', left, right: both() }
  }
  const one = (): Condition => {
    if (++parts > MOST_PARTS) throw new ShellSyntaxError('unsupported', '[[ … ]]')
    if (isAt('!')) {
      next()
      return { kind: 'not', of: one() }
    }
    if (isAt('(')) {
      next()
      const inside = either()
      if (!isAt(')'))
        throw new ShellSyntaxError(peek() === undefined ? 'incomplete' : 'unexpected', peek()?.text ?? ')')
      next()
      return inside
    }
    const typed = peek()?.text ?? ''
    const left = word()
    const after = peek()
    const alone = after === undefined || [']]', '&&', '||', ')'].includes(after.text)
    if (/^-[a-zA-Z]$/.test(typed) && !alone) return { kind: 'unary', operator: typed, word: word() }
    if (alone) return { kind: 'unary', operator: '-n', word: left }
    next()
    return { kind: 'binary', operator: after.text, left, right: word() }
  }
  const condition = either()
  if (peek() === undefined) throw new ShellSyntaxError('incomplete', ']]')
  if (!isAt(']]')) throw new ShellSyntaxError('unexpected', peek()?.text ?? 'newline')
  next()
  return condition
}
