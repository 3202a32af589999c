import type { Picture } from '../../../simulator/machine/view/index.ts'

/** The sockets of the server, without those of the proxy in front of it. */
export function ownSockets({ sockets, around }: Picture): Picture['sockets'] {
  return sockets.filter(({ pid }) => pid !== around.proxy?.pid)
}
