import type { ExitStatus } from '../../manager/machine.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { TraceEvent } from '../trace.ts'
import { doing, findLife, isTaken } from './lives.ts'
import type { Clause, Happening, Life, Picture, SentenceKey, Server } from './picture.ts'
import { placeOf, workersOf } from './places.ts'
import { tellAround } from './story-around.ts'

/** What to say about an event, or nothing: then the last sentence stays. */
export function tell(before: Picture, picture: Picture, event: TraceEvent): Happening | undefined {
  const { server } = picture
  const around = tellAround(before, event)
  if (around !== undefined || server === undefined) return around
  // What the machine itself goes through says more than what its processes do meanwhile.
  if (picture.around.power !== 'up') return undefined
  switch (event.type) {
    case 'forked':
      return forked(before, picture, server, event)
    case 'phase':
      return event.phase === 'serving' ? ready(picture, server, event.pid, event.at) : undefined
    case 'signalled':
      return signalled(before, picture, server, event)
    case 'continued':
      return findLife(picture, event.pid) && say(event.at, 'quiet', clause('thawed', { pid: event.pid }))
    case 'busy':
      return spinning(picture, server, event)
    case 'ended':
      return ended(picture, server, event)
    case 'request-ended':
      return retold(picture, server, event)
    default:
      return undefined
  }
}

function say(at: number, tone: Happening['tone'], ...clauses: readonly (Clause | undefined)[]): Happening {
  return { at, tone, clauses: clauses.filter((each) => each !== undefined) }
}

function clause(key: SentenceKey, params: Clause['params'] = {}): Clause {
  return { key, params }
}

function forked(
  before: Picture,
  picture: Picture,
  server: Server,
  event: TraceEvent & { type: 'forked' },
): Happening | undefined {
  const { at, pid } = event
  if (event.kind === 'manager') {
    return say(at, 'quiet', clause('starting', { program: server.program ?? server.command, pid }))
  }
  const place = placeOf(picture, pid)
  const life = place?.lives.at(-1)
  if (event.kind !== 'worker' || life?.server !== server.pid) return undefined
  const gone = place?.lives.at(-2)
  if (life.gap !== undefined && gone !== undefined) return replaced(server, gone, life, at)
  if (before.server?.reloadingSince !== undefined) return undefined
  if (before.server !== undefined && before.server.more > 0) {
    return say(at, 'quiet', clause('more', { parent: server.pid, pid }))
  }
  const count = workersOf(picture, server.pid).length
  return say(at, 'quiet', clause('booting', { parent: server.pid, count }), clause('bootingWhy'))
}

/** Whether the manager finds out by looking every half second (uvicorn) or is woken by the death (gunicorn). */
function polls(server: Server): boolean {
  return server.program !== 'gunicorn'
}

function replaced(server: Server, gone: Life, life: Life, at: number): Happening {
  const params = { parent: server.pid, pid: life.pid, seconds: seconds(life.gap ?? 0) }
  return say(at, 'bad', ...death(gone), clause(polls(server) ? 'noticedPolling' : 'noticed', params))
}

/** That its parent does not know yet. Who has just asked a booting worker for a sign of life waits for that, whatever happens. */
function unnoticed(server: Server, life: Life): Clause {
  if (!polls(server)) return clause('unnoticed', { parent: server.pid })
  return clause(hasServed(life) ? 'unnoticedPolling' : 'unnoticedBooting')
}

/** How a process died and what it took with it. */
function death(life: Life): readonly (Clause | undefined)[] {
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

function spinning(
  picture: Picture,
  server: Server,
  event: TraceEvent & { type: 'busy' },
): Happening | undefined {
  const { pid, at } = event
  if (!event.spinning || findLife(picture, pid) === undefined) return undefined
  return say(
    at,
    'bad',
    clause('spinning', { pid }),
    clause(polls(server) ? 'spinningPolling' : 'spinningTimeout'),
  )
}

function ready(picture: Picture, server: Server, pid: number, at: number): Happening | undefined {
  if (server.stopping) return undefined
  if (server.alone) return say(at, 'good', clause('alone', { pid }), clause('aloneWhy'))
  const place = placeOf(picture, pid)
  const life = place?.lives.find((each) => each.pid === pid)
  const gone = place?.lives.findLast((each) => each.pid !== pid)
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
  if (!workers.every((each) => doing(each) === 'serving')) return undefined
  return say(
    at,
    'good',
    clause('serving', { count: workers.length }),
    clause('servingWhy', { parent: server.pid }),
  )
}

function signalled(
  before: Picture,
  picture: Picture,
  server: Server,
  event: TraceEvent & { type: 'signalled' },
): Happening | undefined {
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
    case 'STOP':
    case 'TSTP':
      return say(
        at,
        'bad',
        clause('frozen', { pid }),
        clause(polls(server) ? 'frozenPolling' : 'frozenTimeout'),
      )
    default:
      return undefined
  }
}

function instructed(
  before: Picture,
  picture: Picture,
  server: Server,
  signal: SignalName,
  at: number,
): Happening | undefined {
  const params = { parent: server.pid, signal: `SIG${signal}` }
  switch (signal) {
    case 'TTOU':
      return server.alone ? undefined : say(at, 'quiet', clause('fewer', params), clause('fewerWhy'))
    case 'HUP':
      return server.alone ? undefined : say(at, 'quiet', clause('reloading', params), clause('reloadingWhy'))
    case 'INT':
    case 'TERM':
    case 'QUIT': {
      if (!server.stopping || before.server?.stopping === true) return undefined
      const pressed = signal === 'INT' && picture.interruptedAt === at
      const fast = server.program === 'gunicorn' && signal !== 'TERM'
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

function ended(
  picture: Picture,
  server: Server,
  event: TraceEvent & { type: 'ended' },
): Happening | undefined {
  const { pid, at, status } = event
  if (pid === server.pid) return serverEnded(picture, server, at, status)
  const place = placeOf(picture, pid)
  const life = place?.lives.find((each) => each.pid === pid)
  if (place === undefined || life === undefined || server.stopping) return undefined
  if (server.until !== undefined || life.server !== server.pid) {
    const count = workersOf(picture, life.server).length
    return say(
      at,
      'bad',
      clause('orphanDied', { pid }),
      count > 0 ? clause('orphansLeft', { count }) : undefined,
    )
  }
  if (place.closing) {
    return say(at, 'quiet', clause('fewerDone', { pid, count: workersOf(picture, server.pid).length }))
  }
  const successor = place.lives.findLast((each) => each.until === undefined)
  if (isTaken(place) && successor !== undefined && successor.from > life.from) {
    return say(at, 'quiet', clause('handedOver', { old: pid, pid: successor.pid }))
  }
  if (server.reloadingSince !== undefined && life.signalled?.byParent === true) return undefined
  const why = life.outOfMemory === true ? clause('outOfMemoryWhy') : undefined
  return say(at, 'bad', ...death(life), why, unnoticed(server, life))
}

function serverEnded(picture: Picture, server: Server, at: number, status: ExitStatus): Happening {
  const { pid } = server
  const count = workersOf(picture, pid).length
  if (count > 0) return say(at, 'bad', clause('parentDied', { pid }), clause('orphansLive', { count }))
  const { answered, lost } = picture.counts
  const total = answered + lost > 0 ? clause('total', { answered, lost }) : undefined
  if ('signal' in status) {
    const params = { pid, signal: `SIG${status.signal}`, number: SIGNAL_NUMBERS[status.signal] }
    return say(at, 'bad', clause('endedBySignal', params), total)
  }
  const lives = picture.places.flatMap((place) => place.lives).filter((life) => life.server === pid)
  const served = lives.some(hasServed)
  // uvicorn's manager leaves with status 0 also when it gives up because a worker failed.
  const gaveUp = !served && lives.some(({ status }) => status !== undefined && !isClean(status))
  if (status.code === 0 && !gaveUp) return say(at, 'quiet', clause('ended', { pid }), total)
  const head =
    status.code === 0 ? clause('ended', { pid }) : clause('endedByCode', { pid, code: status.code })
  return say(at, 'bad', head, served ? total : clause('neverServed'))
}

function isClean(status: ExitStatus): boolean {
  return 'code' in status && status.code === 0
}

function hasServed(life: Life): boolean {
  return life.stretches.some(({ kind }) => kind === 'serving')
}

/** Requests are lost right after a death: the sentence about it is said again with their number. */
function retold(
  picture: Picture,
  server: Server,
  event: TraceEvent & { type: 'request-ended' },
): Happening | undefined {
  const { at, pid } = event
  if (pid === undefined || picture.happened.at !== at) return undefined
  const [head] = picture.happened.clauses
  const place = placeOf(picture, pid)
  const life = place?.lives.find((each) => each.pid === pid)
  if (life?.until !== at || head?.params['pid'] !== pid || place?.closing === true) return undefined
  if (server.stopping || server.until !== undefined) return undefined
  return say(at, 'bad', ...death(life), unnoticed(server, life))
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
