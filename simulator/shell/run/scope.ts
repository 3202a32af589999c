import type { Command } from '../language/tree.ts'
import { Traps } from './traps.ts'

/** What `set` turns on and off: `-e`, `-u`, `-x`, `-o pipefail`. */
export type Option = 'errexit' | 'nounset' | 'xtrace' | 'pipefail'

/** The variables of a shell. A subshell begins with a copy. */
export class Scope {
  readonly #values: Map<string, string>
  readonly #exported: Set<string>
  /** `$?`. */
  status = 0
  readonly options: Set<Option>
  /** `name() { … }`. */
  readonly functions: Map<string, Command>
  /** `alias ll='ls -l'`; only lines typed at a prompt use them. */
  readonly aliases = new Map<string, string>()
  /** Replaces aliases in a line; set with the first alias. */
  unaliased: ((line: string) => string) | undefined
  /** `set -x`: how a command is printed before it runs. */
  traced: ((words: readonly string[], assigned: Readonly<Record<string, string>>) => string) | undefined
  /** `trap`: actions for signals and for `EXIT`. An empty text ignores the signal. */
  readonly traps = new Traps()
  /** For each running function, the variables that `local` has hidden. */
  readonly locals: Map<string, string | undefined>[] = []
  /** How many functions and sourced files are running, which `return` can end. */
  returns = 0
  /** `ulimit -n`. */
  openFiles: { soft: number; hard: number }
  /** `$!`. */
  lastBackground: number | undefined
  /** `$$`. */
  readonly shell: number
  /** `$0`, `$1`, … */
  arguments: readonly string[]
  /** The absolute path of the working folder. */
  cwd: string

  constructor(shell: number, cwd: string, parent?: Scope, args?: readonly string[]) {
    this.#values = new Map(parent === undefined ? [] : parent.#values)
    this.#exported = new Set(parent === undefined ? [] : parent.#exported)
    this.status = parent?.status ?? 0
    // A script runs in a new shell: it inherits neither `set -e` nor functions.
    const heir = args === undefined ? parent : undefined
    this.options = new Set(heir?.options)
    this.functions = new Map(heir?.functions)
    this.traced = heir?.traced
    this.returns = heir?.returns ?? 0
    this.openFiles = { ...(parent?.openFiles ?? { soft: 1024, hard: 1_048_576 }) }
    this.lastBackground = parent?.lastBackground
    this.shell = shell
    this.cwd = cwd
    this.arguments = args ?? parent?.arguments ?? ['-bash']
  }

  /** Makes the scope of a subshell: `( … )`, a stage of a pipeline, a script with its arguments. */
  inner(args?: readonly string[]): Scope {
    return new Scope(this.shell, this.cwd, this, args)
  }

  get(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status)
      case '$':
        return String(this.shell)
      case '!':
        return this.lastBackground === undefined ? undefined : String(this.lastBackground)
      case '#':
        return String(this.arguments.length - 1)
      case '@':
      case '*':
        return this.arguments.slice(1).join(' ')
      case 'PWD':
        return this.cwd
    }
    return /^\d/.test(name) ? this.arguments[Number(name)] : this.#values.get(name)
  }

  set(name: string, value: string): void {
    this.#values.set(name, value)
  }

  export(name: string): void {
    this.#exported.add(name)
  }

  /** Unsets a variable; whether it is exported stays. */
  forget(name: string): void {
    this.#values.delete(name)
  }

  unset(name: string): void {
    this.forget(name)
    this.#exported.delete(name)
  }

  /** Sets the environment that a new shell is started with. */
  inherit(env: Readonly<Record<string, string>>): void {
    for (const name of [...this.#exported]) if (!Object.hasOwn(env, name)) this.unset(name)
    for (const [name, value] of Object.entries(env)) {
      this.set(name, value)
      this.export(name)
    }
  }

  /** The environment for programs. */
  environment(): Record<string, string> {
    const entries = [...this.#exported].flatMap((name) => {
      const value = this.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(entries)
  }

  /** Every variable, in the order of the names. */
  all(): readonly (readonly [string, string])[] {
    return [...this.#values].toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
}
