import { USERS } from '../../machine/users.ts'
import type { SignalName } from '../../manager/signals.ts'
import { isProgram } from '../../manager/traits.ts'
import { fillIn, type ShellWords } from '../words.ts'
import type { Sink, Source } from './streams.ts'

/** A command without the programs before it that only change how it is run: `nohup`, `env`, `sudo`, `command`, `exec`. */
export type UnwrappedCommand =
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
      /** Whose it is, if `sudo` said so. */
      readonly user: string | undefined
      /** `sudo`, `env -i`: it does not get the variables of the shell. */
      readonly clean: boolean
    }
  /** There is nothing to run: a message and an exit code. */
  | { readonly text: string; readonly note?: string; readonly code: number }

/** GNU coreutils 9.1's words, and bash's. */
export function unwrap(
  typed: readonly string[],
  { stdin, stdout }: { readonly stdin: Source; readonly stdout: Sink },
  words: ShellWords,
): UnwrappedCommand {
  const toTerminal = stdout.terminal
  const env: Record<string, string> = {}
  const unset: string[] = []
  const ignores: SignalName[] = []
  let rest = [...typed]
  let message = ''
  let intoNohup = false
  let external = false
  let user: string | undefined
  let clean = false
  const done = (left: readonly string[]): UnwrappedCommand => ({
    ...{ words: left, env, unset, ignores, message, intoNohup, external, user, clean },
  })
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
      if (next === undefined) return done(rest)
      clean ||= next.clean
      external = true
      rest = next.words.length === 0 ? ['env'] : next.words
      // Without PATH it looks only where the machine keeps its own programs.
      const [program = ''] = rest
      if (clean && isProgram(program) && !Object.hasOwn(env, 'PATH'))
        return { text: `env: ‘${program}’: No such file or directory\n`, code: 127 }
    } else if (name === 'sudo' || name === 'doas') {
      const sudo = sudoArguments(after, words)
      if ('text' in sudo) return sudo
      user = sudo.user
      clean ||= !sudo.keeps
      Object.assign(env, environmentOf(sudo.user), sudo.env)
      external = true
      rest = sudo.words
    } else if (
      (name === 'command' || name === 'builtin' || name === 'exec') &&
      after[0]?.startsWith('-') !== true
    ) {
      if (after.length === 0) return { text: '', code: 0 }
      rest = after
    } else {
      return done(rest)
    }
  }
  return done(rest)
}

/** `env -i -u NAME NAME=value command`: what is left; nothing when an option is not known. */
function envArguments(
  args: readonly string[],
  env: Record<string, string>,
  unset: string[],
): { readonly words: string[]; readonly clean: boolean } | undefined {
  const rest = [...args]
  let clean = false
  for (;;) {
    const [first = ''] = rest
    const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first)
    if (assignment?.[1] !== undefined) {
      env[assignment[1]] = assignment[2] ?? ''
      rest.shift()
    } else if (first === '-u') {
      unset.push(rest[1] ?? '')
      rest.splice(0, 2)
    } else if (/^(?:-i?|--ignore-environment)$/.test(first)) {
      clean = true
      for (const name of Object.keys(env)) Reflect.deleteProperty(env, name)
      rest.shift()
    } else {
      return first.startsWith('-') ? undefined : { words: rest, clean }
    }
  }
}

/** Where sudo looks for programs (`secure_path`), in which no virtual environment is. */
const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function environmentOf(user: string): Readonly<Record<string, string>> {
  return {
    PATH: SECURE_PATH,
    HOME: USERS.get(user)?.home ?? '/',
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/bash',
    SUDO_USER: 'user',
    SUDO_UID: '1000',
    SUDO_GID: '1000',
  }
}

/** The words behind `sudo` (1.9): whose the command is to be, and what it is; a complaint where it is none. */
function sudoArguments(
  args: readonly string[],
  words: ShellWords,
):
  | {
      readonly user: string
      readonly keeps: boolean
      readonly env: Record<string, string>
      readonly words: string[]
    }
  | { readonly text: string; readonly note?: string; readonly code: number } {
  const rest = [...args]
  const env: Record<string, string> = {}
  let user = 'root'
  let keeps = false
  for (;;) {
    const [first = ''] = rest
    const [, name, value = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first) ?? []
    if (/^-[EnHS]+$|^--preserve-env$|^--$/.test(first)) keeps ||= /^-\w*E|^--p/.test(first)
    else if (first === '-u' || first === '--user') user = rest.splice(1, 1)[0] ?? ''
    else if (/^-u.|^--user=./.test(first)) user = first.replace(/^-u|^--user=/, '')
    else if (name !== undefined) env[name] = value
    else break
    rest.shift()
  }
  if (!USERS.has(user))
    return {
      text: `sudo: unknown user ${user}\nsudo: error initializing audit plugin sudoers_audit\n`,
      code: 1,
    }
  const [program = ''] = rest
  if (program === '' || program.startsWith('-'))
    return { text: '', note: words.commands['sudo'] ?? '', code: 1 }
  if (isProgram(program))
    return {
      text: `sudo: ${program}: command not found\n`,
      note: fillIn(words.sudoPath, { program }),
      code: 1,
    }
  return { user, keeps, env, words: rest }
}
