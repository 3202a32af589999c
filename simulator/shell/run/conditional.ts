import type { System } from '../../machine/system.ts'
import { arithmetic } from '../language/arithmetic.ts'
import { expandOne, patternOf, type ExpansionContext } from '../language/expand.ts'
import { matches, type PatternCharacter } from '../../machine/glob.ts'
import type { Condition } from '../language/tree.ts'
import { check } from '../programs/condition.ts'
import { compileRegular, type RegularExpression } from '../regular.ts'
import type { ExecutionContext } from './context.ts'
import type { Flow } from './flow.ts'

interface ConditionContext {
  readonly around: ExpansionContext
  readonly system: System
  readonly context: ExecutionContext
}

/** Evaluates `[[ … ]]`: 0 when it is true, 1 when it is false, 2 after an error. */
export function* evaluate(condition: Condition, place: ConditionContext): Flow<number> {
  const { around, context } = place
  switch (condition.kind) {
    case 'not': {
      const code = yield* evaluate(condition.of, place)
      return code > 1 ? code : 1 - code
    }
    case '&&':
    case '||': {
      const left = yield* evaluate(condition.left, place)
      const decided = left > 1 || (left === 0) === (condition.kind === '||')
      return decided ? left : yield* evaluate(condition.right, place)
    }
    case 'unary':
      return checked(place, [condition.operator, yield* expandOne(condition.word, around)])
    case 'binary': {
      const { operator } = condition
      const left = yield* expandOne(condition.left, around)
      if (operator === '=~') {
        const pattern = regularExpression(yield* patternOf(condition.right, around))
        return pattern === undefined ? 2 : pattern.test(left) ? 0 : 1
      }
      if (/^(?:==?|!=)$/.test(operator)) {
        const same = matches(yield* patternOf(condition.right, around), [...left])
        return same === (operator !== '!=') ? 0 : 1
      }
      const right = yield* expandOne(condition.right, around)
      if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) return checked(place, [left, operator, right])
      const numbers = { get: (name: string) => around.get(name) ?? '', set: () => undefined }
      const [a, b] = [arithmetic(left, numbers), arithmetic(right, numbers)]
      return checked({ ...place, context }, [String(a), operator, String(b)])
    }
  }
}

function checked({ system, context }: ConditionContext, words: readonly string[]): number {
  const err = (text: string): void =>
    void context.stderr.write(text.replace(/^bash: \[\[: /, context.speaker), 0)
  return check({ system, cwd: context.scope.cwd, name: '[[', err }, words)
}

/** A regular expression in which quoted text is literal. */
function regularExpression(pattern: readonly PatternCharacter[]): RegularExpression | undefined {
  const source = pattern
    .map(({ text, literal }) => (literal ? text.replace(/[\\^$.*+?()[\]{}|]/, '\\$&') : text))
    .join('')
  const compiled = compileRegular(source)
  return typeof compiled === 'string' ? undefined : compiled
}
