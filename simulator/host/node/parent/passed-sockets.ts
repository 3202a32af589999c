import { readFileSync, readlinkSync } from 'node:fs'
import type { Bind } from '../../../manager/settings.ts'

/** The first descriptor that an init system passes (sd_listen_fds(3)). */
const FIRST = 3

/**
 * How many sockets an init system has passed to this process (`LISTEN_PID`, `LISTEN_FDS`). The variables are removed for its children, as
 * gunicorn does.
 */
export function takePassedSockets(): number {
  const { LISTEN_PID, LISTEN_FDS } = process.env
  if (Number(LISTEN_PID) !== process.pid) return 0
  delete process.env['LISTEN_PID']
  delete process.env['LISTEN_FDS']
  const count = Number(LISTEN_FDS)
  return Number.isInteger(count) && count > 0 ? count : 0
}

/** The sockets that were passed. */
export function passedBinds(count: number): readonly Bind[] {
  return Array.from({ length: count }, (_, i) => ({ kind: 'fd', fd: FIRST + i }) as const)
}

/** The address of an inherited socket from the system's tables; `undefined` where there are none. */
export function nameOf(fd: number): Bind | undefined {
  return lookUp(fd, (inode) => tcpName(inode) ?? unixName(inode))
}

/** The states of a socket with a peer: TCP's ESTABLISHED, a unix socket's SS_CONNECTED. */
const CONNECTED = { tcp: '01', unix: '03' } as const

/** Whether an inherited socket is a connection, which cannot listen. False where the system has no tables. */
export function isConnected(fd: number): boolean {
  const connected = (inode: string) =>
    ['tcp', 'tcp6'].some((table) => find(table, 9, inode)?.[3] === CONNECTED.tcp) ||
    find('unix', 6, inode)?.[5] === CONNECTED.unix
  return lookUp(fd, connected) ?? false
}

function lookUp<T>(fd: number, look: (inode: string) => T): T | undefined {
  try {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`)) ?? []
    return inode === undefined ? undefined : look(inode)
  } catch {
    return undefined
  }
}

/** The row of a table with this inode in the given column. */
function find(table: string, column: number, inode: string): readonly string[] | undefined {
  return rows(table).find((fields) => fields[column] === inode)
}

function rows(table: string): readonly (readonly string[])[] {
  return readFileSync(`/proc/self/net/${table}`, 'utf8')
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
}

function tcpName(inode: string): Bind | undefined {
  for (const table of ['tcp', 'tcp6']) {
    const row = find(table, 9, inode)
    const [address = '', port = ''] = row?.[1]?.split(':') ?? []
    if (row !== undefined) return { kind: 'tcp', host: hostOf(address), port: Number.parseInt(port, 16) }
  }
  return undefined
}

function unixName(inode: string): Bind | undefined {
  const path = find('unix', 6, inode)?.[7]
  return path === undefined ? undefined : { kind: 'unix', path }
}

/** An address from words of four bytes in hexadecimal, each in the byte order of this machine: little-endian wherever Node runs. */
function hostOf(digits: string): string {
  const bytes = (digits.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex').reverse()])
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
