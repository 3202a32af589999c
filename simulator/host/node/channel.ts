import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { ChildMessage, ManagerMessage } from './protocol.ts'

/**
 * The descriptor over which a child talks with the process that started it, after stdin, stdout and stderr. A socket of our own,
 * a line of JSON for each message: the channel that Node makes loads more, and the application would see it.
 */
const CHANNEL_FD = 3

let channel: Socket | undefined
let hear: ((message: ManagerMessage) => void) | undefined

/** Opens this child's end. Without the process that started it nobody needs it: it ends. In a busy loop the sentinel sees to it. */
export function openChannel(): void {
  channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: false })
  hearLines(channel, (message) => hear?.(message as ManagerMessage))
  channel.on('error', () => undefined)
  channel.on('close', () => process.kill(process.pid, 'SIGKILL'))
  // It is no reason for this process to go on.
  channel.unref()
}

/** Says something to the process that started this one. Nobody listens when it is gone, or has been frozen for minutes. */
export function tell(message: ChildMessage): void {
  if (channel === undefined) return
  try {
    writeSync(CHANNEL_FD, lineOf(message))
  } catch {
    // It is gone: this process ends in a moment.
  }
}

/** Waits for what the process that started this one says, for as long as `listener` says that it wants more. */
export function listen(listener: (message: ManagerMessage) => boolean): void {
  channel?.ref()
  const mine = (message: ManagerMessage) => {
    // It may have led to somebody else's waiting.
    if (listener(message) || hear !== mine) return
    hear = undefined
    channel?.unref()
  }
  hear = mine
}

/** A message as it goes over the channel. */
export function lineOf(message: ChildMessage | ManagerMessage): string {
  return `${JSON.stringify(message)}\n`
}

/** Calls `take` with every message that comes. */
export function hearLines(socket: Socket, take: (message: unknown) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(JSON.parse(line))
  })
}
