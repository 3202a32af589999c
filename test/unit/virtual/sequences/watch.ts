import type { Kernel } from '../../../../simulator/host/virtual/kernel.ts'
import type { ExitStatus } from '../../../../simulator/manager/machine.ts'
import type { SignalName } from '../../../../simulator/manager/signals.ts'
import type { TraceEvent } from '../../../../simulator/machine/trace.ts'
import { lineOf } from './grammar.ts'

/** A process as an observer outside knows it. */
export interface Seen {
  readonly pid: number
  readonly parent: number
  readonly kind: 'manager' | 'worker'
  readonly lines: string[]
  /** What was sent to it. */
  readonly signals: Set<SignalName>
  frozen: boolean
  phase: string
  ended: ExitStatus | undefined
  endedAt: number
  reaped: boolean
  /** Whether its parent has sent it a signal that ends it. */
  told: boolean
}

/** What was seen on a machine, and what was wrong with it whatever program runs. */
export interface Watch {
  readonly seen: ReadonlyMap<number, Seen>
  readonly complaints: string[]
  /** The workers of a manager, oldest first, dead ones too. */
  readonly workersOf: (manager: number) => readonly Seen[]
}

/** Looks at every event of a machine's trace as it comes. */
export function watch(kernel: Kernel): Watch {
  const seen = new Map<number, Seen>()
  const complaints: string[] = []
  const complain = (event: TraceEvent, what: string): void => {
    complaints.push(`${event.at.toFixed(1)} ms: ${what} (${JSON.stringify(event)})`)
  }

  kernel.subscribe((event) => {
    const process = 'pid' in event && event.pid !== undefined ? seen.get(event.pid) : undefined
    if (process?.ended !== undefined && isDeed(event)) complain(event, `${process.pid} has ended`)
    if (process?.frozen === true && isDeed(event)) complain(event, `${process.pid} is stopped`)
    switch (event.type) {
      case 'forked': {
        if (seen.has(event.pid)) complain(event, 'a PID is given twice')
        const parent = seen.get(event.ppid)
        if (parent?.ended !== undefined) complain(event, 'its parent has ended')
        if (parent?.frozen === true) complain(event, 'its parent is stopped')
        if (event.kind === 'manager' || event.kind === 'worker')
          seen.set(event.pid, begun(event.pid, event.ppid, event.kind))
        return
      }
      case 'ended':
        if (process === undefined) return
        if (process.ended !== undefined) complain(event, 'it ends twice')
        process.ended = event.status
        process.endedAt = event.at
        return
      case 'reaped':
        if (process === undefined) return
        if (process.ended === undefined) complain(event, 'it is reaped alive')
        if (process.reaped) complain(event, 'it is reaped twice')
        process.reaped = true
        return
      case 'stopped':
      case 'continued':
        if (process !== undefined) process.frozen = event.type === 'stopped'
        return
      case 'phase':
        if (process !== undefined) process.phase = event.phase
        return
      case 'output':
        if (event.record !== undefined) process?.lines.push(lineOf(event.record))
        return
      case 'accepted':
        if (process?.phase !== 'serving')
          complain(event, `it accepts while it is ${process?.phase ?? 'unknown'}`)
        return
      case 'signalled': {
        if (process === undefined) return
        process.signals.add(event.signal)
        const from = event.from === undefined ? undefined : seen.get(event.from)
        if (from === undefined) return
        if (from.ended !== undefined) complain(event, 'its sender has ended')
        if (from.frozen) complain(event, 'its sender is stopped')
        if (process.parent !== from.pid) complain(event, 'it is not a child of the sender')
        process.told = true
      }
    }
  })

  const workersOf = (manager: number) =>
    [...seen.values()].filter(({ kind, parent }) => kind === 'worker' && parent === manager)
  return { seen, complaints, workersOf }
}

function begun(pid: number, parent: number, kind: Seen['kind']): Seen {
  return {
    pid,
    parent,
    kind,
    lines: [],
    signals: new Set(),
    frozen: false,
    phase: 'new',
    ended: undefined,
    endedAt: Infinity,
    reaped: false,
    told: false,
  }
}

/** What only a process that lives and runs can do. */
function isDeed({ type }: TraceEvent): boolean {
  return (
    type === 'output' || type === 'accepted' || type === 'head' || type === 'phase' || type === 'listening'
  )
}
