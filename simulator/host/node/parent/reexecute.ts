import type { Succession } from '../ipc/protocol.ts'
import { SUCCESSOR_VARIABLE } from '../ipc/protocol.ts'
import type { ChildEvents } from './children.ts'
import { exitStatus } from './children.ts'
import { START_FOLDER } from './folder.ts'
import { startProcess } from '../system/start-process.ts'

/** The first descriptor after stdin, stdout and stderr. */
const FIRST_FD = 3

/**
 * Starts this command again, with the same arguments and the sockets of this process.
 * @returns its PID, or `undefined` when the process could not be started
 */
export function reexecute(
  sockets: Succession['sockets'],
  events: Pick<ChildEvents, 'onExit' | 'onStartFailure'>,
): number | undefined {
  const inherited = sockets.map((socket, i) => ({ ...socket, fd: FIRST_FD + i }))
  const succession: Succession = { of: process.pid, sockets: inherited }
  const child = startProcess(
    process.execPath,
    [...process.execArgv, ...process.argv.slice(1)],
    {
      cwd: START_FOLDER,
      stdio: ['inherit', 'inherit', 'inherit', ...sockets.map(({ fd }) => fd)],
      env: { ...process.env, [SUCCESSOR_VARIABLE]: JSON.stringify(succession) },
    },
    events.onStartFailure,
  )
  child?.once('exit', (code, signal) => events.onExit?.(exitStatus(code, signal)))
  return child?.pid
}

/** How often a second master checks whether the first one lives, in ms. */
const LOOK_FOR_PARENT_MS = 200

/** Calls `then` when the first master has exited. There is no event for this, so the parent PID is polled. */
export function awaitEndOfFirst(first: number, then: () => void): void {
  const look = setInterval(() => {
    if (process.ppid === first) return
    clearInterval(look)
    then()
  }, LOOK_FOR_PARENT_MS)
}
