import { lookUp } from '../../manager/look-up.ts'

/** Access to the variables of an expression. */
export interface ArithmeticVariables {
  get(name: string): string
  set(name: string, value: string): void
}

/** An error in an expression, in bash's words. */
export class ArithmeticError extends Error {}

const TOKEN =
  /\s*(0[xX][\da-fA-F]+|\d+|[A-Za-z_]\w*|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%]=|[-+*/%<>=!~&|^?:(),])/y

/** Evaluates bash's `$((…))`: integers, the operators of C, assignments. An empty expression is 0. */
export function arithmetic(text: string, numbers: ArithmeticVariables): number {
  const calculator = new Calculator(text, numbers)
  return calculator.result()
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const DEEPEST = 100

class Calculator {
  readonly #tokens: string[] = []
  readonly #text: string
  readonly #numbers: ArithmeticVariables
  /** The depth of evaluation: variables whose values are expressions themselves. */
  readonly #inside: number
  #at = 0
  #depth = 0

  constructor(text: string, numbers: ArithmeticVariables, inside = 0) {
    this.#inside = inside
    this.#text = text.trim()
    this.#numbers = numbers
    TOKEN.lastIndex = 0
    let at = 0
    while (at < this.#text.length) {
      TOKEN.lastIndex = at
      const token = TOKEN.exec(this.#text)
      if (token?.[1] === undefined) throw this.#fail('syntax error: invalid arithmetic operator', at)
      this.#tokens.push(token[1])
      at = TOKEN.lastIndex
    }
  }

  result(): number {
    if (this.#tokens.length === 0) return 0
    let value = this.#assignment()
    while (this.#take(',')) value = this.#assignment()
    if (this.#at < this.#tokens.length) throw this.#fail('syntax error in expression')
    return value
  }

  #assignment(): number {
    if (++this.#depth > DEEPEST) throw this.#fail('expression recursion level exceeded')
    const name = this.#tokens[this.#at] ?? ''
    const operator = this.#tokens[this.#at + 1] ?? ''
    let value: number
    if (/^[A-Za-z_]/.test(name) && /^[-+*/%]?=$/.test(operator)) {
      this.#at += 2
      const right = this.#assignment()
      value = operator === '=' ? right : this.#apply(operator.charAt(0), this.#read(name), right)
      this.#numbers.set(name, String(value))
    } else {
      value = this.#level(0)
      if (this.#take('?')) {
        const yes = this.#assignment()
        if (!this.#take(':')) throw this.#fail("expected `:' for conditional expression")
        const no = this.#assignment()
        value = value === 0 ? no : yes
      }
    }
    this.#depth -= 1
    return value
  }

  #level(level: number): number {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#power()
    let left = this.#level(level + 1)
    for (;;) {
      const operator = this.#tokens[this.#at] ?? ''
      if (!operators.includes(operator)) return left
      this.#at += 1
      left = this.#apply(operator, left, this.#level(level + 1))
    }
  }

  #power(): number {
    const base = this.#unary()
    return this.#take('**') ? Math.trunc(base ** this.#power()) : base
  }

  #unary(): number {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw this.#fail('syntax error: operand expected')
    if (++this.#depth > DEEPEST) throw this.#fail('expression recursion level exceeded')
    const value = this.#operand(token)
    this.#depth -= 1
    return value
  }

  #operand(token: string): number {
    switch (token) {
      case '+':
        return this.#unary()
      case '-':
        return -this.#unary()
      case '!':
        return this.#unary() === 0 ? 1 : 0
      case '~':
        return ~this.#unary()
      case '(': {
        const value = this.#assignment()
        if (!this.#take(')')) throw this.#fail("missing `)'")
        return value
      }
      case '++':
      case '--':
        return this.#change(this.#tokens[this.#at++] ?? '', token, true)
    }
    if (/^\d/.test(token)) return this.#constant(token)
    if (!/^[A-Za-z_]/.test(token)) throw this.#fail('syntax error: operand expected')
    const next = this.#tokens[this.#at]
    if (next !== '++' && next !== '--') return this.#read(token)
    this.#at += 1
    return this.#change(token, next, false)
  }

  #change(name: string, operator: string, before: boolean): number {
    if (!/^[A-Za-z_]/.test(name)) throw this.#fail('syntax error: operand expected')
    const old = this.#read(name)
    const value = operator === '++' ? old + 1 : old - 1
    this.#numbers.set(name, String(value))
    return before ? value : old
  }

  #apply(operator: string, a: number, b: number): number {
    if ((operator === '/' || operator === '%') && b === 0) throw this.#fail('division by 0')
    switch (operator) {
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '/':
        return Math.trunc(a / b)
      case '%':
        return a % b
      case '<<':
        return a << b
      case '>>':
        return a >> b
      case '|':
        return a | b
      case '&':
        return a & b
      case '^':
        return a ^ b
      case '||':
        return a !== 0 || b !== 0 ? 1 : 0
      case '&&':
        return a !== 0 && b !== 0 ? 1 : 0
      default:
        return lookUp(COMPARE, operator)?.(a, b) === true ? 1 : 0
    }
  }

  /** `017` is octal, `0x1f` hexadecimal. */
  #constant(token: string): number {
    if (!/^0\d/.test(token)) return Number(token)
    if (/[89]/.test(token))
      throw new ArithmeticError(`${token}: value too great for base (error token is "${token}")`)
    return parseInt(token, 8)
  }

  /** A variable's value is evaluated as an expression. */
  #read(name: string): number {
    const value = this.#numbers.get(name)
    if (/^\s*-?(?:0|[1-9]\d*)\s*$/.test(value)) return Number(value)
    if (this.#inside >= DEEPEST) throw this.#fail('expression recursion level exceeded')
    return new Calculator(value, this.#numbers, this.#inside + 1).result()
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at += 1
    return true
  }

  #fail(message: string, at?: number): ArithmeticError {
    const rest =
      at === undefined ? this.#tokens.slice(Math.max(0, this.#at - 1)).join(' ') : this.#text.slice(at)
    return new ArithmeticError(`${this.#text}: ${message} (error token is "${rest}")`)
  }
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}
