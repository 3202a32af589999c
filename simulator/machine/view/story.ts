import type { SignalName } from '../../manager/signals.ts'
import type { TraceEvent } from '../trace.ts'
import { activityOf, findLife } from './lives.ts'
import type { Clause, StoryEntry, ProcessLife, Picture, ServerLife } from './picture.ts'
import { slotOf, workersOf } from './slots.ts'
import { livingServers, serverOf, sharers, traitsOfServer } from './servers.ts'
import { tellMachineEvent } from './story-machine.ts'
import { clause, pollsForExits, say, seconds } from './story-clauses.ts'
import { tellDeath, tellEnd, tellFailing, tellDeathAgain } from './story-end.ts'

/** The sentence about an event; `undefined` keeps the last sentence. */
export function tell(before: Picture, picture: Picture, event: TraceEvent): StoryEntry | undefined {
  const around = tellMachineEvent(before, event)
  const server = concerned(before, picture, event)
  if (around !== undefined || server === undefined) return around
  // The sentence about the machine itself wins over those about its processes.
  if (picture.around.power !== 'up') return undefined
  switch (event.type) {
    case 'forked':
      return forked(before, picture, server, event)
    case 'phase':
      return event.phase === 'serving' ? ready(picture, server, event.pid, event.at) : undefined
    case 'signalled':
      return signalled(before, picture, server, event)
    case 'stopped':
      return frozen(picture, server, event.pid, event.at)
    case 'continued':
      if (event.pid === server.pid && !server.alone)
        return say(event.at, 'quiet', clause('parentThawed', { parent: event.pid }))
      return findLife(picture, event.pid) && say(event.at, 'quiet', clause('thawed', { pid: event.pid }))
    case 'busy':
      return spinning(picture, server, event)
    case 'ended':
      return tellEnd(picture, server, event)
    case 'request-ended':
      return tellDeathAgain(picture, server, event) ?? tellFailing(before, picture, event)
    default:
      return undefined
  }
}

/** The server that an event is about; without one, `picture.server`. At the end of a server it is that server, with its end. */
function concerned(before: Picture, picture: Picture, event: TraceEvent): ServerLife | undefined {
  if (!('pid' in event) || event.pid === undefined) return picture.server
  const { pid } = event
  if (event.type === 'ended') {
    const server = serverOf(before, pid)
    if (server !== undefined) return { ...server, until: event.at, status: event.status }
  }
  const life = slotOf(picture, pid)?.lives.findLast((each) => each.pid === pid)
  return serverOf(picture, life?.server ?? pid) ?? picture.server
}

/** The parent or a worker is stopped by a signal. */
function frozen(picture: Picture, server: ServerLife, pid: number, at: number): StoryEntry | undefined {
  if (pid === server.pid && !server.alone)
    return say(at, 'bad', clause('parentFrozen', { parent: pid }), clause('parentFrozenWhy'))
  const life = findLife(picture, pid)
  if (life === undefined || server.stopping) return undefined
  const watched = isWatched(server, life)
  const why = server.frozen ? 'unnoticedFrozen' : pollsForExits(server) ? 'frozenPolling' : 'frozenTimeout'
  return say(at, 'bad', clause('frozen', { pid }), clause(watched ? why : 'frozenAlone'))
}

/** Whether the process has a living parent. */
function isWatched(server: ServerLife, life: ProcessLife): boolean {
  return !server.alone && server.until === undefined && life.server === server.pid
}

function forked(
  before: Picture,
  picture: Picture,
  server: ServerLife,
  event: TraceEvent & { type: 'forked' },
): StoryEntry | undefined {
  const { at, pid } = event
  if (event.kind === 'manager') {
    return say(at, 'quiet', clause('starting', { program: server.program ?? server.command, pid }))
  }
  const slot = slotOf(picture, pid)
  const life = slot?.lives.at(-1)
  if (event.kind !== 'worker' || life?.server !== server.pid) return undefined
  const gone = slot?.lives.at(-2)
  if (life.gap !== undefined && gone !== undefined) return replaced(server, gone, life, at)
  const earlier = serverOf(before, server.pid)
  if (earlier?.reloadingSince !== undefined) return undefined
  if (earlier !== undefined && earlier.more > 0) {
    return say(at, 'quiet', clause('more', { parent: server.pid, pid }))
  }
  const count = workersOf(picture, server.pid).length
  return say(at, 'quiet', clause('booting', { parent: server.pid, count }), clause('bootingWhy'))
}

function replaced(server: ServerLife, gone: ProcessLife, life: ProcessLife, at: number): StoryEntry {
  const params = { parent: server.pid, pid: life.pid, seconds: seconds(life.gap ?? 0) }
  return say(
    at,
    'bad',
    ...tellDeath(gone),
    clause(pollsForExits(server) ? 'noticedPolling' : 'noticed', params),
  )
}

function spinning(
  picture: Picture,
  server: ServerLife,
  event: TraceEvent & { type: 'busy' },
): StoryEntry | undefined {
  const { pid, at } = event
  const life = findLife(picture, pid)
  if (!event.spinning || life === undefined) return undefined
  const watched = isWatched(server, life) && server.frozen !== true
  const why = pollsForExits(server) ? 'spinningPolling' : 'spinningTimeout'
  return say(at, 'bad', clause('spinning', { pid }), clause(watched ? why : 'spinningAlone'))
}

function ready(picture: Picture, server: ServerLife, pid: number, at: number): StoryEntry | undefined {
  if (server.stopping) return undefined
  if (server.alone) return alone(picture, server, pid, at)
  const slot = slotOf(picture, pid)
  const life = slot?.lives.find((each) => each.pid === pid)
  const gone = slot?.lives.findLast((each) => each.pid !== pid)
  const workers = workersOf(picture, server.pid)
  if (life?.gap !== undefined && gone?.until !== undefined) {
    const story = replaced(server, gone, life, at)
    return {
      ...story,
      clauses: [...story.clauses, clause('back', { pid, seconds: seconds(at - gone.until) })],
    }
  }
  if (gone?.server === server.pid) return undefined
  const last = picture.happened.clauses[0]
  if (last?.key === 'more' && last.params['pid'] === pid) {
    return say(at, 'good', clause('moreDone', { pid, count: workers.length }))
  }
  if (!workers.every((each) => activityOf(each) === 'serving')) return undefined
  const why =
    server.frozen === true ? clause('parentFrozenWhy') : clause('servingWhy', { parent: server.pid })
  const several = severalServers(picture)
  const head =
    several !== undefined && workers.length === 1
      ? clause('oneServes', { pid })
      : clause('serving', { count: workers.length })
  return say(at, 'good', head, ...(several ?? [why]))
}

/** A server without a parent serves requests. */
function alone(picture: Picture, { kept }: ServerLife, pid: number, at: number): StoryEntry {
  const several = severalServers(picture)
  if (several !== undefined) return say(at, 'good', clause('oneServes', { pid }), ...several)
  const why = kept === undefined ? clause('aloneWhy') : clause('aloneKeptWhy', { name: kept })
  return say(at, 'good', clause('alone', { pid }), why)
}

/** The sentence about the number of servers when there are several, and whether they share a port. */
function severalServers(picture: Picture): readonly Clause[] | undefined {
  const count = livingServers(picture).length
  if (count < 2) return undefined
  const shared = sharers(picture)
  return [
    clause('servers', { count }),
    shared === 0
      ? clause('ownPortsWhy')
      : shared === count
        ? clause('samePortWhy')
        : clause('somePortWhy', { count: shared }),
  ]
}

function signalled(
  before: Picture,
  picture: Picture,
  server: ServerLife,
  event: TraceEvent & { type: 'signalled' },
): StoryEntry | undefined {
  const { pid, signal, at, from } = event
  if (pid === server.pid) return instructed(before, picture, server, signal, at)
  if (server.stopping || findLife(picture, pid) === undefined) return undefined
  if (from !== undefined) return undefined
  switch (signal) {
    case 'TERM':
    case 'INT':
      return say(
        at,
        'quiet',
        clause('askedToStop', { pid, signal: `SIG${signal}` }),
        clause('askedToStopWhy'),
      )
    default:
      return undefined
  }
}

function instructed(
  before: Picture,
  picture: Picture,
  server: ServerLife,
  signal: SignalName,
  at: number,
): StoryEntry | undefined {
  const params = { parent: server.pid, signal: `SIG${signal}` }
  switch (signal) {
    case 'TTOU':
      if (server.alone) return undefined
      return say(
        at,
        'quiet',
        clause('fewer', params),
        clause(server.fewer === serverOf(before, server.pid)?.fewer ? 'fewerNone' : 'fewerWhy'),
      )
    case 'HUP':
      return server.alone ? undefined : say(at, 'quiet', clause('reloading', params), clause('reloadingWhy'))
    case 'INT':
    case 'TERM':
    case 'QUIT': {
      if (!server.stopping || serverOf(before, server.pid)?.stopping === true) return undefined
      const pressed = signal === 'INT' && picture.interruptedAt === at
      const fast = traitsOfServer(server).onInterrupt === 'quick' && signal !== 'TERM'
      const why = fast ? (pressed ? 'ctrlCFast' : 'stoppingFast') : pressed ? 'ctrlCWhy' : 'stoppingWhy'
      return say(
        at,
        'quiet',
        clause(pressed ? 'ctrlC' : 'stopping', params),
        clause(server.alone ? 'stoppingAlone' : why),
      )
    }
    default:
      return undefined
  }
}
