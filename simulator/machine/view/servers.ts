import type { ExitStatus } from '../../manager/machine.ts'
import type { Bind } from '../../manager/settings.ts'
import { traitsOf, type ProgramTraits } from '../../manager/traits.ts'
import type { Picture, ServerLife } from './picture.ts'

/** The living servers, the oldest first. */
export function livingServers({ server, others }: Picture): readonly ServerLife[] {
  return server === undefined || server.until !== undefined ? others : [...others, server]
}

/** The living server with this PID (of the parent, or of the process that serves alone). */
export function serverOf(picture: Picture, pid: number): ServerLife | undefined {
  return livingServers(picture).find((server) => server.pid === pid)
}

/** The traits of its program; uvicorn's when the program is not known. */
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

/** Adds a server that was started: it becomes the one that the sentences are about. */
export function addServer(picture: Picture, server: ServerLife): Picture {
  return { ...picture, server, others: livingServers(picture) }
}

/** A server ended. While others live, the youngest of them becomes the one that the sentences are about. */
export function endServer(picture: Picture, pid: number, until: number, status: ExitStatus): Picture {
  if (picture.server?.pid !== pid)
    return { ...picture, others: picture.others.filter((server) => server.pid !== pid) }
  const heir = picture.others.at(-1)
  return heir === undefined
    ? { ...picture, server: { ...picture.server, until, status } }
    : { ...picture, server: heir, others: picture.others.slice(0, -1) }
}

/** How many living servers have a socket of their own on the same address (SO_REUSEPORT); 0 when each has its own address. */
export function sharers(picture: Picture): number {
  const living = new Set(livingServers(picture).map(({ pid }) => pid))
  const counts = new Map<string, number>()
  for (const { bind, pid } of picture.sockets)
    if (living.has(pid)) counts.set(addressOf(bind), (counts.get(addressOf(bind)) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  return most > 1 ? most : 0
}

/** A key that identifies an address. */
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
