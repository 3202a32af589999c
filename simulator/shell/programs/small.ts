import { lookUp } from '../../manager/look-up.ts'
import type { ShellProgram } from '../program.ts'
import { isFolder, fileKey, HOME, resolve } from '../run/paths.ts'

/** bash's echo, with `-n` and `-e`. */
export const echo: ShellProgram = {
  name: 'echo',
  builtin: true,
  run(call) {
    const words = [...call.args]
    let bare = false
    let escapes = false
    while (/^-[neE]+$/.test(words[0] ?? '')) {
      const option = words.shift() ?? ''
      bare ||= option.includes('n')
      escapes = option.includes('e') || (escapes && !option.includes('E'))
    }
    const text = words.join(' ')
    call.out((escapes ? unescape(text) : text) + (bare ? '' : '\n'))
    return 0
  },
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', e: '\x1b', a: '' }

/** `\n`, `\t` and their like, as `echo -e` and `printf` know them. */
export function unescape(text: string): string {
  return text.replaceAll(/\\([ntr\\ea])/g, (whole, letter: string) => lookUp(ESCAPES, letter) ?? whole)
}

/** GNU's sleep, in seconds, with `s`, `m`, `h`, `d`. */
export const sleep: ShellProgram = {
  name: 'sleep',
  run(call) {
    const help = "Try 'sleep --help' for more information.\n"
    if (call.args.length === 0) {
      call.err(`sleep: missing operand\n${help}`)
      return 1
    }
    const bad = call.args.filter((arg) => seconds(arg) === undefined)
    if (bad.length > 0) {
      call.err(bad.map((arg) => `sleep: invalid time interval ‘${arg}’\n`).join('') + help)
      return 1
    }
    const total = call.args.reduce((sum, arg) => sum + (seconds(arg) ?? 0), 0)
    if (total !== Infinity) call.after(total * 1000, () => call.exit(0))
    return undefined
  },
}

/** A span of time in seconds as GNU's programs read it: `2`, `0.5s`, `3m`, `infinity`. */
export function seconds(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Infinity
  const match = /^(\d*\.?\d+|\d+\.)([smhd]?)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * (lookUp({ s: 1, m: 60, h: 3600, d: 86400 }, match[2] ?? 's') ?? 1)
}

/** Empties the terminal. */
export const clear: ShellProgram = {
  name: 'clear',
  run(call) {
    call.out(CLEAR)
    return 0
  },
}

/** What empties a terminal and its scrollback. */
export const CLEAR = '\x1b[H\x1b[2J\x1b[3J'

/** The lines typed so far, numbered; there is no `-c`: the list belongs to the terminal. */
export const history: ShellProgram = {
  name: 'history',
  builtin: true,
  run(call) {
    const last = Number(call.args[0] ?? Infinity) || Infinity
    const lines = call.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`)
    call.out(lines.slice(last === Infinity ? 0 : -last).join(''))
    return 0
  },
}

export const pwd: ShellProgram = {
  name: 'pwd',
  builtin: true,
  run(call) {
    call.out(`${call.cwd}\n`)
    return 0
  },
}

/** bash's cd. */
export const cd: ShellProgram = {
  name: 'cd',
  builtin: true,
  run(call) {
    const { scope } = call.shell
    const [typed = HOME, ...more] = call.args.filter((arg) => arg !== '--')
    if (more.length > 0) {
      call.err('bash: cd: too many arguments\n')
      return 1
    }
    const path = typed === '-' ? scope.get('OLDPWD') : typed
    if (path === undefined) {
      call.err('bash: cd: OLDPWD not set\n')
      return 1
    }
    const folder = resolve(call.cwd, path)
    if (!isFolder(call.system, folder)) {
      const isFile = call.system.readFile(fileKey(call.cwd, path)) !== undefined
      call.err(`bash: cd: ${typed}: ${isFile ? 'Not a directory' : 'No such file or directory'}\n`)
      return 1
    }
    scope.set('OLDPWD', scope.cwd)
    scope.cwd = folder
    if (typed === '-') call.out(`${folder}\n`)
    return 0
  },
}

export const truth: ShellProgram = { name: 'true', builtin: true, run: () => 0 }
export const falsehood: ShellProgram = { name: 'false', builtin: true, run: () => 1 }
export const nothing: ShellProgram = { name: ':', builtin: true, run: () => 0 }

/** bash's `exit`. */
export const exit: ShellProgram = {
  name: 'exit',
  builtin: true,
  run(call) {
    const [typed] = call.args
    const number = Number(typed ?? call.shell.scope.status)
    if (Number.isInteger(number)) {
      call.shell.leave(((number % 256) + 256) % 256)
    } else {
      call.err(`bash: exit: ${typed}: numeric argument required\n`)
      call.shell.leave(2)
    }
    return 0
  },
}

export const logout: ShellProgram = { ...exit, name: 'logout' }
