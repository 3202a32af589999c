import { lookUp } from '../../manager/look-up.ts'
import { isBalanced, splitWords } from './values.ts'

/** A command of a unit file, and what the signs in front of it say (systemd.service(5)). */
export interface UnitCommand {
  readonly argv: readonly string[]
  /** `-`: a failure counts as success. */
  readonly ignoreFailure: boolean
  /** `:`: variables are left as they are. */
  readonly literal: boolean
  /** `+` and `!`: it runs as root whatever `User=` says. */
  readonly privileged: boolean
}

/** Reads a command. Nothing when systemd ignores it; `fatal` when it would not start the unit for that. */
export function readCommand(
  value: string,
  complain: (text: string) => void,
): UnitCommand | 'fatal' | undefined {
  const [, signs = '', line = ''] = /^([-@:+!|]*)(.*)$/.exec(value) ?? []
  const ignoreFailure = signs.includes('-')
  if (line.trim() === '') {
    complain(`Empty path in command line, ignoring: '${value}'`)
    return undefined
  }
  if (!isBalanced(line)) {
    complain(`Unbalanced quoting, ignoring: "${value}"`)
    return 'fatal'
  }
  const argv = splitWords(line)
  const [program = ''] = argv
  if (program.includes('/') && !program.startsWith('/')) {
    const ignoring = ignoreFailure ? ', ignoring' : ''
    complain(`Neither a valid executable name nor an absolute path${ignoring}: ${program}`)
    return ignoreFailure ? undefined : 'fatal'
  }
  // `@`: the word behind the path is the name that the program sees.
  if (signs.includes('@')) argv.splice(1, 1)
  return { argv, ignoreFailure, literal: signs.includes(':'), privileged: /[+!]/.test(signs) }
}

/** The specifiers of a unit (systemd.unit(5)), e.g. `%i`; those that systemd does not know stay as they are. */
export function specified(text: string, name: string): string {
  const [, prefix = name, instance = ''] = /^([^@]*)(?:@(.*))?\.\w+$/.exec(name) ?? []
  const values: Readonly<Record<string, string>> = {
    n: name,
    N: name.replace(/\.\w+$/, ''),
    p: prefix,
    P: prefix,
    i: instance,
    I: instance,
    j: prefix.split('-').at(-1) ?? prefix,
    H: 'server',
    h: '/root',
    u: 'root',
    U: '0',
    g: 'root',
    G: '0',
    s: '/bin/bash',
    t: '/run',
    S: '/var/lib',
    C: '/var/cache',
    L: '/var/log',
    E: '/etc',
    T: '/tmp',
    V: '/var/tmp',
    '%': '%',
  }
  return text.replaceAll(/%(.)/g, (whole, letter: string) => lookUp(values, letter) ?? whole)
}

/**
 * The words of a command with the variables of its environment (`replace_env_argv`): `${NAME}` anywhere is one word or a part of one,
 * `$NAME` only as a word of its own, which may become several or none; what is not set is empty, and `$$` is the sign itself.
 */
export function expanded(
  { argv: [program = '', ...args], literal }: UnitCommand,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  if (literal) return [program, ...args]
  return [
    program,
    ...args.flatMap((word) => {
      const [, own] = /^\$([^{$].*)$/s.exec(word) ?? []
      if (own !== undefined) return splitWords(lookUp(env, own) ?? '')
      return [
        word.replaceAll(/\$\$|\$\{([^}]*)\}/g, (_whole, name?: string) =>
          name === undefined ? '$' : (lookUp(env, name) ?? ''),
        ),
      ]
    }),
  ]
}
