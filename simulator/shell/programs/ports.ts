import type { ProcessInfo, SocketInfo } from '../../machine/system.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { commandName } from './process-table.ts'
import { SIGNAL_NAMES, signalName, signalNumber } from './signal-names.ts'

/** net-tools 2.10's netstat for listening sockets: `-t`, `-u`, `-l`, `-p`, `-n`, `-a`. */
export const netstat: ShellProgram = {
  name: 'netstat',
  run(call) {
    const flags = new Set([...call.args.join('')].filter((letter) => letter !== '-'))
    const strange = call.args.find((arg) => !/^-[tulpna46]+$/.test(arg))
    if (strange !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'netstat', option: strange }))
      return 1
    }
    const listening = flags.has('l')
    const state = listening
      ? '(only servers)'
      : flags.has('a')
        ? '(servers and established)'
        : '(w/o servers)'
    const users = flags.has('p') ? '       PID/Program name    ' : '      '
    call.out(`Active Internet connections ${state}\n`)
    call.out(`Proto Recv-Q Send-Q Local Address           Foreign Address         State${users}\n`)
    const shows = (listening || flags.has('a')) && (flags.has('t') || !flags.has('u'))
    for (const socket of shows ? call.system.sockets() : []) {
      const { bind } = socket
      if (bind.kind !== 'tcp') continue
      const six = bind.host.includes(':')
      const host = bind.host === 'localhost' ? '127.0.0.1' : bind.host === '' ? '0.0.0.0' : bind.host
      const shown = !flags.has('n') && host === '127.0.0.1' ? 'localhost' : host
      const owner = flags.has('p') ? `     ${named(call, socket)}`.padEnd(25) : '     '
      call.out(
        `${(six ? 'tcp6' : 'tcp').padEnd(5)} ${String(socket.waiting).padStart(6)} ${'0'.padStart(6)} ${`${shown}:${bind.port}`.padEnd(23)} ${(six ? ':::*' : '0.0.0.0:*').padEnd(23)} LISTEN ${owner}\n`,
      )
    }
    return 0
  },
}

function named(call: ProgramContext, { holders }: SocketInfo): string {
  const [first] = call.system.processes().filter(({ pid }) => holders.includes(pid))
  if (first === undefined) return '-'
  // It shows what was executed: for a script in Python that is Python.
  const program = first.kind === 'manager' || first.kind === 'worker' ? 'python3' : commandName(first)
  return `${first.pid}/${program}`
}

/** psmisc 23.6's fuser for ports: `fuser 8000/tcp`, `fuser -k 8000/tcp`, `-n tcp 8000`, `-k -TERM`, `-s`. */
export const fuser: ShellProgram = {
  name: 'fuser',
  run(call) {
    let kills = false
    let signal = 'KILL'
    let space = ''
    let silent = false
    const ports: string[] = []
    const args = [...call.args]
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      const typed = signalNumber(arg.slice(1))
      if (arg === '-n') space = args.shift() ?? ''
      else if (/^-[ksi]+$/.test(arg)) {
        kills ||= arg.includes('k')
        silent ||= arg.includes('s')
      } else if (/^-[A-Z\d]+$/.test(arg) && typed !== undefined) signal = signalName(typed)
      else if (arg.startsWith('-')) {
        call.note(fillIn(call.words.optionNotHere, { program: 'fuser', option: arg }))
        return 1
      } else ports.push(space === '' || arg.includes('/') ? arg : `${arg}/${space}`)
    }
    if (ports.length === 0) {
      call.err('No process specification given\n')
      return 1
    }
    let code = 1
    for (const name of ports) {
      const port = /^(\d+)\/tcp$/.exec(name)?.[1]
      const held = port === undefined ? [] : holders(call, Number(port))
      if (held.length === 0) continue
      code = 0
      if (!silent) {
        call.err(`${`${name}:`.padEnd(20)}`)
        call.out(held.map(({ pid }) => ` ${String(pid).padStart(5)}`).join(''))
        call.err('\n')
      }
      if (kills) for (const { pid } of held) if (isModelled(signal)) call.system.signal(pid, signal)
    }
    return code
  },
}

function isModelled(name: string): name is SignalName {
  return (SIGNAL_NAMES as readonly string[]).includes(name)
}

function holders(call: ProgramContext, port: number): readonly ProcessInfo[] {
  const pids = call.system
    .sockets()
    .flatMap(({ bind, holders: held }) => (bind.kind === 'tcp' && bind.port === port ? held : []))
  return call.system.processes().filter(({ pid }) => pids.includes(pid))
}

/** sysvinit-utils' pidof: the newest first; `-s` one alone. */
export const pidof: ShellProgram = {
  name: 'pidof',
  run(call) {
    const names = call.args.filter((arg) => !arg.startsWith('-'))
    const found = call.system
      .processes()
      .filter((process) => process.pid !== call.pid && names.includes(commandName(process)))
      .map(({ pid }) => pid)
      .toReversed()
    if (found.length > 0) call.out(`${(call.args.includes('-s') ? found.slice(0, 1) : found).join(' ')}\n`)
    return found.length > 0 ? 0 : 1
  },
}
