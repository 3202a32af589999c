/** A part of a word. A `quoted` part is neither split at blanks nor matched against file names. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly variable: Variable; readonly quoted: boolean }
  /** `$(…)` or `` `…` ``: replaced by the output of these commands. */
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean }
  /** The output that has replaced a command substitution. */
  | { readonly kind: 'found'; readonly text: string; readonly quoted: boolean }
  /** `$((…))`: expanded like text in double quotes, then evaluated. */
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }

/** `$NAME`, `${NAME}`, `${#NAME}`, `${NAME:-word}` and the like, `$?`, `$!`, `$$`, `$1`. */
export interface Variable {
  readonly name: string
  readonly operator?: ':-' | '-' | ':=' | '=' | ':+' | '+' | ':?' | '?' | 'length' | AffixRemoval
  readonly operand?: Word
}

/** `${NAME%.py}`, `${NAME#v}`: removes the shortest match at the end or at the beginning; doubled, the longest. */
export type AffixRemoval = '%' | '%%' | '#' | '##'

/** A word of a command line before expansion. */
export interface Word {
  readonly pieces: readonly WordPart[]
  /** Whether it is quoted: `''` is an empty argument, but an empty unquoted `$NAME` is no argument. */
  readonly quoted: boolean
}

export interface Redirect {
  /** 0, 1 or 2; `both` is `&>`. */
  readonly stream: 0 | 1 | 2 | 'both'
  readonly operator: '<' | '>' | '>>' | '>&' | '<<<' | '<<'
  readonly to: Word
}

export interface Assignment {
  readonly name: string
  readonly value: Word
}

/** One command. `source` is how it was typed. */
export type Command = { readonly redirects: readonly Redirect[]; readonly source: string } & (
  | {
      readonly kind: 'simple'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
    }
  /** `( … )` in a subshell (`own`), or `{ …; }`. */
  | { readonly kind: 'group'; readonly own: boolean; readonly body: Script }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  /** `for ((start; test; step))`. */
  | {
      readonly kind: 'count'
      readonly start: Word
      readonly test: Word
      readonly step: Word
      readonly body: Script
    }
  | { readonly kind: 'while'; readonly until: boolean; readonly test: Script; readonly body: Script }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Script | undefined }
  /** `((…))`. */
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'case'; readonly word: Word; readonly arms: readonly CaseArm[] }
  /** `[[ … ]]`. */
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
)

/** A branch of `case`: `a|b) …;;`. */
export interface CaseArm {
  readonly patterns: readonly Word[]
  readonly body: Script
}

/** A condition of `[[ … ]]`. */
export type Condition =
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: '&&' | '||'; readonly left: Condition; readonly right: Condition }
  /** `-f main.py`; a single word is tested with `-n`. */
  | { readonly kind: 'unary'; readonly operator: string; readonly word: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }

export interface Branch {
  readonly test: Script
  readonly body: Script
}

/** Commands whose output is the next one's input. */
export interface Pipeline {
  /** `!` before it: inverts success and failure. */
  readonly negated: boolean
  /** `time` before it. */
  readonly timed: boolean
  readonly stages: readonly Command[]
  readonly source: string
}

/** Pipelines joined by `&&` and `||`. */
export interface AndOr {
  readonly links: readonly { readonly after: '' | '&&' | '||'; readonly pipeline: Pipeline }[]
  /** `&`: the next one does not wait for it. */
  readonly background: boolean
  readonly source: string
  /** The number of the line where it begins. */
  readonly line: number
}

export type Script = readonly AndOr[]

/** Why a line cannot be parsed. */
export interface SyntaxProblem {
  readonly problem:
    | 'unexpected'
    /** More lines must follow: an open quote, a loop without its `done`. `token` is what is missing. */
    | 'incomplete'
    /** bash supports it, this shell does not. */
    | 'unsupported'
  readonly token: string
}
