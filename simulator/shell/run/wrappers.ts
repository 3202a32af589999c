import type { SignalName } from '../../manager/signals.ts'
import type { ShellWords } from '../words.ts'
import type { Sink, Source } from './streams.ts'

/** A command without the programs before it that only change how it is run: `nohup`, `env`, `sudo`, `command`, `exec`. */
export type Unwrapped =
  | {
      readonly words: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly unset: readonly string[]
      readonly ignores: readonly SignalName[]
      /** What they say before it runs. */
      readonly message: string
      /** Its output goes into `nohup.out`. */
      readonly intoNohup: boolean
      /** It cannot be a builtin of the shell. */
      readonly external: boolean
    }
  /** There is nothing to run: a message and an exit code. */
  | { readonly text: string; readonly note?: string; readonly code: number }

/** GNU coreutils 9.1's words, and bash's. */
export function unwrap(
  typed: readonly string[],
  { stdin, stdout }: { readonly stdin: Source; readonly stdout: Sink },
  words: ShellWords,
): Unwrapped {
  const toTerminal = stdout.terminal
  const env: Record<string, string> = {}
  const unset: string[] = []
  const ignores: SignalName[] = []
  let rest = [...typed]
  let message = ''
  let intoNohup = false
  let external = false
  for (let depth = 0; depth < 20; depth++) {
    const [name = '', ...after] = rest
    if (name === 'nohup') {
      if (after.length === 0)
        return { text: "nohup: missing operand\nTry 'nohup --help' for more information.\n", code: 125 }
      ignores.push('HUP')
      if (toTerminal && !intoNohup) message += "nohup: ignoring input and appending output to 'nohup.out'\n"
      else if (stdin.terminal) message += 'nohup: ignoring input\n'
      intoNohup ||= toTerminal
      external = true
      rest = after
    } else if (name === 'env' && after.length > 0) {
      const next = envArguments(after, env, unset)
      if (next === undefined) return { words: rest, env, unset, ignores, message, intoNohup, external }
      if (next.length === 0) return { words: ['env'], env, unset, ignores, message, intoNohup, external }
      external = true
      rest = next
    } else if (name === 'sudo' || name === 'doas') {
      while (/^-[EnH]$/.test(after[0] ?? '') || after[0] === '-u') after.splice(0, after[0] === '-u' ? 2 : 1)
      if (after.length === 0) return { text: '', note: words.commands['sudo'] ?? '', code: 1 }
      external = true
      rest = after
    } else if (
      (name === 'command' || name === 'builtin' || name === 'exec') &&
      after[0]?.startsWith('-') !== true
    ) {
      if (after.length === 0) return { text: '', code: 0 }
      rest = after
    } else {
      return { words: rest, env, unset, ignores, message, intoNohup, external }
    }
  }
  return { words: rest, env, unset, ignores, message, intoNohup, external }
}

/** `env -u NAME NAME=value command`: what is left; nothing when an option is not known. */
function envArguments(
  args: readonly string[],
  env: Record<string, string>,
  unset: string[],
): string[] | undefined {
  const rest = [...args]
  for (;;) {
    const [first = ''] = rest
    const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first)
    if (assignment?.[1] !== undefined) {
      env[assignment[1]] = assignment[2] ?? ''
      rest.shift()
    } else if (first === '-u') {
      unset.push(rest[1] ?? '')
      rest.splice(0, 2)
    } else {
      return first.startsWith('-') ? undefined : rest
    }
  }
}
