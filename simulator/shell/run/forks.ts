import { MOST_PROCESSES } from '../../machine/limits.ts'
import type { System } from '../../machine/system.ts'
import type { ExecutionContext } from './context.ts'
import { pause, type Flow } from './flow.ts'
import { Discarded } from './leaving.ts'

/** How long bash waits each time before it tries again, in virtual ms. */
const RETRIES = [1000, 2000, 4000, 8000]

/** Stages of pipes that the machine's process table does not show: functions, groups and builtins. */
const stages = new WeakMap<System, number>()

/** Waits until the machine has room for another process, in bash's way; after 15 s the line is given up. */
export function* forkable(system: System, { stderr, speaker }: ExecutionContext): Flow<void> {
  const isFull = (): boolean => system.processCount + (stages.get(system) ?? 0) >= MOST_PROCESSES
  for (const ms of RETRIES) {
    if (!isFull()) return
    stderr.write(`${speaker}fork: retry: Resource temporarily unavailable\n`, 0)
    yield* pause(system, ms)
  }
  if (!isFull()) return
  stderr.write(`${speaker}fork: Resource temporarily unavailable\n`, 0)
  throw new Discarded()
}

/** A stage of a pipe, which counts as a process while it runs. */
export function* asStage(system: System, flow: Flow<number>): Flow<number> {
  stages.set(system, (stages.get(system) ?? 0) + 1)
  try {
    return yield* flow
  } finally {
    stages.set(system, (stages.get(system) ?? 0) - 1)
  }
}
