import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { now } from '../system/now.ts'
import { pause } from '../system/pause.ts'
import type { ChildMessage, ManagerMessage } from './protocol.ts'

/**
 * The descriptor of the channel to the parent, after stdin, stdout and stderr. It is a socket of our own with a line of JSON per message:
 * Node's own channel loads more modules, and the application would see it.
 */
const CHANNEL_FD = 3

let channel: Socket | undefined
let hear: ((message: ManagerMessage) => void) | undefined

/** Part of every message of ours, so that the parent can tell them from what an application writes to the descriptor. */
let token = ''

/**
 * Opens the child's end; `own` is part of each of its messages. When the parent is gone the child kills itself; if it is in a busy loop,
 * the sentinel kills it.
 */
export function openChannel(own: string): void {
  token = own
  channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: false })
  readMessages(channel, (message) => hear?.(message as ManagerMessage))
  channel.on('error', () => undefined)
  channel.on('close', () => process.kill(process.pid, 'SIGKILL'))
  // It does not keep this process alive.
  channel.unref()
}

/** How long a message is retried while the parent does not read, and how often, in ms. */
const PATIENCE_MS = 10_000
const TRY_AGAIN_MS = 5

/**
 * Sends a message to the parent. While the parent does not read, because it is stopped, heartbeats are dropped; other messages block, up to
 * `PATIENCE_MS`.
 */
export function tell(message: ChildMessage): void {
  if (channel === undefined) return
  const bytes = Buffer.from(messageLine({ ...message, token }))
  const until = now() + (message.says === 'heartbeat' ? 0 : PATIENCE_MS)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(CHANNEL_FD, bytes, done)
    } catch (error) {
      // The parent is gone, and this process ends in a moment; or the parent does not read.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || now() > until) return
      pause(TRY_AGAIN_MS)
    }
  }
}

/** Passes the parent's messages to `listener` for as long as it returns true. */
export function onManagerMessage(listener: (message: ManagerMessage) => boolean): void {
  channel?.ref()
  const mine = (message: ManagerMessage) => {
    // The listener may have called `onManagerMessage` again: then the new one gets the rest.
    if (listener(message) || hear !== mine) return
    hear = undefined
    channel?.unref()
  }
  hear = mine
}

/** A message as it is written to the channel. It begins on a new line, so that earlier output of the application is not part of it. */
export function messageLine(message: Readonly<Record<string, unknown>>): string {
  return `\n${JSON.stringify(message)}\n`
}

/** The maximal length of a message in characters; longer ones are dropped. An application's error may be long. */
const LONGEST = 2 ** 24

/** Calls `take` with each message. Lines that are not JSON are dropped: an application may write to the descriptor as well. */
export function readMessages(socket: Socket, take: (message: unknown) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST) rest = ''
    for (const line of lines) {
      const message = read(line)
      if (message !== undefined) take(message)
    }
  })
}

function read(line: string): unknown {
  if (line === '') return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
