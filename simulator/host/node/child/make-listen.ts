import { createServer } from 'node:net'

/**
 * Makes inherited sockets listen without accepting on them, and closes these descriptors: other processes have the sockets open as well.
 * The parent cannot do it itself, since Node would begin to accept.
 * @throws the system's error, with the index of the socket as `at`.
 */
export async function makeListen(fds: readonly number[], backlog: number): Promise<void> {
  for (const [at, fd] of fds.entries()) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer()
      server.once('error', (error) => reject(Object.assign(error, { at })))
      server.listen({ fd, backlog }, () => {
        // Before any worker accepts: a client that connects now waits in the backlog.
        server.close()
        resolve()
      })
    })
  }
}
