import { type ChildProcess, spawn } from 'node:child_process'
import { fill, words } from '../output/language.ts'
import { write } from '../output/write.ts'

/** What an init system is told: `READY=1`, `STATUS=…` (sd_notify(3)). */
type Line = `${string}=${string}`

const queue: (readonly Line[])[] = []
let isSaying = false
let hasFailed = false

/**
 * Tells the init system the state of the server, if it asks for that (`NOTIFY_SOCKET`, systemd's Type=notify). Node has no unix datagram
 * sockets, so `systemd-notify` sends the message; the unit must accept messages from other processes than the main one (NotifyAccess=all).
 */
export function notify(...lines: readonly Line[]): void {
  if (!process.env['NOTIFY_SOCKET'] || hasFailed) return
  queue.push(lines)
  if (!isSaying) say()
}

/** A reload begins, at this time of the clock that systemd asks for. */
export function notifyReloading(): void {
  notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`, 'STATUS=Reloading')
}

/** The server ends. This is sent at once, since the process ends soon; queued messages are dropped. */
export function notifyStopping(): void {
  if (!process.env['NOTIFY_SOCKET'] || hasFailed) return
  queue.length = 0
  tell(['STOPPING=1', 'STATUS=Shutting down'])
}

/** Sends the queue one at a time: systemd keeps the last message that arrives. */
function say(): void {
  const lines = queue.shift()
  isSaying = lines !== undefined
  if (lines !== undefined) tell(lines).once('exit', say)
}

function tell(lines: readonly Line[]): ChildProcess {
  // systemd-notify waits until systemd has read the message: systemd cannot tell the unit of a sender that is gone.
  const said = spawn('systemd-notify', [`--pid=${process.pid}`, ...lines], { stdio: 'ignore' })
  // A server that ends does not wait for it.
  said.unref()
  said.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
    hasFailed = true
    write('stderr', `${fill(words().systemd.noNotify, { code })}\n`)
  })
  return said
}
