import { DEEPEST } from '../../machine/limits.ts'
import type { System } from '../../machine/system.ts'
import type { ExecutionContext } from './context.ts'
import { pause, type Flow } from './flow.ts'
import { Discarded, ShellExit } from './leaving.ts'

/**
 * The context one level further down. The depth is that of the commands around, also of those in other processes: a function that
 * runs itself is stopped, in a pipe and in the background too.
 */
export function deeper(context: ExecutionContext, name?: string): ExecutionContext {
  const depth = (context.depth ?? 0) + 1
  if (depth <= DEEPEST) return { ...context, depth }
  const what = name === undefined ? 'maximum' : `${name}: maximum function`
  context.stderr.write(`${context.speaker}${what} nesting level exceeded (${DEEPEST})\n`, 0)
  throw name === undefined ? new ShellExit(2) : new Discarded()
}

/** Calls of functions take no time down to this depth. */
const AT_ONCE = 8

/** The context of a function that is called. What calls itself takes time, so that it grows with the clock and not at once. */
export function* called(name: string, outer: ExecutionContext, system: System): Flow<ExecutionContext> {
  const context = deeper(outer, name)
  if ((context.depth ?? 0) > AT_ONCE) yield* pause(system, 1)
  return context
}
