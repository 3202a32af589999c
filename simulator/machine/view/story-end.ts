import type { ExitStatus } from '../../manager/machine.ts'
import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import type { TraceEvent } from '../trace.ts'
import { findLife, isTaken } from './lives.ts'
import type { Clause, StoryEntry, ProcessLife, Picture, ServerLife } from './picture.ts'
import { slotOf, workersOf } from './slots.ts'
import { livingServers } from './servers.ts'
import { clause, pollsForExits, say } from './story-clauses.ts'

export function tellEnd(
  picture: Picture,
  server: ServerLife,
  event: TraceEvent & { type: 'ended' },
): StoryEntry | undefined {
  const { pid, at, status } = event
  if (pid === server.pid) return serverEnded(picture, server, at, status)
  const slot = slotOf(picture, pid)
  const life = slot?.lives.find((each) => each.pid === pid)
  if (slot === undefined || life === undefined || server.stopping) return undefined
  if (server.until !== undefined || life.server !== server.pid) {
    // The server's keeper ends all processes that are left, and starts it again.
    if (server.kept !== undefined && life.server === server.pid)
      return say(at, 'bad', clause('endedWith', { pid, name: server.kept }))
    const count = workersOf(picture, life.server).length
    return say(
      at,
      'bad',
      clause('orphanDied', { pid }),
      count > 0 ? clause('orphansLeft', { count }) : clause('orphansNone'),
    )
  }
  if (slot.closing) {
    return say(at, 'quiet', clause('fewerDone', { pid, count: workersOf(picture, server.pid).length }))
  }
  const successor = slot.lives.findLast((each) => each.until === undefined)
  if (isTaken(slot) && successor !== undefined && successor.from > life.from) {
    return say(at, 'quiet', clause('handedOver', { old: pid, pid: successor.pid }))
  }
  if (server.reloadingSince !== undefined && life.signalled?.byParent === true) return undefined
  const why = life.outOfMemory === true ? clause('outOfMemoryWhy') : undefined
  return say(at, 'bad', ...tellDeath(life), why, unnoticed(server, life))
}

function serverEnded(picture: Picture, server: ServerLife, at: number, status: ExitStatus): StoryEntry {
  const { pid } = server
  const count = workersOf(picture, pid).length
  if (count > 0)
    return say(
      at,
      'bad',
      clause('parentDied', { pid }),
      server.kept === undefined
        ? clause('orphansLive', { count })
        : clause('keptDecides', { name: server.kept }),
    )
  const left = livingServers(picture).length
  if (left > 0) {
    const bad = 'signal' in status || status.code !== 0
    return say(
      at,
      bad ? 'bad' : 'quiet',
      ...tellDeath({ pid, status, lost: 0 }),
      clause('serversLeft', { count: left }),
    )
  }
  const holder = orphanWithPort(picture, server)
  if (holder !== undefined) return say(at, 'bad', clause('portHeld', holder))
  const total = totals(picture)
  if ('signal' in status) {
    const params = { pid, signal: `SIG${status.signal}`, number: SIGNAL_NUMBERS[status.signal] }
    return say(at, 'bad', clause('endedBySignal', params), ...total)
  }
  const lives = picture.slots.flatMap((slot) => slot.lives).filter((life) => life.server === pid)
  const served = lives.some(hasServed)
  // uvicorn's manager exits with status 0 also when it gives up because a worker failed.
  const gaveUp = !served && lives.some(({ status }) => status !== undefined && !isClean(status))
  if (status.code === 0 && !gaveUp) return say(at, 'quiet', clause('ended', { pid }), ...total)
  const head =
    status.code === 0 ? clause('ended', { pid }) : clause('endedByCode', { pid, code: status.code })
  return say(at, 'bad', head, ...(served ? total : [clause('neverServed')]))
}

/** When a server could not listen: the dead parent whose orphans have a port, and that port. */
function orphanWithPort(
  picture: Picture,
  { pid, addressTaken }: ServerLife,
): { parent: number; port: number } | undefined {
  if (addressTaken !== true) return undefined
  const orphan = picture.slots
    .flatMap((slot) => slot.lives)
    .find((life) => life.until === undefined && life.server !== pid)
  const port = picture.sockets.flatMap(({ bind }) => (bind.kind === 'tcp' ? [bind.port] : []))[0]
  return orphan === undefined || port === undefined ? undefined : { parent: orphan.server, port }
}

/** How a process died, and which requests died with it. */
export function tellDeath(
  life: Pick<ProcessLife, 'pid' | 'status' | 'lost' | 'outOfMemory' | 'signalled'>,
): readonly (Clause | undefined)[] {
  const head =
    life.outOfMemory === true
      ? clause('outOfMemory', { pid: life.pid })
      : deathOf(life.pid, life.status, life.signalled?.byParent ?? false)
  return [head, life.lost > 0 ? clause('lost', { count: life.lost }) : undefined]
}

function deathOf(pid: number, status: ExitStatus | undefined, byParent: boolean): Clause {
  if (status === undefined || 'code' in status) {
    const code = status?.code ?? 0
    return code === 0 ? clause('left', { pid }) : clause('diedByCode', { pid, code })
  }
  const { signal } = status
  const params = { pid, signal: `SIG${signal}`, number: SIGNAL_NUMBERS[signal] }
  return clause(byParent && signal !== 'TERM' ? 'killedByParent' : 'diedBySignal', params)
}

/** Its parent has not noticed yet. A supervisor that has just pinged a booting worker waits for the answer, whatever happens meanwhile. */
function unnoticed(server: ServerLife, life: ProcessLife): Clause {
  if (server.frozen === true) return clause('unnoticedFrozen')
  if (!pollsForExits(server)) return clause('unnoticed', { parent: server.pid })
  return clause(hasServed(life) ? 'unnoticedPolling' : 'unnoticedBooting')
}

function hasServed(life: ProcessLife): boolean {
  return life.stretches.some(({ kind }) => kind === 'serving')
}

function isClean(status: ExitStatus): boolean {
  return 'code' in status && status.code === 0
}

/** The outcomes of all requests so far, in the numbers that the picture shows. */
function totals({ counts }: Picture): readonly (Clause | undefined)[] {
  const { answered, errors, lost, unaccepted } = counts
  if (answered + errors + lost + unaccepted === 0) return []
  return [
    clause('total', { answered, lost }),
    errors > 0 ? clause('totalErrors', { count: errors }) : undefined,
    unaccepted > 0 ? clause('totalUnaccepted', { count: unaccepted }) : undefined,
  ]
}

/** Responses say that the application fails, whatever the processes do. */
export function tellFailing(
  before: Picture,
  picture: Picture,
  { at, pid, request }: TraceEvent & { type: 'request-ended' },
): StoryEntry | undefined {
  const { errors } = picture.counts
  if (pid === undefined || errors === before.counts.errors) return undefined
  const status = findLife(before, pid)?.open.find((bar) => bar.request === request)?.status
  const last = before.happened.clauses[0]?.key
  const goesOn = last === 'serverError' || last === 'redirected'
  if (status === undefined || (before.happened.tone !== 'good' && !goesOn)) return undefined
  return say(at, 'bad', clause('serverError', { pid, status }), clause('totalErrors', { count: errors }))
}

/** The sentence about the server's end, with the numbers of all that ended with it. */
function retotalled(picture: Picture, server: ServerLife): StoryEntry | undefined {
  const { happened } = picture
  if (server.until === undefined || happened.at !== server.until) return undefined
  if (
    !happened.clauses.some(({ key }) => key === 'ended' || key === 'endedBySignal' || key === 'endedByCode')
  )
    return undefined
  return server.status && serverEnded(picture, server, happened.at, server.status)
}

/** Requests were lost right after a death: the sentence about the death is repeated with their number. */
export function tellDeathAgain(
  picture: Picture,
  server: ServerLife,
  event: TraceEvent & { type: 'request-ended' },
): StoryEntry | undefined {
  const { at, pid } = event
  const ended = retotalled(picture, server)
  if (ended !== undefined) return event.end === 'refused' ? undefined : ended
  if (pid === undefined || picture.happened.at !== at) return undefined
  const [head] = picture.happened.clauses
  const slot = slotOf(picture, pid)
  const life = slot?.lives.find((each) => each.pid === pid)
  if (life?.until !== at || head?.params['pid'] !== pid || slot?.closing === true) return undefined
  if (server.stopping || server.until !== undefined) return undefined
  return say(at, 'bad', ...tellDeath(life), unnoticed(server, life))
}
