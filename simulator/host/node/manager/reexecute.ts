import { spawn } from 'node:child_process'
import type { Succession } from '../protocol.ts'
import { SUCCESSOR_VARIABLE } from '../protocol.ts'
import type { ChildEvents } from './children.ts'
import { exitStatus } from './children.ts'

/** Where the command was typed: it may have gone elsewhere since (`--chdir`). */
const START_FOLDER = process.cwd()

/** The first descriptor after stdin, stdout and stderr. */
const FIRST_FD = 3

/**
 * Starts this command once more, with the same arguments and the sockets of this process.
 *
 * @returns its PID, or nothing when no process could be made
 */
export function reexecute(
  sockets: Succession['sockets'],
  events: Pick<ChildEvents, 'onExit' | 'onStartFailure'>,
): number | undefined {
  const inherited = sockets.map(({ bind }, i) => ({ bind, fd: FIRST_FD + i }))
  const succession: Succession = { of: process.pid, sockets: inherited }
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: START_FOLDER,
    stdio: ['inherit', 'inherit', 'inherit', ...sockets.map(({ fd }) => fd)],
    env: { ...process.env, [SUCCESSOR_VARIABLE]: JSON.stringify(succession) },
  })
  child.once('error', events.onStartFailure)
  child.once('exit', (code, signal) => events.onExit?.(exitStatus(code, signal)))
  return child.pid
}
