import { readFileSync, readlinkSync, readdirSync } from 'node:fs'
import { childrenOf, lives, until } from '../node/real/processes.ts'

/** The PIDs of a process and of all its living descendants. */
export function family(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(family)]
}

/** The proportional set size (PSS) of a process, in MB. */
export function pss(pid: number): number {
  const [, kB = ''] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  return Number(kB) / 1024
}

/** How many connections to `port` a process has accepted and not closed. */
export function connectionsOf(pid: number, port: number): number {
  const local = port.toString(16).toUpperCase().padStart(4, '0')
  const ESTABLISHED = '01'
  const inodes = new Set<string>()
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    if (address.endsWith(`:${local}`) && state === ESTABLISHED) inodes.add(`socket:[${inode}]`)
  }
  return descriptors(pid).filter((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`))).length
}

/** How many sockets a process has: quicker to tell than how many connections, where thousands have just been closed. */
export function socketsOf(pid: number): number {
  return descriptors(pid).filter((fd) => linkOf(`/proc/${pid}/fd/${fd}`).startsWith('socket:')).length
}

/** How many descriptors a process has open. */
export function descriptorsOf(pid: number): number {
  return descriptors(pid).length
}

/** Processor time that the threads of a process have used, in seconds; finer than the hundredths of `/proc/PID/stat`. */
export function threadTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return ns.reduce((sum, time) => sum + time, 0) / 1e9
}

/** None when the process is gone. */
function descriptors(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
  } catch {
    return []
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Ends processes at once, each by its PID, and waits until none is left. */
export async function endAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) if (lives(pid)) process.kill(pid, 'SIGKILL')
  await until(() => !pids.some(lives), 10, `no process was left of ${pids.join(', ')}`)
}
