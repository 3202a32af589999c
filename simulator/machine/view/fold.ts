import { lookUp } from '../../manager/look-up.ts'
import type { SignalName } from '../../manager/signals.ts'
import { programIn } from '../../manager/traits.ts'
import { outcomeOf, SERVER_ERROR, countOutcome } from '../requests.ts'
import type { TraceEvent } from '../trace.ts'
import { foldMachineState } from './machine-state.ts'
import {
  acceptRequest,
  startResponse,
  changeLife,
  enter,
  findLife,
  finish,
  endRequest,
  resume,
} from './lives.ts'
import {
  EMPTY,
  type ProcessLife,
  type Picture,
  type ServerLife,
  type Socket,
  type Activity,
} from './picture.ts'
import { markClosing, assignSlot, workersOf } from './slots.ts'
import { addressOf, addServer, changeServer, endServer, serverOf } from './servers.ts'
import { tell } from './story.ts'

/** The picture after one more event. Pure: a trace gives the same picture however often it is folded. */
export function fold(picture: Picture, event: TraceEvent): Picture {
  const next = { ...apply(picture, event), around: foldMachineState(picture.around, event), now: event.at }
  const happened = tell(picture, next, event)
  return happened === undefined ? next : { ...next, happened }
}

/** The picture of a whole trace. */
export function foldAll(trace: readonly TraceEvent[]): Picture {
  return trace.reduce(fold, EMPTY)
}

/** What uvicorn and gunicorn print when they cannot listen. */
const ADDRESS_TAKEN = /\baddress already in use|^.*Connection in use: /im

function apply(picture: Picture, event: TraceEvent): Picture {
  switch (event.type) {
    case 'forked':
      return forked(picture, event)
    case 'phase':
      return phase(picture, event.pid, event.phase, event.at)
    case 'signalled':
      return signalled(picture, event)
    case 'stopped':
      return changeLife(frozen(picture, event.pid, true), event.pid, (life) =>
        enter(life, 'stopped', event.at),
      )
    case 'continued':
      return changeLife(frozen(picture, event.pid, false), event.pid, (life) => resume(life, event.at))
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
      return { ...picture, sockets: picture.sockets.filter((socket) => !isSocket(socket, event)) }
    case 'connected': {
      const { method, target, via } = event
      const open = { method, target, pid: undefined, ...(via === undefined ? {} : { via }) }
      return { ...picture, open: new Map(picture.open).set(event.request, open) }
    }
    case 'forwarded': {
      const open = picture.open.get(event.request)
      if (open === undefined) return picture
      return { ...picture, open: new Map(picture.open).set(event.request, { ...open, forwarded: true }) }
    }
    case 'backlog':
      return {
        ...picture,
        sockets: picture.sockets.map((socket) =>
          isSocket(socket, event) ? { ...socket, waiting: event.waiting } : socket,
        ),
      }
    case 'accepted': {
      const open = picture.open.get(event.request)
      if (open === undefined) return picture
      const next = { ...picture, open: new Map(picture.open).set(event.request, { ...open, pid: event.pid }) }
      return changeLife(next, event.pid, (life) =>
        acceptRequest(rested(life, event.at), event.request, open, event.at),
      )
    }
    case 'head':
      return changeLife(failing(picture, event), event.pid, (life) =>
        startResponse(rested(life, event.at), event.request, event.status),
      )
    case 'request-ended':
      return requestEnded(picture, event)
    case 'echo':
      return event.text.includes('^C') ? { ...picture, interruptedAt: event.at } : picture
    case 'output':
      return ADDRESS_TAKEN.test(event.text)
        ? changeServer(picture, event.pid, (server) => ({ ...server, addressTaken: true }))
        : picture
    // Not in this picture: what else processes write, and the stations of a request before it is accepted.
    default:
      return picture
  }
}

/** SIGSTOP stops the manager, or SIGCONT continues it. */
function frozen(picture: Picture, pid: number, yes: boolean): Picture {
  return changeServer(picture, pid, ({ frozen: _, ...rest }) => (yes ? { ...rest, frozen: true } : rest))
}

/** A response with a status that says that the server failed. */
function failing(picture: Picture, { request, status }: TraceEvent & { type: 'head' }): Picture {
  const open = status < SERVER_ERROR ? undefined : picture.open.get(request)
  return open === undefined
    ? picture
    : { ...picture, open: new Map(picture.open).set(request, { ...open, failed: true }) }
}

/** A process that answers again has stopped spinning. */
function rested(life: ProcessLife, at: number): ProcessLife {
  return life.stretches.at(-1)?.kind === 'spinning' ? resume(life, at) : life
}

function forked(picture: Picture, event: TraceEvent & { type: 'forked' }): Picture {
  const { pid, ppid, at } = event
  if (event.kind === 'manager') {
    const server: ServerLife = {
      pid,
      program: programIn(event.command),
      command: event.command,
      terminal: event.terminal,
      ...(event.kept === undefined ? {} : { kept: event.kept }),
      from: at,
      listening: false,
      stopping: false,
      alone: false,
      more: 0,
      fewer: 0,
    }
    return addServer(picture, server)
  }
  const server = event.kind === 'worker' ? serverOf(picture, ppid) : undefined
  return server === undefined ? picture : reloaded(assignSlot(picture, server, pid, at), ppid)
}

/** A reload is over when every worker is younger than the signal that asked for it. */
function reloaded(picture: Picture, pid: number): Picture {
  const server = serverOf(picture, pid)
  const since = server?.reloadingSince
  if (server === undefined || since === undefined) return picture
  const old = workersOf(picture, server.pid).some((life) => life.from < since)
  return old ? picture : changeServer(picture, pid, notReloading)
}

function notReloading({ reloadingSince: _, ...server }: ServerLife): ServerLife {
  return server
}

const PHASES: Readonly<Record<string, Activity>> = {
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
  const kind = lookUp(PHASES, name) ?? 'serving'
  const server = serverOf(picture, pid)
  // With one worker the server's own process serves.
  if (server !== undefined && findLife(picture, pid) === undefined) {
    const alone = changeServer(picture, pid, (each) => ({ ...each, alone: true }))
    return changeLife(assignSlot(alone, server, pid, server.from), pid, (life) => enter(life, kind, at))
  }
  // A second master that inherited its sockets (SIGUSR2) never logs that it listens.
  const parent = kind === 'serving' ? findLife(picture, pid)?.server : undefined
  const next =
    parent === undefined || serverOf(picture, parent)?.listening !== false
      ? picture
      : changeServer(picture, parent, (each) => ({ ...each, listening: true }))
  return changeLife(next, pid, (life) => {
    // A worker that fails before it serves only exits: it does not drain.
    const served = life.stretches.some((stretch) => stretch.kind === 'serving')
    return kind === 'draining' && !served ? life : enter(life, kind, at)
  })
}

const ENDS: readonly SignalName[] = ['INT', 'TERM', 'QUIT']

function signalled(picture: Picture, event: TraceEvent & { type: 'signalled' }): Picture {
  const { pid, signal, from, at } = event
  const manager = serverOf(picture, pid)
  if (manager !== undefined) return changeServer(picture, pid, () => instructed(picture, manager, signal, at))
  const server = from === undefined ? undefined : serverOf(picture, from)
  const byParent = server !== undefined && findLife(picture, pid)?.server === from
  const next = changeLife(picture, pid, (life) => ({ ...life, signalled: { signal, byParent } }))
  return byParent && signal === 'TERM' ? markClosing(next, server, pid) : next
}

/** Changes the number of workers that a signal asks for. */
function instructed(picture: Picture, server: ServerLife, signal: SignalName, at: number): ServerLife {
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
  const next = changeLife({ ...picture, memory }, pid, (life) => finish(life, at, status))
  if (serverOf(picture, pid) !== undefined) return endServer(next, pid, at, status)
  const server = findLife(picture, pid)?.server
  return server === undefined ? next : reloaded(abandoned(next, pid, server), server)
}

/** The replacement died during a reload while the old worker lives: the reload is abandoned. */
function abandoned(picture: Picture, pid: number, server: number): Picture {
  if (serverOf(picture, server)?.reloadingSince === undefined) return picture
  const slot = picture.slots.find(({ lives }) => lives.at(-1)?.pid === pid)
  const oldLives = slot?.lives.some((life) => life.until === undefined) ?? false
  return oldLives ? changeServer(picture, server, notReloading) : picture
}

function listening(picture: Picture, event: TraceEvent & { type: 'listening' }): Picture {
  const { bind, pid } = event
  // Several processes may listen on one port (SO_REUSEPORT); the file of a unix socket belongs to the last one.
  const stays = (socket: Socket): boolean =>
    addressOf(socket.bind) !== addressOf(bind) || (bind.kind === 'tcp' && socket.pid !== pid)
  const sockets = [...picture.sockets.filter(stays), { bind, waiting: 0, pid }]
  return changeServer({ ...picture, sockets }, pid, (server) => ({ ...server, listening: true }))
}

function requestEnded(picture: Picture, event: TraceEvent & { type: 'request-ended' }): Picture {
  const open = new Map(picture.open)
  // A request that a proxy forwards is not one more client request.
  const request = open.get(event.request)
  open.delete(event.request)
  const counts =
    request?.via === undefined
      ? countOutcome(picture.counts, outcomeOf(event, request?.failed === true))
      : picture.counts
  const next = { ...picture, open, counts }
  if (event.pid === undefined) return next
  return changeLife(next, event.pid, (life) =>
    endRequest(life, event.request, event.at, event.end, event.answer),
  )
}

/** Whether an event is about this socket: its address, and the process that opened it. */
function isSocket(
  socket: Socket,
  { bind, pid }: TraceEvent & { type: 'listener-closed' | 'backlog' },
): boolean {
  return addressOf(socket.bind) === addressOf(bind) && socket.pid === pid
}
