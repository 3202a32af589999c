import type { ExitStatus } from '../../manager/machine.ts'
import type { Bind } from '../../manager/settings.ts'
import { traitsOf, type ProgramTraits } from '../../manager/traits.ts'
import type { Picture, ServerLife } from './picture.ts'

/** The servers that live, the oldest first. */
export function livingServers({ server, others }: Picture): readonly ServerLife[] {
  return server === undefined || server.until !== undefined ? others : [...others, server]
}

/** The living server whose process (the parent, or the one that serves alone) this is. */
export function serverOf(picture: Picture, pid: number): ServerLife | undefined {
  return livingServers(picture).find((server) => server.pid === pid)
}

/** In what its program differs from others; uvicorn's traits where it is not known. */
export function traitsOfServer({ program = 'uvicorn' }: ServerLife): ProgramTraits {
  return traitsOf({ program })
}

/** Replaces the server of process `pid`; a picture without it stays as it is. */
export function changeServer(
  picture: Picture,
  pid: number,
  change: (server: ServerLife) => ServerLife,
): Picture {
  if (picture.server?.pid === pid) return { ...picture, server: change(picture.server) }
  const index = picture.others.findIndex((server) => server.pid === pid)
  const server = picture.others[index]
  return server === undefined ? picture : { ...picture, others: picture.others.with(index, change(server)) }
}

/** A server was started: it is the one that is spoken of, beside those that live already. */
export function addServer(picture: Picture, server: ServerLife): Picture {
  return { ...picture, server, others: livingServers(picture) }
}

/** A server ended. While others live, the youngest of them takes its place in the picture. */
export function endServer(picture: Picture, pid: number, until: number, status: ExitStatus): Picture {
  if (picture.server?.pid !== pid)
    return { ...picture, others: picture.others.filter((server) => server.pid !== pid) }
  const heir = picture.others.at(-1)
  return heir === undefined
    ? { ...picture, server: { ...picture.server, until, status } }
    : { ...picture, server: heir, others: picture.others.slice(0, -1) }
}

/** How many of the living servers have a socket of their own on one and the same address (SO_REUSEPORT); 0 when each has an address for itself. */
export function sharers(picture: Picture): number {
  const living = new Set(livingServers(picture).map(({ pid }) => pid))
  const counts = new Map<string, number>()
  for (const { bind, pid } of picture.sockets)
    if (living.has(pid)) counts.set(addressOf(bind), (counts.get(addressOf(bind)) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  return most > 1 ? most : 0
}

/** What tells addresses apart. */
export function addressOf(bind: Bind): string {
  switch (bind.kind) {
    case 'tcp':
      return String(bind.port)
    case 'unix':
      return bind.path
    case 'fd':
      return `fd ${bind.fd}`
  }
}
