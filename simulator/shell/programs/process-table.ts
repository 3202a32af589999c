import type { ProcessInfo } from '../../machine/system.ts'
import { width } from '../../terminal/width.ts'

/** A process in a list, and what stands before its command in a tree. */
export interface Row {
  readonly process: ProcessInfo
  readonly branch: string
}

interface Column {
  readonly head: string
  readonly width: number
  readonly left?: boolean
  readonly value: (row: Row, clock: Clock) => string
}

interface Clock {
  readonly now: number
  readonly epoch: number
}

/** The columns of procps-ng's ps that this machine can fill. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { head: 'USER', width: 8, left: true, value: () => 'user' },
  uid: { head: 'UID', width: 8, left: true, value: () => 'user' },
  pid: { head: 'PID', width: 7, value: ({ process }) => String(process.pid) },
  ppid: { head: 'PPID', width: 7, value: ({ process }) => String(process.ppid) },
  c: { head: 'C', width: 2, value: (row, clock) => share(row, clock).toFixed(0) },
  '%cpu': { head: '%CPU', width: 4, value: (row, clock) => share(row, clock).toFixed(1) },
  rss: { head: 'RSS', width: 6, value: ({ process }) => String(Math.round(process.memory / 1024)) },
  tty: { head: 'TTY', width: 8, left: true, value: ({ process }) => process.terminal ?? '?' },
  stat: { head: 'STAT', width: 4, left: true, value: ({ process }) => process.state },
  s: { head: 'S', width: 1, left: true, value: ({ process }) => process.state },
  stime: { head: 'STIME', width: 5, left: true, value: startTime },
  start: { head: 'START', width: 5, left: true, value: startTime },
  time: { head: 'TIME', width: 8, value: ({ process }) => duration(process.cpu) },
  bsdtime: { head: 'TIME', width: 6, value: ({ process }) => duration(process.cpu).replace(/^00:0?/, '') },
  comm: { head: 'CMD', width: 0, left: true, value: ({ process, branch }) => branch + commandName(process) },
  cmd: { head: 'CMD', width: 0, left: true, value: commandLine },
  args: { head: 'COMMAND', width: 0, left: true, value: commandLine },
  command: { head: 'COMMAND', width: 0, left: true, value: commandLine },
}

/** Whether `ps -o` knows a column. */
export function isColumn(name: string): boolean {
  return Object.hasOwn(COLUMNS, name)
}

/** The list as text; lines end at the terminal's width. */
export function processTable(
  rows: readonly Row[],
  names: readonly string[],
  clock: Clock,
  columns: number,
): string {
  const chosen = names.flatMap((name) => COLUMNS[name] ?? [])
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const { left = false, width: size = 0 } = chosen[index] ?? {}
        if (left) return index === cells.length - 1 ? cell : cell.padEnd(size)
        return cell.padStart(size)
      })
      .join(' ')
  const lines = [
    line(chosen.map(({ head }) => head)),
    ...rows.map((row) => line(chosen.map(({ value }) => value(row, clock)))),
  ]
  return lines.map((each) => `${clip(each, columns)}\n`).join('')
}

/** The name that `ps` and `pgrep` know a process by. */
export function commandName(process: ProcessInfo): string {
  const name = process.command.split(' ')[0]?.split('/').at(-1) ?? ''
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
    const children = processes.filter((child) => child.ppid === process.pid)
    for (const child of children) {
      const below = child === children.at(-1) ? '    ' : ' |  '
      visit(child, `${indent} \\_ `, indent + below)
    }
  }
  for (const process of processes) if (!known.has(process.ppid)) visit(process, '', '')
  return rows
}

/** Processor time as a part of the time since the start, in percent. */
function share({ process }: Row, { now }: Clock): number {
  return (process.cpu / Math.max(1, now - process.startedAt)) * 100
}

function startTime({ process }: Row, { epoch }: Clock): string {
  return new Date(epoch + process.startedAt).toISOString().slice(11, 16)
}

function duration(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19)
}

function clip(line: string, columns: number): string {
  let used = 0
  let text = ''
  for (const character of line) {
    used += width(character)
    if (used > columns) break
    text += character
  }
  return text
}
