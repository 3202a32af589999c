import { findLife, currentProcess, isClosed, isTaken, newLife } from './lives.ts'
import type { ProcessLife, Picture, WorkerSlot, ServerLife } from './picture.ts'
import { changeServer, serverOf } from './servers.ts'

/** Gives a new worker its slot: that of the process that it replaces, otherwise a new one at the end. */
export function assignSlot(picture: Picture, server: ServerLife, pid: number, at: number): Picture {
  const index = placeFor(picture, server)
  const slot = picture.slots[index]
  if (slot === undefined) {
    const fresh: WorkerSlot = { id: picture.nextPlace, lives: [newLife(pid, server.pid, at)], closing: false }
    const more = Math.max(0, server.more - 1)
    return {
      ...changeServer(picture, server.pid, (each) => ({ ...each, more })),
      slots: [...picture.slots.filter((each) => !isClosed(each) || isRecent(each, at)), fresh],
      nextPlace: picture.nextPlace + 1,
    }
  }
  const before = slot.lives.at(-1)
  const gap = before?.until === undefined || before.server !== server.pid ? undefined : at - before.until
  const life = newLife(pid, server.pid, at, gap)
  return {
    ...picture,
    slots: picture.slots.with(index, { ...slot, lives: [...slot.lives.slice(-KEPT), life] }),
  }
}

/** This many earlier processes of a slot are kept. */
const KEPT = 12
/** A slot that has ended is dropped after this many ms. */
const FORGET = 60_000

function isRecent(slot: WorkerSlot, at: number): boolean {
  return (slot.lives.at(-1)?.until ?? at) > at - FORGET
}

/** The slot that a new worker of `server` takes; -1 for a new one. */
function placeFor(picture: Picture, server: ServerLife): number {
  const { slots } = picture
  const vacant = slots
    .map((slot, index) => ({ index, slot, last: slot.lives.at(-1) }))
    .filter(({ slot }) => !isTaken(slot) && !isClosed(slot))
  // A server that starts reuses the rows of the one before it, from the top.
  const own = vacant.filter(({ last }) => last?.server === server.pid)
  const earliest = own.toSorted((a, b) => (a.last?.until ?? 0) - (b.last?.until ?? 0))[0]
  if (earliest !== undefined) return earliest.index
  const left = vacant.find(({ last }) => last !== undefined && serverOf(picture, last.server) === undefined)
  if (left !== undefined) return left.index
  const since = server.reloadingSince
  if (server.more > 0 || since === undefined) return -1
  return slots.findIndex((slot) => {
    const life = currentProcess(slot)
    return life?.server === server.pid && life.until === undefined && life.from < since
  })
}

/** The parent ends a worker: when a signal asked for fewer workers, its slot is removed with it. */
export function markClosing(picture: Picture, server: ServerLife, pid: number): Picture {
  if (server.fewer === 0 || server.stopping || findLife(picture, pid) === undefined) return picture
  const slots = picture.slots.map((slot) =>
    currentProcess(slot)?.pid === pid ? { ...slot, closing: true } : slot,
  )
  return changeServer({ ...picture, slots }, server.pid, (each) => ({ ...each, fewer: each.fewer - 1 }))
}

/** The slot of a process, living or ended. */
export function slotOf(picture: Picture, pid: number): WorkerSlot | undefined {
  return picture.slots.findLast((slot) => slot.lives.some((life) => life.pid === pid))
}

/** The living workers of a server. */
export function workersOf(picture: Picture, server: number): readonly ProcessLife[] {
  return picture.slots
    .flatMap((slot) => slot.lives)
    .filter((life) => life.server === server && life.until === undefined)
}
