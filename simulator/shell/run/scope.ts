/** The variables of a shell. A subshell begins with a copy. */
export class Scope {
  readonly #values: Map<string, string>
  readonly #exported: Set<string>
  /** `$?`. */
  status = 0
  /** `set -e`: the first command that fails ends the shell. */
  stopsAtFailure = false
  /** `$!`. */
  lastBackground: number | undefined
  /** `$$`. */
  readonly shell: number
  /** `$0`, `$1`, … */
  readonly arguments: readonly string[]
  /** The absolute path of the working folder. */
  cwd: string

  constructor(shell: number, cwd: string, parent?: Scope, args?: readonly string[]) {
    this.#values = new Map(parent === undefined ? [] : parent.#values)
    this.#exported = new Set(parent === undefined ? [] : parent.#exported)
    this.status = parent?.status ?? 0
    // A script is a new shell: it does not inherit `set -e`.
    this.stopsAtFailure = args === undefined && parent?.stopsAtFailure === true
    this.lastBackground = parent?.lastBackground
    this.shell = shell
    this.cwd = cwd
    this.arguments = args ?? parent?.arguments ?? ['-bash']
  }

  /** A shell inside this one: `( … )`, a stage of a pipe, a script with its arguments. */
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

  unset(name: string): void {
    this.#values.delete(name)
    this.#exported.delete(name)
  }

  /** The environment of programs. */
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
