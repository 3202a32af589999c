import type { Picture } from '../../../simulator/machine/view/index.ts'

/** The sockets of the server: those of the proxy before it are the proxy's own matter. */
export function ownSockets({ sockets, around }: Picture): Picture['sockets'] {
  return sockets.filter(({ pid }) => pid !== around.proxy?.pid)
}
