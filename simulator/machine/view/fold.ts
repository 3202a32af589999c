import type { Bind, Program } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { TraceEvent } from '../trace.ts'
import { foldAround } from './around.ts'
import { accept, answer, changeLife, enter, findLife, finish, isLost, release, resume } from './lives.ts'
import { EMPTY, type Counts, type Life, type Picture, type Server, type StretchKind } from './picture.ts'
import { closeFor, settle, workersOf } from './places.ts'
import { tell } from './story.ts'

/** The picture after one more event. Pure: a trace gives the same picture however often it is folded. */
export function fold(picture: Picture, event: TraceEvent): Picture {
  const next = { ...apply(picture, event), around: foldAround(picture.around, event), now: event.at }
  const happened = tell(picture, next, event)
  return happened === undefined ? next : { ...next, happened }
}

/** The picture of a whole trace. */
export function foldAll(trace: readonly TraceEvent[]): Picture {
  return trace.reduce(fold, EMPTY)
}

function apply(picture: Picture, event: TraceEvent): Picture {
  switch (event.type) {
    case 'forked':
      return forked(picture, event)
    case 'phase':
      return phase(picture, event.pid, event.phase, event.at)
    case 'signalled':
      return signalled(picture, event)
    case 'stopped':
      return changeLife(picture, event.pid, (life) => enter(life, 'stopped', event.at))
    case 'continued':
      return changeLife(picture, event.pid, (life) => resume(life, event.at))
    case 'busy':
      return changeLife(picture, event.pid, (life) =>
        event.spinning ? enter(life, 'spinning', event.at) : life,
      )
    case 'memory':
      return { ...picture, memory: new Map(picture.memory).set(event.pid, event.bytes) }
    case 'out-of-memory':
      return changeLife(picture, event.pid, (life) => ({ ...life, outOfMemory: true }))
    case 'ended':
      return ended(picture, event)
    case 'listening':
      return listening(picture, event)
    case 'listener-closed':
      return { ...picture, sockets: picture.sockets.filter(({ bind }) => !same(bind, event.bind)) }
    case 'connected': {
      const { method, target, via } = event
      const open = { method, target, pid: undefined, ...(via === undefined ? {} : { via }) }
      return { ...picture, open: new Map(picture.open).set(event.request, open) }
    }
    case 'backlog':
      return {
        ...picture,
        sockets: picture.sockets.map((socket) =>
          same(socket.bind, event.bind) ? { ...socket, waiting: event.waiting } : socket,
        ),
      }
    case 'accepted': {
      const open = picture.open.get(event.request)
      if (open === undefined) return picture
      const next = { ...picture, open: new Map(picture.open).set(event.request, { ...open, pid: event.pid }) }
      return changeLife(next, event.pid, (life) =>
        accept(rested(life, event.at), event.request, open, event.at),
      )
    }
    case 'head':
      return changeLife(picture, event.pid, (life) =>
        answer(rested(life, event.at), event.request, event.status),
      )
    case 'request-ended':
      return requestEnded(picture, event)
    case 'echo':
      return event.text.includes('^C') ? { ...picture, interruptedAt: event.at } : picture
    // Not in this picture: what a process wrote, the way of a request before it is accepted.
    default:
      return picture
  }
}

/** A process that answers again has stopped spinning. */
function rested(life: Life, at: number): Life {
  return life.stretches.at(-1)?.kind === 'spinning' ? resume(life, at) : life
}

const PROGRAMS: readonly Program[] = ['uvicorn', 'gunicorn', 'fastapi']

function forked(picture: Picture, event: TraceEvent & { type: 'forked' }): Picture {
  const { pid, ppid, at } = event
  if (event.kind === 'manager') {
    const words = event.command.split(' ').map((word) => word.slice(word.lastIndexOf('/') + 1))
    const server: Server = {
      pid,
      program: PROGRAMS.find((program) => words.includes(program)),
      command: event.command,
      terminal: event.terminal,
      from: at,
      listening: false,
      stopping: false,
      alone: false,
      more: 0,
      fewer: 0,
    }
    return { ...picture, server }
  }
  const { server } = picture
  if (event.kind !== 'worker' || server?.pid !== ppid) return picture
  return reloaded(settle(picture, server, pid, at))
}

/** A reload is over when every worker is younger than the signal. */
function reloaded(picture: Picture): Picture {
  const { server } = picture
  const since = server?.reloadingSince
  if (server === undefined || since === undefined) return picture
  const old = workersOf(picture, server.pid).some((life) => life.from < since)
  if (old) return picture
  const { reloadingSince: _, ...rest } = server
  return { ...picture, server: rest }
}

const PHASES: Readonly<Record<string, StretchKind>> = {
  new: 'booting',
  importing: 'booting',
  starting: 'booting',
  binding: 'booting',
  serving: 'serving',
  draining: 'draining',
  'waiting-for-connections': 'draining',
  stopping: 'draining',
  leaving: 'draining',
}

function phase(picture: Picture, pid: number, name: string, at: number): Picture {
  const kind = PHASES[name] ?? 'serving'
  const { server } = picture
  // With one worker the server's own process leads a worker's life.
  if (server?.pid === pid && findLife(picture, pid) === undefined) {
    const alone = settle(
      { ...picture, server: { ...server, alone: true } },
      { ...server, alone: true },
      pid,
      server.from,
    )
    return changeLife(alone, pid, (life) => enter(life, kind, at))
  }
  return changeLife(picture, pid, (life) => {
    // A worker that fails before it serves only leaves: it does not drain.
    const served = life.stretches.some((stretch) => stretch.kind === 'serving')
    return kind === 'draining' && !served ? life : enter(life, kind, at)
  })
}

const ENDS: readonly SignalName[] = ['INT', 'TERM', 'QUIT']

function signalled(picture: Picture, event: TraceEvent & { type: 'signalled' }): Picture {
  const { pid, signal, from, at } = event
  const { server } = picture
  if (server?.pid === pid && server.until === undefined) {
    return { ...picture, server: instructed(picture, server, signal, at) }
  }
  const byParent = from !== undefined && from === server?.pid
  const next = changeLife(picture, pid, (life) => ({ ...life, signalled: { signal, byParent } }))
  return byParent && server !== undefined && signal === 'TERM' ? closeFor(next, server, pid) : next
}

/** What a signal tells the manager to do. */
function instructed(picture: Picture, server: Server, signal: SignalName, at: number): Server {
  switch (signal) {
    case 'TTIN':
      return { ...server, more: server.more + 1 }
    case 'TTOU': {
      const left = workersOf(picture, server.pid).length - server.fewer
      return left > 1 ? { ...server, fewer: server.fewer + 1 } : server
    }
    case 'HUP':
      return { ...server, reloadingSince: at }
    default:
      return { ...server, stopping: server.stopping || (ENDS.includes(signal) && server.listening) }
  }
}

function ended(picture: Picture, event: TraceEvent & { type: 'ended' }): Picture {
  const { pid, status, at } = event
  const memory = new Map(picture.memory)
  memory.delete(pid)
  const { server } = picture
  const next = changeLife({ ...picture, memory }, pid, (life) => finish(life, at, status))
  if (server?.pid === pid) return { ...next, server: { ...server, until: at, status } }
  return reloaded(abandoned(next, pid))
}

/** The replacement of a reload died while the old worker lives: the reload is off. */
function abandoned(picture: Picture, pid: number): Picture {
  const { server } = picture
  if (server?.reloadingSince === undefined) return picture
  const place = picture.places.find(({ lives }) => lives.at(-1)?.pid === pid)
  const oldLives = place?.lives.some((life) => life.until === undefined) ?? false
  if (!oldLives) return picture
  const { reloadingSince: _, ...rest } = server
  return { ...picture, server: rest }
}

function listening(picture: Picture, event: TraceEvent & { type: 'listening' }): Picture {
  const { server } = picture
  const sockets = [
    ...picture.sockets.filter(({ bind }) => !same(bind, event.bind)),
    { bind: event.bind, waiting: 0, pid: event.pid },
  ]
  if (server?.pid !== event.pid) return { ...picture, sockets }
  return { ...picture, sockets, server: { ...server, listening: true } }
}

function requestEnded(picture: Picture, event: TraceEvent & { type: 'request-ended' }): Picture {
  const open = new Map(picture.open)
  // What a proxy asks for its client is not one request more.
  const inner = open.get(event.request)?.via !== undefined
  open.delete(event.request)
  const next = { ...picture, open, counts: inner ? picture.counts : count(picture.counts, event) }
  if (event.pid === undefined) return next
  return changeLife(next, event.pid, (life) =>
    release(life, event.request, event.at, event.end, event.answer),
  )
}

function count(counts: Counts, { end }: TraceEvent & { type: 'request-ended' }): Counts {
  if (isLost(end)) return { ...counts, lost: counts.lost + 1 }
  switch (end) {
    case 'answered':
      return { ...counts, answered: counts.answered + 1 }
    case 'refused':
      return { ...counts, refused: counts.refused + 1 }
    default:
      return { ...counts, gaveUp: counts.gaveUp + 1 }
  }
}

function same(a: Bind, b: Bind): boolean {
  return key(a) === key(b)
}

function key(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return String(bind.port)
    case 'unix':
      return bind.path
    case 'fd':
      return `fd ${bind.fd}`
  }
}
