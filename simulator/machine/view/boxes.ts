import type { ExitStatus } from '../../manager/machine.ts'
import type { ProcessLife, WorkerSlot, Activity } from './picture.ts'

/** The box of a process in its row. While an old worker and its successor live side by side, each has half of the row's height. */
export interface LifeBox {
  readonly pid: number
  readonly kind: Activity
  readonly from: number
  /** Undefined while the process lives. */
  readonly until: number | undefined
  readonly half: 'whole' | 'upper' | 'lower'
}

/** The end of a process: where the cross is drawn, and when its parent noticed. */
export interface Death {
  readonly pid: number
  readonly at: number
  readonly status: ExitStatus | undefined
  readonly lost: number
  /** The OOM killer ended it. */
  readonly outOfMemory: boolean
  /** It was expected: the server was stopping, or a successor had taken over. */
  readonly quiet: boolean
  readonly successor: { readonly pid: number; readonly at: number } | undefined
}

/** The boxes of a row. */
export function boxes(slot: WorkerSlot): readonly LifeBox[] {
  return slot.lives.flatMap((life, index) => {
    const before = slot.lives[index - 1]
    const after = slot.lives[index + 1]
    // When this process shares its row: with the one before it at its beginning, with the next one at its end.
    const sharedUntil = before === undefined ? life.from : (before.until ?? Infinity)
    const sharedFrom = after?.from ?? Infinity
    return life.stretches.flatMap((stretch) => split(life, stretch, sharedUntil, sharedFrom))
  })
}

function split(
  life: ProcessLife,
  stretch: ProcessLife['stretches'][number],
  sharedUntil: number,
  sharedFrom: number,
): readonly LifeBox[] {
  const { kind, from } = stretch
  const until = stretch.until ?? Infinity
  const cuts = [from, sharedUntil, sharedFrom, until]
    .filter((at) => at >= from && at <= until)
    .toSorted((a, b) => a - b)
  return cuts.slice(1).flatMap((end, index): readonly LifeBox[] => {
    const start = cuts[index] ?? from
    if (start === end) return []
    const half = start < sharedUntil ? 'lower' : start >= sharedFrom ? 'upper' : 'whole'
    return [{ pid: life.pid, kind, from: start, until: end === Infinity ? undefined : end, half }]
  })
}

/** The deaths of a row. */
export function deaths(slot: WorkerSlot): readonly Death[] {
  return slot.lives.flatMap((life, index): readonly Death[] => {
    if (life.until === undefined) return []
    const next = slot.lives[index + 1]
    const successor = next?.gap === undefined ? undefined : { pid: next.pid, at: next.from }
    const overlapped = next !== undefined && next.from < life.until
    const status = life.status
    const clean = status !== undefined && 'code' in status && status.code === 0
    const drained = life.stretches.at(-1)?.kind === 'draining'
    const quiet = overlapped || slot.closing || (drained && successor === undefined) || (clean && drained)
    const { pid, until: at, lost, outOfMemory = false } = life
    return [{ pid, at, status, lost, outOfMemory, quiet, successor }]
  })
}
