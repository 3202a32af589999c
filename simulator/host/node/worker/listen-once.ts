/**
 * Makes an inherited socket a listening one and ends, with the system's error number as exit code. The socket stays
 * so, for it belongs to the parent as well. The parent cannot do it itself: Node would begin to accept.
 */
export function listenOnce(fd: number, backlog: number): void {
  // Asked for here: nobody else in this program needs it.
  const server = process.getBuiltinModule('node:net').createServer()
  server.once('error', ({ errno = -1 }: NodeJS.ErrnoException) => process.exit(Math.abs(errno)))
  // Over before anything is accepted: who connects now waits for a worker.
  server.listen({ fd, backlog }, () => process.exit(0))
}
