import type { ProcessInfo } from '../../machine/system.ts'
import type { Cores } from './cores.ts'
import type { MainThreads } from './main-threads.ts'
import type { MainMemory } from './memory.ts'
import type { Process } from './process.ts'
import type { Signals } from './signals.ts'

interface Dependencies {
  readonly cores: Cores
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly signals: Signals
}

/** A process as `ps` and `top` show it, collected from the parts of the kernel. */
export function processInfo(
  process: Process,
  { cores, memory, threads, signals }: Dependencies,
): ProcessInfo {
  return {
    pid: process.pid,
    ppid: process.ppid,
    kind: process.kind,
    command: process.command,
    state: stateOf(process, threads),
    startedAt: process.startedAt,
    cpu: cores.usedBy(process),
    ...memory.of(process),
    user: process.user,
    group: process.group,
    terminal: process.terminal,
    unit: process.unit,
    container: process.container,
    foreground: signals.isForeground(process),
  }
}

function stateOf(process: Process, threads: MainThreads): ProcessInfo['state'] {
  if (!process.alive) return 'Z'
  if (process.frozen) return 'T'
  if (process.waitsForDisk > 0) return 'D'
  return process.works.size > 0 || threads.isInTurn(process) ? 'R' : 'S'
}
