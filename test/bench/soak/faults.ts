import { lives, processInfo, taskOf, until, childrenOf } from '../../node/real/processes.ts'
import { connectionsOf } from '../processes.ts'
import type { Server } from '../server.ts'

/** The timeout for anything that follows a fault, in seconds. */
const PATIENCE_S = 120

/** How long a reload is waited for, in seconds. */
const RELOAD_S = 30

/** How long a process is stopped for: shorter than any timeout. */
const PAUSE_MS = 500

/** What faults need to know of the server, and what they record. */
export interface Ground {
  readonly server: Server
  readonly workers: number
  /** A number from 0 to 1. */
  readonly chance: () => number
  /** Workers that were killed. */
  readonly killed: Set<number>
  /** How many connections they had then. */
  own: number
}

/** A fault of a server. It is over when as many workers as before are there again. */
export type Fault = (ground: Ground) => Promise<void>

export const FAULTS: Readonly<Record<string, Fault>> = {
  kill: async (ground) => {
    await kill(ground, anyWorker(ground))
    await complete(ground)
  },
  'kill of all': async (ground) => {
    await Promise.all(ground.server.workerProcesses.map((pid) => kill(ground, pid)))
    await complete(ground)
  },
  reload: async (ground) => {
    const before = ground.server.workerProcesses
    ground.server.reload()
    await replaced(before)
    await complete(ground)
  },
  'reload, and another one in its middle': async (ground) => {
    const { server } = ground
    const before = server.workerProcesses
    server.reload()
    await until(() => server.workerProcesses.some((pid) => !before.includes(pid)), PATIENCE_S, 'it began')
    server.reload()
    await replaced(before)
    await complete(ground)
  },
  'kill in the middle of a reload': async (ground) => {
    const { server } = ground
    const before = server.workerProcesses
    server.reload()
    await until(() => server.workerProcesses.some((pid) => !before.includes(pid)), PATIENCE_S, 'it began')
    await kill(ground, anyWorker(ground))
    await complete(ground)
  },
  'a worker more, a worker less': async (ground) => {
    const { server, workers } = ground
    process.kill(server.pid, 'SIGTTIN')
    await until(() => server.workerProcesses.length > workers, PATIENCE_S, 'there was one more')
    process.kill(server.pid, 'SIGTTOU')
    await complete(ground)
  },
  'end of a worker': async (ground) => {
    const victim = anyWorker(ground)
    process.kill(victim, 'SIGTERM')
    await gone([victim])
    await complete(ground)
  },
  'pause of a worker': async (ground) => pause(anyWorker(ground)),
  'pause of the manager': async ({ server }) => pause(server.pid),
  'kill of the sentinel': async ({ server }) => {
    const sentinel = childrenOf(server.pid).find((pid) => taskOf(pid) === 'sentinel')
    if (sentinel === undefined) return
    process.kill(sentinel, 'SIGKILL')
    const another = () => childrenOf(server.pid).some((pid) => pid !== sentinel && taskOf(pid) === 'sentinel')
    await until(another, PATIENCE_S, 'there was another sentinel')
  },
}

function anyWorker({ server, chance }: Ground): number {
  const workers = server.workerProcesses.filter(lives)
  return workers[Math.floor(chance() * workers.length)] ?? 0
}

/** Kills a worker. It is stopped first, so that its connections can be counted. */
async function kill(ground: Ground, pid: number): Promise<void> {
  if (!(await stopped(pid))) return
  ground.own += connectionsOf(pid, ground.server.port)
  ground.killed.add(pid)
  process.kill(pid, 'SIGKILL')
  await gone([pid])
}

async function pause(pid: number): Promise<void> {
  if (!(await stopped(pid))) return
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  if (lives(pid)) process.kill(pid, 'SIGCONT')
}

/** Stops a process; false when it has ended by itself. */
async function stopped(pid: number): Promise<boolean> {
  if (pid === 0 || !lives(pid)) return false
  process.kill(pid, 'SIGSTOP')
  await until(() => processInfo(pid)?.state === 'T' || !lives(pid), PATIENCE_S, 'it was stopped')
  return lives(pid)
}

function gone(pids: readonly number[]): Promise<void> {
  return until(() => !pids.some(lives), PATIENCE_S, `nothing was left of ${pids.join(', ')}`)
}

/** Waits for the end of a reload. uvicorn keeps an old worker when the new one is not ready in time: then it has ended as well. */
function replaced(workers: readonly number[]): Promise<void> {
  return until(() => !workers.some(lives), RELOAD_S, 'they were replaced').catch(() => undefined)
}

/** Waits until there are as many workers as there should be. */
function complete({ server, workers }: Ground): Promise<void> {
  return until(() => server.workerProcesses.length === workers, PATIENCE_S, `there were ${workers} workers`)
}
