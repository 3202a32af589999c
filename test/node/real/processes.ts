import { readFileSync, readdirSync } from 'node:fs'

/** A process as Linux shows it. */
export interface ProcessInfo {
  readonly pid: number
  readonly parent: number
  /** `R`, `S`, `D`: it lives; `T`: stopped; `Z`: ended, not reaped. */
  readonly state: string
  /** When it was started, in hundredths of a second since the system was. */
  readonly since: number
}

/** What a child process of the command was started for. */
export type Task = 'work' | 'discover' | 'preload' | 'sentinel' | 'second master'

/** A child process of the command. */
export interface ChildInfo {
  readonly pid: number
  readonly since: number
  readonly task: Task | undefined
}

/** Children in the order in which they were started. PIDs begin anew after the last. */
export function inOrder(children: readonly ChildInfo[]): readonly ChildInfo[] {
  return children.toSorted((a, b) => a.since - b.since || a.pid - b.pid)
}

/** A process now, or nothing when it is gone. */
export function processInfo(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { pid, parent: Number(fields[1]), state: fields[0] ?? '', since: Number(fields[19]) }
  } catch {
    return undefined
  }
}

/** Whether a process lives: it is there, and no zombie. */
export function lives(pid: number): boolean {
  const info = processInfo(pid)
  return info !== undefined && info.state !== 'Z' && info.state !== 'X'
}

/** The children of a process that are there now. */
export function childrenOf(parent: number): number[] {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    return children.split(' ').filter(Boolean).map(Number)
  } catch {
    return lives(parent) ? searchedChildrenOf(parent) : []
  }
}

/** For a kernel that keeps no list of children. */
function searchedChildrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => processInfo(pid)?.parent === parent)
}

/** What a child process of the command was started for. Nothing when it is gone or not yet itself. */
export function taskOf(pid: number): Task | undefined {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sentinel.sh')) return 'sentinel'
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    if (environment.includes('\0SERVER_WORKERS_SUCCESSOR=')) return 'second master'
    const [, task] = /\0SERVER_WORKERS_TASK=\{"do":"(\w+)"/.exec(`\0${environment}`) ?? []
    return task as Task | undefined
  } catch {
    return undefined
  }
}

/** Processor time that a process has used, in seconds (Linux counts in hundredths). */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

/** Waits until something is so. It is looked at every 10 ms, or every `ms`. */
export async function until(holds: () => boolean, seconds: number, what: string, ms = 10): Promise<void> {
  const limit = performance.now() + seconds * 1000
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`waited ${seconds} s in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
}
