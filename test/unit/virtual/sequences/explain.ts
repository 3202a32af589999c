import type { Play } from './play.ts'
import type { Seen } from './watch.ts'
import { character, leavesWithParent } from './editions.ts'

/** What the rules say of a manager, from what it has said: how many workers it wants, and whether it was to go. */
export interface Account {
  readonly wanted: number
  readonly leaving: boolean
}

/**
 * The rules, told once more and from outside: a supervisor counts SIGTTIN and SIGTTOU, an arbiter does too, and forgets them at SIGHUP;
 * a spawner replaces nobody.
 */
export function account(play: Play, { lines }: Seen): Account {
  let wanted = play.settings.workers
  let leaving = false
  const arbiter = character(play.settings) === 'arbiter'
  for (const [i, line] of lines.entries()) {
    if (arbiter) {
      const signal = /^Handling signal: (\w+)$/.exec(line)?.[1]
      if (signal === 'ttin') wanted += 1
      if (signal === 'ttou' && wanted > 1) wanted -= 1
      if (signal === 'hup') wanted = play.settings.workers
      if (signal === 'term' || signal === 'int' || signal === 'quit') leaving = true
    } else {
      if (line.startsWith('Received SIGTTIN')) wanted += 1
      const refused = lines[i + 1]?.startsWith('Already reached one process') === true
      if (line.startsWith('Received SIGTTOU') && !refused) wanted -= 1
      if (/^Received SIG(INT|TERM), exiting/.test(line)) leaving = true
      if (line.includes('failed to start, stopping the parent process')) leaving = true
    }
  }
  return { wanted, leaving }
}

/** What the rules do not explain in how a manager ended. */
export function unexplainedEnd(play: Play, seen: Seen): string | undefined {
  const { ended } = seen
  if (ended === undefined) return undefined
  if ('signal' in ended)
    return seen.signals.has(ended.signal) ? undefined : `it ended by ${ended.signal}, which nobody sent`
  const { code } = ended
  const kind = character(play.settings)
  const workers = play.watch.workersOf(seen.pid)
  const someEnded = (codes: readonly number[]) =>
    workers.some(
      (worker) => worker.ended !== undefined && 'code' in worker.ended && codes.includes(worker.ended.code),
    )
  const was = (pattern: RegExp) => seen.lines.some((line) => pattern.test(line))
  const asked = seen.signals.has('INT') || seen.signals.has('TERM') || seen.signals.has('QUIT')
  // `fastapi run` imports the application itself.
  if (code === 1 && play.settings.fastapi !== undefined && was(/^#/) && !was(/^Uvicorn running/))
    return undefined
  switch (kind) {
    case 'alone':
      // The application's own end, or the server's: nothing to tell them apart by.
      return undefined
    case 'spawner':
      return code === 0 && asked ? undefined : `it ended with code ${code}`
    case 'supervisor':
      if (code === 0 && (asked || (was(/failed to start/) && someEnded([3])))) return undefined
      return `it ended with code ${code}`
    case 'arbiter':
      if (code === 0 && asked) return undefined
      if (code === 3 && was(/^Reason: Worker failed to boot/) && someEnded([3])) return undefined
      if (code === 4 && was(/^Reason: App failed to load/) && someEnded([4])) return undefined
      if (code === 1 && was(/^!/) && (someEnded([3, 4]) || play.settings.gunicorn?.preload === true))
        return undefined
      if (code === 1 && was(/^=\nError: /) && play.settings.gunicorn?.preload === true) return undefined
      return `it ended with code ${code}`
  }
}

/** What the rules do not explain in a machine that has come to rest. */
export function unexplainedRest(play: Play): string[] {
  const { seen, workersOf } = play.watch
  const found: string[] = []
  for (const each of seen.values()) {
    if (each.ended !== undefined && !each.reaped) found.push(`${each.pid} was never reaped`)
    if (each.kind === 'worker') {
      const parent = seen.get(each.parent)
      const orphan = parent?.ended !== undefined
      if (each.ended !== undefined) continue
      if (each.phase !== 'serving' && !(orphan && each.told))
        found.push(`worker ${each.pid} is ${each.phase}`)
      if (orphan) found.push(...unexplainedOrphan(play, parent, each))
      continue
    }
    const why = unexplainedEnd(play, each)
    if (why !== undefined) found.push(`manager ${each.pid}: ${why}`)
    if (each.ended === undefined) found.push(...unexplainedManager(play, each, workersOf(each.pid)))
  }
  return found
}

function unexplainedOrphan(play: Play, parent: Seen, { pid }: Seen): string[] {
  if (leavesWithParent(play.settings)) return [`worker ${pid} outlived its parent`]
  // Who is killed, or ends by a signal that has its default action, leaves its workers behind.
  if (parent.ended !== undefined && 'signal' in parent.ended) return []
  // gunicorn's exception that nobody catches.
  if (parent.lines.at(-1)?.startsWith('!') === true) return []
  return [`worker ${pid} was left behind by ${parent.pid}`]
}

function unexplainedManager(play: Play, manager: Seen, workers: readonly Seen[]): string[] {
  const living = workers.filter(({ ended }) => ended === undefined)
  const kind = character(play.settings)
  if (kind === 'alone') return manager.phase === 'serving' ? [] : [`the server is ${manager.phase}`]
  const { wanted, leaving } = account(play, manager)
  if (leaving) return [`manager ${manager.pid} hangs: it was to go, and has ${living.length} workers`]
  if (kind === 'spawner')
    return living.length <= play.settings.workers ? [] : ['there are more workers than were started']
  return living.length === wanted
    ? []
    : [`manager ${manager.pid} has ${living.length} workers, expected ${wanted}`]
}
