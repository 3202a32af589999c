import { RE2JS, RE2JSException } from 're2js'

/** What a program does with a regular expression that was typed. */
export interface RegularExpression {
  test(text: string): boolean
  /** Where it matches, from left to right, as offsets of UTF-16 units. */
  all(text: string): readonly (readonly [number, number])[]
  split(text: string): string[]
}

/** Why a regular expression cannot be compiled. */
export type RegularExpressionProblem = 'bracket' | 'parenthesis' | 'repetition' | 'big' | 'other'

export interface RegularExpressionOptions {
  readonly ignoreCase?: boolean
  /** Only as a word of its own, or only as the whole text. */
  readonly whole?: 'word' | 'text'
  /** As Perl writes and matches it. */
  readonly perl?: boolean
}

/** What GNU's programs say of each. */
export const GNU_PROBLEMS: Readonly<Record<RegularExpressionProblem, string>> = {
  bracket: 'Unmatched [, [^, [:, [., or [=',
  parenthesis: 'Unmatched ( or \\(',
  repetition: 'Invalid preceding regular expression',
  big: 'Regular expression too big',
  other: 'Invalid regular expression',
}

/**
 * Compiles an extended regular expression of POSIX: the longest match of the leftmost counts. It runs in linear time, since JavaScript's
 * own would let a typed pattern stop the page for hours. What needs backtracking (`\1`, `(?=…)`) is therefore refused.
 */
export function compileRegular(
  source: string,
  { ignoreCase = false, whole, perl = false }: RegularExpressionOptions = {},
): RegularExpression | RegularExpressionProblem {
  const written = perl ? source : toRe2(source)
  const placed =
    whole === 'text' ? `^(?:${written})$` : whole === 'word' ? `(?:^|\\W)((?:${written}))(?:\\W|$)` : written
  const flags =
    RE2JS.DOTALL |
    (perl ? RE2JS.LOOKBEHINDS : RE2JS.LONGEST_MATCH) |
    (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  let expression: RE2JS
  try {
    expression = RE2JS.compile(placed, flags)
  } catch (error) {
    if (error instanceof RE2JSException) return problemOf(error.message)
    throw error
  }
  const group = whole === 'word' ? 1 : 0
  const all = (text: string): (readonly [number, number])[] => {
    const matcher = expression.matcher(text)
    const found: (readonly [number, number])[] = []
    // A search for words begins at the end of the last one: two words may share the blank between them.
    let from = 0
    while (from <= text.length && (group === 0 ? matcher.find() : matcher.find(from))) {
      const [start, end] = [matcher.start(group), matcher.end(group)]
      found.push([start, end])
      from = Math.max(end, matcher.start(0) + 1)
    }
    return found
  }
  return {
    test: (text) => expression.matcher(text).find(),
    all,
    split(text: string) {
      const parts: string[] = []
      let from = 0
      for (const [start, end] of all(text)) {
        if (end === start) continue
        parts.push(text.slice(from, start))
        from = end
      }
      return [...parts, text.slice(from)]
    },
  }
}

/** What GNU's programs read otherwise than RE2: `\<`, a `*` or `)` that has nothing before it, two stars, a backslash in brackets. */
function toRe2(source: string): string {
  let result = ''
  let open = 0
  for (let at = 0; at < source.length; at++) {
    const sign = source.charAt(at)
    if (sign === '\\') {
      const next = source.charAt(++at)
      result += next === '<' || next === '>' ? '\\b' : next === '' ? '\\\\' : `\\${next}`
    } else if (sign === '[') {
      const end = bracketEnd(source, at)
      result += end < 0 ? sign : source.slice(at, end).replaceAll('\\', '\\\\')
      if (end >= 0) at = end - 1
    } else if ('*+?'.includes(sign) && /(?:^|[^\\])[(|^]$|^$/.test(result)) {
      result += `\\${sign}`
    } else if (sign === '*' && source.charAt(at - 1) === '*' && source.charAt(at - 2) !== '\\') {
      continue
    } else if (sign === ')' && open === 0) {
      result += '\\)'
    } else {
      open += sign === '(' ? 1 : sign === ')' ? -1 : 0
      result += sign
    }
  }
  return result
}

/** Behind the bracket that closes the one at `at`; -1 when there is none. */
function bracketEnd(source: string, at: number): number {
  let place = at + 1
  if (source.charAt(place) === '^') place += 1
  if (source.charAt(place) === ']') place += 1
  for (; place < source.length; place++) {
    if (source.charAt(place) === ']') return place + 1
    const kind = source.charAt(place) === '[' ? source.charAt(place + 1) : ''
    if (kind !== '' && ':.='.includes(kind)) {
      const close = source.indexOf(`${kind}]`, place + 2)
      if (close >= 0) place = close + 1
    }
  }
  return -1
}

function problemOf(message: string): RegularExpressionProblem {
  if (message.includes('missing closing ]')) return 'bracket'
  if (message.includes('missing closing )')) return 'parenthesis'
  if (/too large|nests too deeply|invalid repeat count/.test(message)) return 'big'
  return /repetition|repeat/.test(message) ? 'repetition' : 'other'
}
