import { ArithmeticError } from '../language/arithmetic.ts'
import {
  expandOne,
  ParameterError,
  patternOf,
  evaluateArithmetic,
  type ExpansionContext,
} from '../language/expand.ts'
import { matches } from '../../machine/glob.ts'
import type { Command, Script, Word } from '../language/tree.ts'
import type { Complaints } from './complaints.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import { pause, type Flow } from './flow.ts'
import type { Foreground } from './foreground.ts'
import { LoopEnd } from './leaving.ts'
import { loadCode } from './loaded.ts'

/** Each round of a loop takes this many virtual ms, so that an endless loop can be interrupted. */
const ROUND = 1

/** What compound commands need: parts of the shell, and methods of the interpreter. */
interface Dependencies {
  readonly shell: ShellContext
  readonly complaints: Complaints
  readonly foreground: Foreground
  readonly script: (script: Script, context: ExecutionContext) => Flow<number>
  readonly around: (context: ExecutionContext) => ExpansionContext
  readonly expandAll: (words: readonly Word[], context: ExecutionContext) => Flow<string[] | undefined>
  readonly parenthesised: (source: string, body: Script, context: ExecutionContext) => Flow<number>
}

type Compound = Exclude<Command, { kind: 'simple' }>

/** Runs groups, loops, conditions and functions. */
export class Compounds {
  readonly #parts: Dependencies

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  *run(command: Compound, context: ExecutionContext): Flow<number> {
    try {
      return yield* this.#carryOut(command, context)
    } catch (error) {
      if (error instanceof ArithmeticError || error instanceof ParameterError)
        return this.#parts.complaints.mistake(error, context)
      throw error
    }
  }

  *#carryOut(command: Compound, context: ExecutionContext): Flow<number> {
    const { scope } = context
    const { script, parenthesised } = this.#parts
    const around = this.#parts.around(context)
    switch (command.kind) {
      case 'group':
        return command.own
          ? yield* parenthesised(command.source, command.body, context)
          : yield* script(command.body, context)
      case 'for':
      case 'count':
      case 'while':
        return yield* this.#repeat(command, context)
      case 'if': {
        for (const { test, body } of command.branches) {
          if ((yield* script(test, { ...context, tested: true })) === 0) return yield* script(body, context)
        }
        scope.status = 0
        return command.otherwise === undefined ? 0 : yield* script(command.otherwise, context)
      }
      case 'case': {
        const value = [...(yield* expandOne(command.word, around))]
        scope.status = 0
        for (const { patterns, body } of command.arms)
          for (const pattern of patterns)
            if (matches(yield* patternOf(pattern, around), value)) return yield* script(body, context)
        return 0
      }
      case 'condition': {
        const { system } = this.#parts.shell
        const conditions = yield* loadCode(system, async () => import('./conditional.ts'))
        if (conditions === undefined) return 2
        return yield* conditions.evaluate(command.condition, { around, system, context })
      }
      case 'function':
        scope.functions.set(command.name, command.body)
        return 0
      case 'arithmetic':
        return (yield* evaluateArithmetic(command.expression, around)) === 0 ? 1 : 0
    }
  }

  *#repeat(command: Compound & { kind: 'for' | 'count' | 'while' }, context: ExecutionContext): Flow<number> {
    const { scope } = context
    const { script, expandAll } = this.#parts
    switch (command.kind) {
      case 'for': {
        const words = yield* expandAll(command.words, context)
        if (words === undefined) return 1
        return yield* this.#loop(context, command.body, () => {
          const word = words.shift()
          if (word === undefined) return false
          scope.set(command.name, word)
          return true
        })
      }
      case 'count': {
        const around = this.#parts.around(context)
        yield* evaluateArithmetic(command.start, around)
        let first = true
        return yield* this.#loop(context, command.body, function* () {
          if (!first) yield* evaluateArithmetic(command.step, around)
          first = false
          return isBlank(command.test) || (yield* evaluateArithmetic(command.test, around)) !== 0
        })
      }
      case 'while': {
        const test = (): Flow<number> => script(command.test, { ...context, tested: true })
        return yield* this.#loop(context, command.body, function* () {
          return ((yield* test()) === 0) !== command.until
        })
      }
    }
  }

  *#loop(context: ExecutionContext, body: Script, next: () => Flow<boolean> | boolean): Flow<number> {
    const { scope } = context
    const { foreground, script } = this.#parts
    let status = 0
    let rounds = 0
    const isStopped = (): boolean => foreground.stopSeen && context.job === undefined
    while (!isStopped() && (yield* this.#tryNext(next, context))) {
      if (rounds++ > 0) yield* pause(this.#parts.shell.system, ROUND)
      try {
        status = yield* script(body, context)
      } catch (error) {
        if (!(error instanceof LoopEnd)) throw error
        if (error.levels > 1) throw new LoopEnd(error.again, error.levels - 1)
        status = 0
        if (!error.again) break
      }
    }
    scope.status = status
    return status
  }

  *#tryNext(next: () => Flow<boolean> | boolean, context: ExecutionContext): Flow<boolean> {
    try {
      const result = next()
      return typeof result === 'boolean' ? result : yield* result
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error
      return this.#parts.complaints.mistake(error, context)
    }
  }
}

function isBlank({ pieces }: Word): boolean {
  return pieces.every((piece) => piece.kind === 'text' && piece.text.trim() === '')
}
