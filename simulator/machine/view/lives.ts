import type { ExitStatus } from '../../manager/machine.ts'
import { isLost, SERVER_ERROR } from '../requests.ts'
import type { RequestEnd } from '../trace.ts'
import type {
  Bar,
  ProcessLife,
  OpenRequest,
  FinishedRequests,
  Picture,
  WorkerSlot,
  Activity,
} from './picture.ts'

/** The process in a slot: the newest one that lives, or else the last one that lived. */
export function currentProcess(slot: WorkerSlot): ProcessLife | undefined {
  return slot.lives.findLast((life) => life.until === undefined) ?? slot.lives.at(-1)
}

/** Whether the slot has a living process. */
export function isTaken(slot: WorkerSlot): boolean {
  return slot.lives.some((life) => life.until === undefined)
}

/** Whether the slot ended with its last process. */
export function isClosed(slot: WorkerSlot): boolean {
  return slot.closing && !isTaken(slot)
}

/** What a process does at present. */
export function activityOf(life: ProcessLife): Activity | 'ended' {
  return life.until === undefined ? (life.stretches.at(-1)?.kind ?? 'booting') : 'ended'
}

/** The living process with this PID. */
export function findLife(picture: Picture, pid: number): ProcessLife | undefined {
  return picture.slots
    .flatMap((slot) => slot.lives)
    .find((life) => life.pid === pid && life.until === undefined)
}

/** Replaces the life of process `pid`; a picture without it stays as it is. */
export function changeLife(
  picture: Picture,
  pid: number,
  change: (life: ProcessLife) => ProcessLife,
): Picture {
  const slots = picture.slots.map((slot) => {
    const index = slot.lives.findLastIndex((life) => life.pid === pid)
    const life = slot.lives[index]
    return life === undefined ? slot : { ...slot, lives: slot.lives.with(index, change(life)) }
  })
  return { ...picture, slots }
}

/** A process at its start. */
export function newLife(pid: number, server: number, from: number, gap?: number): ProcessLife {
  const stretches = [{ kind: 'booting', from }] as const
  const life: ProcessLife = {
    pid,
    server,
    from,
    stretches,
    open: [],
    over: [],
    answered: 0,
    errors: 0,
    lost: 0,
  }
  return gap === undefined ? life : { ...life, gap }
}

/** The process changes its activity. */
export function enter(life: ProcessLife, kind: Activity, at: number): ProcessLife {
  const last = life.stretches.at(-1)
  if (life.until !== undefined || last?.kind === kind) return life
  return { ...life, stretches: [...closed(life, at), { kind, from: at }] }
}

/** The process resumes the activity that it had before it was stopped or spun. */
export function resume(life: ProcessLife, at: number): ProcessLife {
  const before = life.stretches.findLast(({ kind }) => kind !== 'stopped' && kind !== 'spinning')
  return enter(life, before?.kind ?? 'serving', at)
}

/** The process ended. */
export function finish(life: ProcessLife, at: number, status: ExitStatus): ProcessLife {
  return { ...life, until: at, status, stretches: closed(life, at) }
}

function closed(life: ProcessLife, at: number): ProcessLife['stretches'] {
  return life.stretches.map((stretch) => (stretch.until === undefined ? { ...stretch, until: at } : stretch))
}

/** Requests in the same lane keep this distance (ms); short ones would touch otherwise. */
const APART = 40
/** This many finished requests are kept for each process. */
const KEPT = 400

/** The process has accepted a request. */
export function acceptRequest(
  life: ProcessLife,
  request: number,
  { method, target }: OpenRequest,
  at: number,
): ProcessLife {
  return { ...life, open: [...life.open, { request, lane: freeLane(life, at), from: at, method, target }] }
}

function freeLane({ open, over }: ProcessLife, at: number): number {
  const near = over.slice(-2).flatMap(({ bars }) => bars.filter(({ until = 0 }) => until + APART > at))
  const taken = new Set([...open, ...near].map(({ lane }) => lane))
  let lane = 0
  while (taken.has(lane)) lane += 1
  return lane
}

/** The head of a response was sent. */
export function startResponse(life: ProcessLife, request: number, status: number): ProcessLife {
  const index = life.open.findLastIndex((bar) => bar.request === request)
  const bar = life.open[index]
  return bar === undefined ? life : { ...life, open: life.open.with(index, { ...bar, status }) }
}

/** A request is over. */
export function endRequest(
  life: ProcessLife,
  request: number,
  at: number,
  end: RequestEnd,
  answer?: string,
): ProcessLife {
  const index = life.open.findLastIndex((bar) => bar.request === request)
  const bar = life.open[index]
  if (bar === undefined) return life
  const failed = (bar.status ?? 0) >= SERVER_ERROR
  const said = answer === undefined ? {} : { answer }
  return {
    ...life,
    open: life.open.toSpliced(index, 1),
    over: withOver(life.over, { ...bar, until: at, end, ...said }, at),
    answered: life.answered + Number(end === 'answered' && !failed),
    errors: life.errors + Number(end === 'answered' && failed),
    lost: life.lost + Number(isLost(end)),
  }
}

function withOver(over: readonly FinishedRequests[], bar: Bar, at: number): readonly FinishedRequests[] {
  const second = Math.floor(at / 1000)
  const last = over.at(-1)
  if (last?.second === second) {
    const grown = { second, bars: [...last.bars, bar], lanes: Math.max(last.lanes, bar.lane + 1) }
    return over.with(-1, grown)
  }
  const [first, ...rest] = over
  const count = over.reduce((sum, { bars }) => sum + bars.length, 0)
  const kept = first !== undefined && count - first.bars.length >= KEPT ? rest : over
  return [...kept, { second, bars: [bar], lanes: bar.lane + 1 }]
}

/** How many requests are in progress in the process. */
export function openRequests(life: ProcessLife): number {
  return life.open.length
}
