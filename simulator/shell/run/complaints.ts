import { ArithmeticError } from '../language/arithmetic.ts'
import { ParameterError } from '../language/expand.ts'
import type { SyntaxProblem } from '../language/tree.ts'
import { fillIn } from '../words.ts'
import { wrap } from '../wrap.ts'
import type { ExecutionContext, ShellContext } from './context.ts'
import type { Flow } from './flow.ts'
import { Discarded, ShellExit } from './leaving.ts'
import { loadCode } from './loaded.ts'
import { fileKey, isFolder, resolve } from './paths.ts'
import type { Sink } from './streams.ts'

/** The shell's error messages: in bash's words, or in ours for what bash could do. */
export class Complaints {
  readonly #shell: ShellContext

  constructor(shell: ShellContext) {
    this.#shell = shell
  }

  /** Prints a sentence of ours after a `#`, in grey, so that it is not mistaken for a program's output. */
  note(text: string, sink: Sink): void {
    const { colors, columns } = this.#shell
    for (const line of wrap(text, columns - 2)) {
      sink.write(colors && sink.terminal ? `\x1b[90m# ${line}\x1b[0m\n` : `# ${line}\n`, 0)
    }
  }

  /** Suggests what to type instead; only at a terminal. */
  #advise(text: string, sink: Sink): void {
    if (this.#shell.ownProcess === undefined) this.note(text, sink)
  }

  /** Prints why a line cannot be parsed. Returns the exit code. */
  refuse(problem: SyntaxProblem, { stderr, speaker }: ExecutionContext): number {
    const { token } = problem
    switch (problem.problem) {
      case 'incomplete':
        stderr.write(
          /^['"`]$/.test(token)
            ? `${speaker}unexpected EOF while looking for matching \`${token}'\n`
            : `${speaker}syntax error: unexpected end of file\n`,
          0,
        )
        break
      case 'unexpected':
        stderr.write(`${speaker}syntax error near unexpected token \`${token}'\n`, 0)
        break
      case 'unsupported':
        this.note(fillIn(this.#shell.words.notInThisShell, { what: token }), stderr)
    }
    return 2
  }

  /** Prints an error of an expansion or of arithmetic, which ends the line, or a script when a value is missing. */
  mistake(error: unknown, context: ExecutionContext): never {
    if (!(error instanceof ArithmeticError) && !(error instanceof ParameterError)) throw error
    context.stderr.write(`${context.speaker}${error.message}\n`, 0)
    if (error instanceof ParameterError && context.job !== undefined)
      throw new ShellExit(context.file === 'bash' ? 127 : 1)
    throw new Discarded()
  }

  /** No program has this name; `commands` are the names that exist. */
  *notFound(name: string, context: ExecutionContext, commands: readonly string[]): Flow<number> {
    const { words, system } = this.#shell
    const { stderr, speaker, scope } = context
    if (name.includes('/')) {
      const key = fileKey(scope.cwd, name)
      const isThere = system.readFile(key) !== undefined
      const folder = isFolder(system, resolve(scope.cwd, name))
      stderr.write(
        `${speaker}${name}: ${folder ? 'Is a directory' : isThere ? 'Permission denied' : 'No such file or directory'}\n`,
        0,
      )
      if (!isThere && !folder) this.#advise(words.seeHelp, stderr)
      return isThere || folder ? 126 : 127
    }
    stderr.write(`${speaker}${name}: ${speaker.startsWith('sh: ') ? '' : 'command '}not found\n`, 0)
    if (this.#shell.ownProcess !== undefined) return 127
    const advice = yield* loadCode(system, async () => import('./advice.ts'))
    this.#advise(advice?.adviceFor(name, commands, words) ?? words.seeHelp, stderr)
    return 127
  }

  /** `sh FILE` without that file, in dash's words and in bash's. */
  noScript(shell: string, path: string, { stderr }: ExecutionContext): number {
    const isBash = shell.endsWith('bash')
    stderr.write(
      isBash ? `bash: ${path}: No such file or directory\n` : `sh: 0: cannot open ${path}: No such file\n`,
      0,
    )
    return isBash ? 127 : 2
  }

  /** Python itself, which this machine lacks. */
  noPython([option]: readonly string[], { stdout, stderr }: ExecutionContext): number {
    if (option === '--version' || option === '-V') {
      stdout.write('Python 3.11.2\n', 0)
      return 0
    }
    this.note(this.#shell.words.pythonNotHere, stderr)
    return 1
  }
}
