import { lookUp } from '../../manager/look-up.ts'
import type { ShellProgram } from '../program.ts'
import { unescape } from './small.ts'

/** bash's printf, with `%s`, `%d`, `%f` and widths. */
export const printf: ShellProgram = {
  name: 'printf',
  builtin: true,
  run(call) {
    const [format, ...values] = call.args
    if (format === undefined) {
      call.err('printf: usage: printf [-v var] format [arguments]\n')
      return 2
    }
    const rest = [...values]
    let text = ''
    do {
      text += unescape(format).replaceAll(
        /%(-?)(0?)(\d*)(?:\.(\d+))?([sdif%])/g,
        (_, minus: string, zero: string, width: string, digits: string | undefined, kind: string) => {
          if (kind === '%') return '%'
          const value = rest.shift() ?? ''
          const shown =
            kind === 's'
              ? value.slice(0, digits === undefined ? undefined : Number(digits))
              : kind === 'f'
                ? (Number(value) || 0).toFixed(Math.min(20, Number(digits ?? 6)))
                : String(Math.trunc(Number(value) || 0))
          const size = Math.min(500, Number(width))
          return minus === '' ? shown.padStart(size, zero === '' ? ' ' : '0') : shown.padEnd(size)
        },
      )
    } while (rest.length > 0 && /%-?\d*(?:\.\d+)?[sdif]/.test(format))
    call.out(text)
    return 0
  },
}

/** `env`, `printenv`: the environment that programs get. */
export const env: ShellProgram = {
  name: 'env',
  run(call) {
    const entries = Object.entries(call.env)
    call.out(entries.map(([name, value]) => `${name}=${value}\n`).join(''))
    return 0
  },
}

export const printenv: ShellProgram = {
  name: 'printenv',
  run(call) {
    if (call.args.length === 0) return env.run(call)
    const values = call.args.flatMap((name) => lookUp(call.env, name) ?? [])
    call.out(values.map((value) => `${value}\n`).join(''))
    return values.length === call.args.length ? 0 : 1
  },
}

/** `export NAME=value`: for every program from now on. */
export const exportVariable: ShellProgram = {
  name: 'export',
  builtin: true,
  run(call) {
    const { scope } = call.shell
    const words = call.args.filter((arg) => !/^-[pn]$/.test(arg))
    if (words.length === 0) {
      const lines = Object.entries(scope.environment()).toSorted(([a], [b]) => (a < b ? -1 : 1))
      call.out(lines.map(([name, value]) => `declare -x ${name}="${value}"\n`).join(''))
      return 0
    }
    let code = 0
    for (const arg of words) {
      const match = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(arg)
      if (match?.[1] === undefined) {
        call.err(`bash: export: \`${arg}': not a valid identifier\n`)
        code = 1
        continue
      }
      if (match[2] !== undefined) scope.set(match[1], match[2])
      scope.export(match[1])
    }
    return code
  },
}

/** `unset NAME`. */
export const unset: ShellProgram = {
  name: 'unset',
  builtin: true,
  run(call) {
    for (const name of call.args) call.shell.scope.unset(name)
    return 0
  },
}
