/** A stretch of a word. What is `quoted` is neither split at blanks nor matched against file names. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly variable: Variable; readonly quoted: boolean }
  /** `$(…)` or `` `…` ``: what these commands print. */
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean }
  /** What such commands have printed. */
  | { readonly kind: 'found'; readonly text: string; readonly quoted: boolean }
  /** `$((…))`: what stands in it is replaced as between double quotes, and then reckoned. */
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }

/** `$NAME`, `${NAME}`, `${#NAME}`, `${NAME:-word}` and its relatives, `$?`, `$!`, `$$`, `$1`. */
export interface Variable {
  readonly name: string
  readonly operator?: ':-' | '-' | ':=' | '=' | ':+' | '+' | ':?' | '?' | 'length' | AffixRemoval
  readonly operand?: Word
}

/** `${NAME%.py}`, `${NAME#v}`: the shortest match is taken off the end or the beginning; doubled, the longest. */
export type AffixRemoval = '%' | '%%' | '#' | '##'

/** A word of a command line, before anything in it is replaced. */
export interface Word {
  readonly pieces: readonly WordPart[]
  /** `''` is an argument, though it is empty; an empty `$NAME` is none. */
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
  /** `( … )`, in a shell of its own, or `{ …; }`. */
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

/** `a|b) …;;` of `case`. */
export interface CaseArm {
  readonly patterns: readonly Word[]
  readonly body: Script
}

/** What stands in `[[ … ]]`. */
export type Condition =
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: '&&' | '||'; readonly left: Condition; readonly right: Condition }
  /** `-f main.py`; a word alone is asked for by `-n`. */
  | { readonly kind: 'unary'; readonly operator: string; readonly word: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }

export interface Branch {
  readonly test: Script
  readonly body: Script
}

/** Commands whose output is the next one's input. */
export interface Pipeline {
  /** `!` before it: success becomes failure. */
  readonly negated: boolean
  /** `time` before it. */
  readonly timed: boolean
  readonly stages: readonly Command[]
  readonly source: string
}

/** Pipelines of which each depends on how the one before ended. */
export interface AndOr {
  readonly links: readonly { readonly after: '' | '&&' | '||'; readonly pipeline: Pipeline }[]
  /** `&`: the next one does not wait for it. */
  readonly background: boolean
  readonly source: string
  /** The number of the line where it begins. */
  readonly line: number
}

export type Script = readonly AndOr[]

/** Why a line cannot be read. */
export interface SyntaxProblem {
  readonly problem:
    | 'unexpected'
    /** More lines have to come: an open quote, a loop without its `done`. `token` is what is awaited. */
    | 'incomplete'
    /** Real shells can, this one cannot. */
    | 'unsupported'
  readonly token: string
}
