import { findLife, holder, isClosed, isTaken, newLife } from './lives.ts'
import type { Life, Picture, Place, Server } from './picture.ts'

/** Gives a new worker its place: that of the process that it replaces, else a new one at the end. */
export function settle(picture: Picture, server: Server, pid: number, at: number): Picture {
  const index = placeFor(picture, server)
  const place = picture.places[index]
  if (place === undefined) {
    const fresh: Place = { id: picture.nextPlace, lives: [newLife(pid, server.pid, at)], closing: false }
    const more = Math.max(0, server.more - 1)
    return {
      ...picture,
      server: { ...server, more },
      places: [...picture.places.filter((each) => !isClosed(each) || isRecent(each, at)), fresh],
      nextPlace: picture.nextPlace + 1,
    }
  }
  const before = place.lives.at(-1)
  const gap = before?.until === undefined || before.server !== server.pid ? undefined : at - before.until
  const life = newLife(pid, server.pid, at, gap)
  return {
    ...picture,
    places: picture.places.with(index, { ...place, lives: [...place.lives.slice(-KEPT), life] }),
  }
}

/** So many earlier processes of a place are remembered. */
const KEPT = 12
/** A place that has ended is forgotten after so many ms. */
const FORGET = 60_000

function isRecent(place: Place, at: number): boolean {
  return (place.lives.at(-1)?.until ?? at) > at - FORGET
}

/** The place that a new worker of `server` takes; -1 for a new one. */
function placeFor(picture: Picture, server: Server): number {
  const { places } = picture
  const vacant = places
    .map((place, index) => ({ index, place, last: place.lives.at(-1) }))
    .filter(({ place }) => !isTaken(place) && !isClosed(place))
  // A server that starts takes the rows of the one before it from the top.
  const own = vacant.filter(({ last }) => last?.server === server.pid)
  const earliest = own.toSorted((a, b) => (a.last?.until ?? 0) - (b.last?.until ?? 0))[0]
  if (earliest !== undefined) return earliest.index
  const left = vacant.find(({ last }) => last?.server !== server.pid)
  if (left !== undefined) return left.index
  const since = server.reloadingSince
  if (server.more > 0 || since === undefined) return -1
  return places.findIndex((place) => {
    const life = holder(place)
    return life?.server === server.pid && life.until === undefined && life.from < since
  })
}

/** The parent ends a worker: when it was told to have fewer, the place goes with it. */
export function closeFor(picture: Picture, server: Server, pid: number): Picture {
  if (server.fewer === 0 || server.stopping || findLife(picture, pid) === undefined) return picture
  const places = picture.places.map((place) =>
    holder(place)?.pid === pid ? { ...place, closing: true } : place,
  )
  return { ...picture, server: { ...server, fewer: server.fewer - 1 }, places }
}

/** The place in which a process is or was. */
export function placeOf(picture: Picture, pid: number): Place | undefined {
  return picture.places.findLast((place) => place.lives.some((life) => life.pid === pid))
}

/** The workers of a server that live. */
export function workersOf(picture: Picture, server: number): readonly Life[] {
  return picture.places
    .flatMap((place) => place.lives)
    .filter((life) => life.server === server && life.until === undefined)
}
