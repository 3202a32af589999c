import { lookUp } from '../../manager/look-up.ts'
import type { ProcessInfo } from '../../machine/system.ts'
import { width } from '../../terminal/width.ts'
import type { ProgramContext } from '../program.ts'
import { visible } from './visible.ts'

/** A process in a list, and what stands before its command in a tree. */
export interface Row {
  readonly process: ProcessInfo
  readonly branch: string
}

interface Column {
  readonly head: string
  readonly width: number
  readonly left?: boolean
  readonly value: (row: Row, clock: ColumnContext) => string
}

/** What the columns are counted from. Times in ms, memory in bytes. */
export interface ColumnContext {
  readonly now: number
  readonly epoch: number
  memory(): { readonly total: number }
}

/** The columns of procps-ng 4.0.2's ps that this machine can fill. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { head: 'USER', width: 8, left: true, value: ({ process }) => process.user },
  uid: { head: 'UID', width: 8, left: true, value: ({ process }) => process.user },
  pid: { head: 'PID', width: 7, value: ({ process }) => String(process.pid) },
  ppid: { head: 'PPID', width: 7, value: ({ process }) => String(process.ppid) },
  pgid: { head: 'PGID', width: 7, value: ({ process }) => String(process.group) },
  sid: { head: 'SID', width: 7, value: ({ process }) => String(process.group) },
  c: { head: 'C', width: 2, value: (row, clock) => String(Math.min(99, Math.floor(share(row, clock)))) },
  '%cpu': { head: '%CPU', width: 4, value: (row, clock) => share(row, clock).toFixed(1) },
  '%mem': { head: '%MEM', width: 4, value: ({ process }, clock) => memoryShare(process, clock) },
  vsz: { head: 'VSZ', width: 6, value: ({ process }) => kib(process.virtual) },
  rss: { head: 'RSS', width: 5, value: ({ process }) => kib(process.memory) },
  pss: { head: 'PSS', width: 5, value: ({ process }) => kib(process.pss) },
  ni: { head: 'NI', width: 3, value: () => '0' },
  nlwp: { head: 'NLWP', width: 4, value: () => '1' },
  tty: { head: 'TTY', width: 8, left: true, value: ({ process }) => process.terminal ?? '?' },
  stat: { head: 'STAT', width: 4, left: true, value: ({ process }) => status(process) },
  s: { head: 'S', width: 1, left: true, value: ({ process }) => process.state },
  stime: { head: 'STIME', width: 5, left: true, value: startTime },
  start: { head: 'START', width: 5, left: true, value: startTime },
  etime: { head: 'ELAPSED', width: 11, value: ({ process }, { now }) => elapsed(now - process.startedAt) },
  etimes: {
    head: 'ELAPSED',
    width: 7,
    value: ({ process }, { now }) => String(Math.floor((now - process.startedAt) / 1000)),
  },
  time: { head: 'TIME', width: 8, value: ({ process }) => duration(process.cpu) },
  bsdtime: { head: 'TIME', width: 6, value: ({ process }) => shortDuration(process.cpu) },
  comm: {
    head: 'COMMAND',
    width: 15,
    left: true,
    value: ({ process, branch }) => branch + commandName(process),
  },
  ucmd: { head: 'CMD', width: 15, left: true, value: ({ process, branch }) => branch + commandName(process) },
  cmd: { head: 'CMD', width: 27, left: true, value: commandLine },
  args: { head: 'COMMAND', width: 27, left: true, value: commandLine },
  command: { head: 'COMMAND', width: 27, left: true, value: commandLine },
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  pcpu: '%cpu',
  pmem: '%mem',
  rssize: 'rss',
  vsize: 'vsz',
  tt: 'tty',
  tname: 'tty',
  state: 's',
  cputime: 'time',
  start_time: 'stime',
  ucomm: 'comm',
  euser: 'user',
  pgrp: 'pgid',
  nice: 'ni',
}

/** The column that `ps -o` means by a name. */
export function columnOf(name: string): string | undefined {
  const known = lookUp(OTHER_NAMES, name) ?? name
  return Object.hasOwn(COLUMNS, known) ? known : undefined
}

/** What a column says of a process, to sort by. */
export function columnValue(name: string, process: ProcessInfo, clock: ColumnContext): number | string {
  switch (name) {
    case '%cpu':
    case 'c':
      return share({ process, branch: '' }, clock)
    case '%mem':
    case 'rss':
      return process.memory
    case 'time':
    case 'bsdtime':
      return process.cpu
    case 'etime':
    case 'etimes':
      return clock.now - process.startedAt
  }
  const text = lookUp(COLUMNS, name)?.value({ process, branch: '' }, clock) ?? ''
  return /^\d+$/.test(text) ? Number(text) : text
}

/** The list as text; lines end at the terminal's width. `heads`: other headings, by column; all empty: no heading. */
export function processTable(
  rows: readonly Row[],
  names: readonly string[],
  clock: ColumnContext,
  columns: number,
  heads: Readonly<Record<string, string>> = {},
): string {
  const chosen = names.flatMap((name) => {
    const column = lookUp(COLUMNS, name)
    return column === undefined ? [] : [{ ...column, head: lookUp(heads, name) ?? column.head }]
  })
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const { left = false, width: size = 0, head = '' } = chosen[index] ?? {}
        const wide = Math.max(size, head.length)
        if (!left) return cell.padStart(wide)
        return index === cells.length - 1 ? cell : cell.padEnd(wide)
      })
      .join(' ')
  const body = rows.map((row) => line(chosen.map(({ value }) => value(row, clock))))
  const lines = chosen.every(({ head }) => head === '')
    ? body
    : [line(chosen.map(({ head }) => head)), ...body]
  return lines.map((each) => `${clip(each, columns)}\n`).join('')
}

/** The name that `ps` and `pgrep` know a process by: at most 15 characters, as Linux keeps them. */
export function commandName(process: ProcessInfo): string {
  const [first = ''] = process.command.split(' ')
  const name = (first.split('/').at(-1) ?? '').replace(/^-/, '').replace(/:$/, '').slice(0, 15)
  return process.state === 'Z' ? `${name} <defunct>` : name
}

function commandLine({ process, branch }: Row): string {
  return branch + (process.state === 'Z' ? `[${commandName(process).replace(' ', '] ')}` : process.command)
}

/** Parents before their children, each child under its parent. */
export function forest(processes: readonly ProcessInfo[]): Row[] {
  const rows: Row[] = []
  const known = new Set(processes.map((process) => process.pid))
  const visit = (process: ProcessInfo, branch: string, indent: string): void => {
    rows.push({ process, branch })
    const children = processes.filter((child) => child.ppid === process.pid && child.pid !== process.pid)
    for (const child of children) {
      const below = child === children.at(-1) ? '    ' : ' |  '
      visit(child, `${indent} \\_ `, indent + below)
    }
  }
  for (const process of processes)
    if (!known.has(process.ppid) || process.ppid === process.pid) visit(process, '', '')
  return rows
}

/** All processes, as the program that lists them sees them: it is itself in state `R`. */
export function running(call: ProgramContext): readonly ProcessInfo[] {
  return visible(call).map((each) => (each.pid === call.pid ? { ...each, state: 'R' } : each))
}

/** Processor time as a part of the time since the start, in percent. */
export function share({ process }: Row, { now }: ColumnContext): number {
  return (process.cpu / Math.max(1, now - process.startedAt)) * 100
}

function memoryShare(process: ProcessInfo, clock: ColumnContext): string {
  return ((process.memory / clock.memory().total) * 100).toFixed(1)
}

/** ps's STAT: `s` a session's leader, `+` in the foreground of its terminal. */
function status(process: ProcessInfo): string {
  return process.state + (process.kind === 'shell' ? 's' : '') + (process.foreground ? '+' : '')
}

/** Bytes in KiB. */
function kib(bytes: number): string {
  return String(Math.round(bytes / 1024))
}

function startTime({ process }: Row, { epoch }: ColumnContext): string {
  return new Date(epoch + process.startedAt).toISOString().slice(11, 16)
}

function duration(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19)
}

/** `0:03`, `12:40`. */
function shortDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** `00:07`, `01:02:03`, `2-00:00:01`. */
function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [days, hours, minutes] = [
    Math.floor(seconds / 86400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  const short = `${two(minutes)}:${two(seconds % 60)}`
  if (days > 0) return `${days}-${two(hours)}:${short}`
  return hours > 0 ? `${two(hours)}:${short}` : short
}

/** As much of a line as fits. */
export function clip(line: string, columns: number): string {
  let used = 0
  let text = ''
  for (const character of line) {
    used += width(character)
    if (used > columns) break
    text += character
  }
  return text
}
