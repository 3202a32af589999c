import type { Call, Program } from '../program.ts'
import { fillIn } from '../words.ts'
import { wrap } from '../wrap.ts'

/** bash's echo, with `-n`. */
export const echo: Program = {
  name: 'echo',
  builtin: true,
  run(call) {
    const bare = call.args[0] === '-n'
    call.out(call.args.slice(bare ? 1 : 0).join(' ') + (bare ? '' : '\n'))
    return 0
  },
}

/** GNU's sleep, in seconds, with `s`, `m`, `h`, `d`. */
export const sleep: Program = {
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
    call.system.after(total * 1000, () => call.exit(0))
    return undefined
  },
}

function seconds(text: string): number | undefined {
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * ({ s: 1, m: 60, h: 3600, d: 86400 }[match[2] ?? 's'] ?? 1)
}

/** Empties the terminal. */
export const clear: Program = {
  name: 'clear',
  run(call) {
    call.out(CLEAR)
    return 0
  },
}

/** What empties a terminal and its scrollback. */
export const CLEAR = '\x1b[H\x1b[2J\x1b[3J'

/** The lines typed so far, numbered; `-c` is not here: the list is the terminal's own. */
export const history: Program = {
  name: 'history',
  builtin: true,
  run(call) {
    call.out(call.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(''))
    return 0
  },
}

/** `env`: the environment that programs get. */
export const env: Program = {
  name: 'env',
  run(call) {
    call.out(
      Object.entries(call.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    return 0
  },
}

/** `export NAME=value`: for every program from now on. */
export const exportVariable: Program = {
  name: 'export',
  builtin: true,
  run(call) {
    let code = 0
    for (const arg of call.args) {
      const match = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(arg)
      if (match?.[1] === undefined) {
        call.err(`bash: export: \`${arg}': not a valid identifier\n`)
        code = 1
      } else if (match[2] !== undefined) {
        call.setEnv(match[1], match[2])
      }
    }
    return code
  },
}

/** `unset NAME`. */
export const unset: Program = {
  name: 'unset',
  builtin: true,
  run(call) {
    for (const name of call.args) call.setEnv(name, undefined)
    return 0
  },
}

/** `help`: what can be typed here, in the reader's language; `help kill` one line about that. */
export const help: Program = {
  name: 'help',
  builtin: true,
  run(call) {
    const [topic] = call.args
    if (topic !== undefined) return about(call, topic)
    const names = call.programs.map(({ name }) => name)
    const column = Math.max(...names.map((name) => name.length)) + 2
    call.note(call.words.help)
    for (const name of names) {
      const line = `  ${name.padEnd(column)}${call.words.commands[name] ?? ''}`
      call.out(
        wrap(line, call.columns, column + 2)
          .map((each) => `${each}\n`)
          .join(''),
      )
    }
    return 0
  },
}

function about(call: Call, topic: string): number {
  const text = call.words.commands[topic]
  if (text === undefined || !call.programs.some(({ name }) => name === topic)) {
    call.note(fillIn(call.words.noHelp, { name: topic }))
    return 1
  }
  call.out(`${topic}: ${text}\n`)
  return 0
}
