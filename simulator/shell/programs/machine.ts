import { lookUp } from '../../manager/look-up.ts'
import { USERS } from '../../machine/users.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'

/** procps-ng 4.0.2's free: KiB, or `-b`, `-m`, `-g`, `-h`; `-s` and `-c` repeat. */
export const free: ShellProgram = {
  name: 'free',
  run(call) {
    let unit = 'k'
    let total = false
    let wide = false
    for (const arg of call.args) {
      if (/^-[bkmgh]+$/.test(arg)) unit = arg.at(-1) ?? 'k'
      else if (['--human', '--mebi', '--gibi', '--kibi', '--bytes'].includes(arg))
        unit = arg.replace('--', '').charAt(0)
      else if (arg === '-t') total = true
      else if (arg === '-w') wide = true
      else {
        call.note(fillIn(call.words.optionNotHere, { program: 'free', option: arg }))
        return 1
      }
    }
    const memory = call.system.memory()
    const shown = (bytes: number): string => amount(bytes, unit).padStart(12)
    const cache = wide ? [0, memory.cache] : [memory.cache]
    const heads = [
      'total',
      'used',
      'free',
      'shared',
      ...(wide ? ['buffers', 'cache'] : ['buff/cache']),
      'available',
    ]
    const swapFree = memory.swapTotal - memory.swapUsed
    const rows: [string, number[]][] = [
      ['Mem:', [memory.total, memory.used, memory.free, 0, ...cache, memory.available]],
      ['Swap:', [memory.swapTotal, memory.swapUsed, swapFree]],
    ]
    if (total) {
      const sum = [memory.total + memory.swapTotal, memory.used + memory.swapUsed, memory.free + swapFree]
      rows.push(['Total:', sum])
    }
    call.out(`${' '.repeat(8)}${heads.map((head) => head.padStart(12)).join('')}\n`)
    for (const [name, values] of rows) call.out(`${name.padEnd(8)}${values.map(shown).join('')}\n`)
    return 0
  },
}

function amount(bytes: number, unit: string): string {
  if (unit === 'h') return human(bytes)
  const size = lookUp({ b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }, unit) ?? 1024
  return String(Math.floor(bytes / size))
}

/** `812Mi`, `3.8Gi`, `0B`, as procps prints them. */
export function human(bytes: number): string {
  const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const text = value < 10 && unit > 0 ? value.toFixed(1) : String(Math.floor(value))
  return `${text}${units[unit] ?? ''}`
}

/** GNU's nproc. */
export const nproc: ShellProgram = {
  name: 'nproc',
  run(call) {
    call.out(`${call.system.processor().cores}\n`)
    return 0
  },
}

/** util-linux's dmesg: the kernel's own log; `-T` with calendar time, `-w` goes on. */
export const dmesg: ShellProgram = {
  name: 'dmesg',
  run(call) {
    const wanted = new Set(call.args)
    const unknown = call.args.find(
      (arg) => !['-T', '-w', '-H', '-k', '--follow', '--ctime', '-e', '-x'].includes(arg),
    )
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'dmesg', option: unknown }))
      return 1
    }
    let seen = 0
    const show = (): void => {
      const lines = call.system.dmesg()
      for (const { at, text } of lines.slice(seen))
        call.out(`${stamp(call, at, wanted.has('-T') || wanted.has('--ctime'))} ${text}\n`)
      seen = lines.length
    }
    show()
    if (!wanted.has('-w') && !wanted.has('--follow')) return 0
    const again = (): void => {
      show()
      call.after(200, again)
    }
    call.after(200, again)
    return undefined
  },
}

function stamp({ system }: ProgramContext, at: number, calendar: boolean): string {
  if (calendar) {
    const text = new Date(system.epoch + at).toUTCString()
    const [, weekday = '', day = '', month = '', year = '', time = ''] =
      /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(text) ?? []
    return `[${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}]`
  }
  return `[${((at - system.bootedAt) / 1000).toFixed(6).padStart(12)}]`
}

/** The machine's name. */
export const HOSTNAME = 'server'

export const hostname: ShellProgram = {
  name: 'hostname',
  run(call) {
    call.out(`${HOSTNAME}\n`)
    return 0
  },
}

/** Whose the process of a program is. */
function userOf({ system, pid }: ProgramContext): string {
  return system.processes().find((process) => process.pid === pid)?.user ?? 'user'
}

export const whoami: ShellProgram = {
  name: 'whoami',
  run(call) {
    call.out(`${userOf(call)}\n`)
    return 0
  },
}

export const id: ShellProgram = {
  name: 'id',
  run(call) {
    const user = userOf(call)
    const number = USERS.get(user)?.uid ?? 1000
    const groups = user === 'user' ? `${number}(user),27(sudo)` : `${number}(${user})`
    const named = call.args.some((arg) => /^-\w*n/.test(arg)) ? user : String(number)
    call.out(
      call.args.some((arg) => /^-\w*u/.test(arg))
        ? `${named}\n`
        : `uid=${number}(${user}) gid=${number}(${user}) groups=${groups}\n`,
    )
    return 0
  },
}

/** What the machine says that it is: Debian 12. */
export const uname: ShellProgram = {
  name: 'uname',
  run(call) {
    const all = call.args.includes('-a')
    const parts = {
      '-s': 'Linux',
      '-n': HOSTNAME,
      '-r': '6.1.0-18-amd64',
      '-v': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)',
      '-m': 'x86_64',
      '-o': 'GNU/Linux',
    }
    const chosen = Object.entries(parts).filter(([flag]) => all || call.args.includes(flag))
    call.out(`${chosen.length === 0 ? parts['-s'] : chosen.map(([, value]) => value).join(' ')}\n`)
    return 0
  },
}

/** systemd's reboot: the machine boots anew. */
export const reboot: ShellProgram = {
  name: 'reboot',
  run(call) {
    const unknown = call.args.find((arg) => arg.startsWith('-') && arg !== '-f' && arg !== '--force')
    if (unknown !== undefined) {
      const long = unknown.startsWith('--')
      const option = long ? `unrecognized option '${unknown}'` : `invalid option -- '${unknown.charAt(1)}'`
      call.err(`reboot: ${option}\n`)
      return 1
    }
    call.system.faults.reboot()
    return undefined
  },
}
