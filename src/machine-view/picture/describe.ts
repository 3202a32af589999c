import {
  activityOf,
  currentProcess,
  livingServers,
  openRequests,
  type Picture,
  type WorkerSlot,
} from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'
import { tallies } from './tallies.ts'

/** A text alternative for the picture: the processes, what each is doing, and the counts of requests. */
export function describe(picture: Picture, slots: readonly WorkerSlot[], speech: Speech): string {
  const words = speech.words.picture.describe
  const { server } = picture
  if (server === undefined) return words.none
  const servers = livingServers(picture)
  const several = servers.length < 2 ? undefined : servers.map(({ pid }) => pid).join(', ')
  return [
    several !== undefined
      ? speech.say(words.servers, { count: servers.length, pids: several })
      : server.alone
        ? speech.say(words.alone, { pid: server.pid })
        : speech.say(words.parent, { pid: server.pid, state: parentState(picture, speech) }),
    ...slots.map((slot, index) => row(slot, index + 1, speech)),
    ...picture.sockets.map(({ bind, waiting }) =>
      speech.say(words.socket, { port: bind.kind === 'tcp' ? bind.port : '', count: waiting }),
    ),
    ...tallies(picture, speech).map(({ count, label }) => speech.say(words.count, { count, label })),
  ].join(speech.words.sentenceBreak)
}

function row(slot: WorkerSlot, row: number, speech: Speech): string {
  const words = speech.words.picture
  const life = currentProcess(slot)
  const now = life === undefined ? 'ended' : activityOf(life)
  if (life === undefined || now === 'ended')
    return speech.say(words.describe.empty, { row, pid: life?.pid ?? '' })
  const state = words.states[now]
  return speech.say(words.describe.worker, { row, pid: life.pid, state, count: openRequests(life) })
}

/** The state of the server's own process, in a word. */
export function parentState({ server }: Picture, speech: Speech): string {
  const { states } = speech.words.picture
  if (server?.until !== undefined) return states.gone
  if (server?.frozen === true) return states.stopped
  if (server?.stopping === true) return states.stopping
  return server?.listening === true ? states.watching : states.starting
}
