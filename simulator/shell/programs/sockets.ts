import { lookUp } from '../../manager/look-up.ts'
import { programIn, traitsOf } from '../../manager/traits.ts'
import type { SocketInfo } from '../../machine/system.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'
import { clip, commandName } from './process-table.ts'

const TITLES = [
  'Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process',
] as const // prettier-ignore

/** iproute2 6.1's ss, for listening sockets: `-l`, `-t`, `-n`, `-p`, `-u`, `-x`, `-a`, `-H`, and `sport = :8080`. */
export const ss: ShellProgram = {
  name: 'ss',
  run(call) {
    const flags = new Set<string>()
    const filter: string[] = []
    for (const argument of readArguments(call.args, () => false)) {
      if ('word' in argument) filter.push(argument.word)
      else if ('option' in argument) flags.add(lookUp(LONG, argument.option) ?? argument.option)
    }
    const unknown = [...flags].find((flag) => !/^-[ltnpxaHe46uO]$/.test(flag))
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'ss', option: unknown }))
      return 255
    }
    const port = /sport\s*=?=?\s*:?(\w+)/.exec(filter.join(' '))?.[1]
    const asked = ['-t', '-u', '-x'].filter((flag) => flags.has(flag))
    const shows = (flag: string): boolean => asked.length === 0 || asked.includes(flag)
    const sockets = flags.has('-l') || flags.has('-a') ? call.system.sockets() : []
    const chosen = sockets.filter(({ bind }) => {
      if (bind.kind === 'fd') return false
      if (bind.kind === 'unix') return shows('-x') && port === undefined
      const six = bind.host.includes(':')
      if (flags.has('-4') !== flags.has('-6') && flags.has('-6') !== six) return false
      return shows('-t') && (port === undefined || Number(port) === bind.port)
    })
    const rows = chosen.map((socket) => [
      socket.bind.kind === 'unix' ? 'u_str' : 'tcp',
      'LISTEN',
      String(socket.waiting),
      String(socket.backlog),
      local(socket, flags.has('-n')),
      socket.bind.kind === 'unix' ? '* 0' : peer(socket),
      flags.has('-p') ? users(call, socket) : '',
    ])
    if (!flags.has('-H')) rows.unshift([...TITLES])
    // Of one kind alone it does not say which.
    call.out(table(asked.length === 1 ? rows.map(([, ...row]) => ['', ...row]) : rows))
    return 0
  },
}

const LONG: Readonly<Record<string, string>> = {
  '--listening': '-l',
  '--tcp': '-t',
  '--udp': '-u',
  '--numeric': '-n',
  '--processes': '-p',
  '--unix': '-x',
  '--all': '-a',
  '--no-header': '-H',
}

const SERVICES: Readonly<Record<number, string>> = {
  22: 'ssh',
  80: 'http',
  443: 'https',
  8000: '8000',
  8080: 'http-alt',
}

function local({ bind }: SocketInfo, numeric: boolean): string {
  if (bind.kind === 'unix') return `${bind.path} 0`
  if (bind.kind === 'fd') return `fd:${bind.fd}`
  return `${address(bind.host)}:${numeric ? bind.port : (SERVICES[bind.port] ?? bind.port)}`
}

function address(host: string): string {
  if (host === 'localhost') return '127.0.0.1'
  if (host.includes(':')) return `[${host}]`
  return host === '' ? '0.0.0.0' : host
}

function peer({ bind }: SocketInfo): string {
  return bind.kind === 'tcp' && bind.host.includes(':') ? '[::]:*' : '0.0.0.0:*'
}

/** Every process that has the socket open: with workers that were forked, all of them. */
function users(call: ProgramContext, { holders }: SocketInfo): string {
  const named = call.system.processes().filter(({ pid }) => holders.includes(pid))
  if (named.length === 0) return ''
  return `users:(${named.map((process) => `("${commandName(process)}",pid=${process.pid},fd=${descriptor(process)})`).join(',')})`
}

/** Which number the socket has among what a process has open: as recorded of uvicorn (3 in the parent) and gunicorn (5). */
function descriptor({ command }: { command: string }): number {
  return traitsOf({ program: programIn(command) ?? 'uvicorn' }).socketDescriptor
}

/** Right-aligns addresses with their titles, and puts the colons of the ports into one column. */
function table(rows: readonly (readonly string[])[]): string {
  const part = (cell: string): [string, string] => {
    const at = cell.lastIndexOf(':')
    return at < 0 ? [cell, ''] : [cell.slice(0, at), cell.slice(at)]
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const places = [4, 5].map((column) => {
    const parts = rows.map((row) => part(row[column] ?? ''))
    return [
      Math.max(...parts.map(([host]) => host.length)),
      Math.max(...parts.map(([, port]) => port.length)),
    ] as const
  })
  const counted = widths[0] === 0 ? [1, 2, 3] : [0, 1, 2, 3]
  const lines = rows.map((row) => {
    const counts = counted.map((column) => (row[column] ?? '').padEnd(widths[column] ?? 0)).join(' ')
    const addresses = [4, 5].map((column, index) => {
      const [host, port] = part(row[column] ?? '')
      const [left, right] = places[index] ?? [0, 0]
      return host.padStart(left) + port.padEnd(right)
    })
    const last = row[6] ?? ''
    return `${counts} ${addresses.join(' ')}${last === '' ? '' : row[1] === 'State' ? last : ` ${last}`}`
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** lsof 4.95 for sockets: `-i`, `-i :8080`, `-i tcp:8080`, `-P`, `-n`, `-t`, `-p PID`. */
export const lsof: ShellProgram = {
  name: 'lsof',
  run(call) {
    let port: number | undefined
    let pids: readonly number[] | undefined
    let terse = false
    let sockets = false
    const args = [...call.args]
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      const inet = /^-[nPt]*i(.*)$/.exec(arg)
      if (inet !== null) {
        sockets = true
        if (arg.includes('t') && arg.indexOf('t') < arg.indexOf('i')) terse = true
        const [, attached = ''] = inet
        const next = args[0]
        const what =
          attached !== ''
            ? attached
            : next !== undefined && /^(\d?(tcp|udp)?)?(@\S+)?:\d+$/i.test(next)
              ? args.shift()
              : undefined
        const number = /:(\d+)$/.exec(what ?? '')?.[1]
        if (number !== undefined) port = Number(number)
      } else if (arg.startsWith('-p')) {
        pids = (arg.length > 2 ? arg.slice(2) : (args.shift() ?? '')).split(',').map(Number)
      } else if (/^-[nPt]+$/.test(arg)) terse ||= arg.includes('t')
      else if (!/^-sTCP:LISTEN$/.test(arg)) {
        call.note(fillIn(call.words.optionNotHere, { program: 'lsof', option: arg }))
        return 1
      }
    }
    if (!sockets && pids === undefined) {
      call.note(call.words.lsofSockets)
      return 1
    }
    const rows = call.system.sockets().flatMap((socket) => {
      const { bind } = socket
      if (bind.kind !== 'tcp' || (port !== undefined && bind.port !== port)) return []
      return call.system
        .processes()
        .filter(({ pid }) => socket.holders.includes(pid) && (pids === undefined || pids.includes(pid)))
        .map((process) => ({
          process,
          name: `TCP ${bind.host === '0.0.0.0' ? '*' : address(bind.host)}:${bind.port} (LISTEN)`,
        }))
    })
    rows.sort((a, b) => a.process.pid - b.process.pid)
    if (terse) {
      call.out([...new Set(rows.map(({ process }) => `${process.pid}\n`))].join(''))
    } else if (rows.length > 0) {
      const width = Math.max(3, ...rows.map(({ process }) => String(process.pid).length))
      const lines = rows.map(({ process, name }) =>
        [
          commandName(process).slice(0, 9).padEnd(9),
          String(process.pid).padStart(width),
          process.user.padEnd(4),
          `${descriptor(process)}u`.padStart(4),
          ' IPv4',
          '212345'.padStart(6),
          '0t0'.padStart(8),
          '',
          name,
        ].join(' '),
      )
      const head = `COMMAND   ${'PID'.padStart(width)} USER   FD   TYPE DEVICE SIZE/OFF NODE NAME`
      call.out([head, ...lines].map((line) => `${clip(line.replace('  TCP', '  TCP'), 200)}\n`).join(''))
    }
    return rows.length > 0 ? 0 : 1
  },
}
