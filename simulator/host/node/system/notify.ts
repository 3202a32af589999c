import { fill, sentence } from '../output/language.ts'
import { write } from '../output/write.ts'
import { startProcess } from './start-process.ts'

/** A message to an init system: `READY=1`, `STATUS=…` (sd_notify(3)). */
type Line = `${string}=${string}`

/** System errors that may pass: there is no room for another process now. */
const NO_ROOM: readonly string[] = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']

/** How long after such an error the message is tried again, in ms. */
const AGAIN_MS = 1000

const queue: (readonly Line[])[] = []
let isSaying = false
let hasFailed = false

/**
 * Tells the init system the state of the server, if it asks for that (`NOTIFY_SOCKET`, systemd's Type=notify). Node has no unix datagram
 * sockets, so `systemd-notify` sends the message; the unit must accept messages from processes other than the main one (NotifyAccess=all).
 */
export function notify(...lines: readonly Line[]): void {
  if (!process.env['NOTIFY_SOCKET'] || hasFailed) return
  queue.push(lines)
  if (!isSaying) say()
}

/** Reports that a reload begins, with the time on the clock that systemd asks for. */
export function notifyReloading(): void {
  notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`, 'STATUS=Reloading')
}

/** Reports that the server ends. This is sent at once, since the process ends soon; queued messages are dropped. */
export function notifyStopping(): void {
  if (!process.env['NOTIFY_SOCKET'] || hasFailed) return
  queue.length = 0
  tell(['STOPPING=1', 'STATUS=Shutting down'])
}

/** Sends the queue one at a time: systemd keeps the last message that arrives. */
function say(): void {
  const lines = queue.shift()
  isSaying = lines !== undefined
  if (lines !== undefined) tell(lines, say, () => queue.unshift(lines))
}

/**
 * Sends lines.
 * @param told called when they are sent
 * @param later called instead when the system has no room for a process just now; nothing was sent then
 */
function tell(lines: readonly Line[], told?: () => void, later?: () => void): void {
  // systemd-notify waits until systemd has read the message: systemd cannot find the unit of a sender that has exited.
  const said = startProcess(
    'systemd-notify',
    [`--pid=${process.pid}`, ...lines],
    { stdio: 'ignore' },
    (error) => {
      const { code = '' } = error
      if (NO_ROOM.includes(code)) {
        later?.()
        if (told !== undefined) setTimeout(told, AGAIN_MS).unref()
        return
      }
      hasFailed = true
      write('stderr', `${sentence(({ systemd }) => fill(systemd.noNotify, { code }))}\n`)
    },
  )
  // A server that ends does not wait for it.
  said?.unref()
  if (told !== undefined) said?.once('exit', told)
}
