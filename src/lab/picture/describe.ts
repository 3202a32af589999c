import {
  doing,
  holder,
  openRequests,
  type Picture,
  type Place,
} from '../../../simulator/machine/view/index.ts'
import type { Speech } from '../words.ts'

/** The picture in words: who is there, what each does, what has been answered and lost. */
export function describe(picture: Picture, places: readonly Place[], speech: Speech): string {
  const words = speech.words.picture.describe
  const { server } = picture
  if (server === undefined) return words.none
  const { answered, lost } = picture.counts
  return [
    server.alone
      ? speech.say(words.alone, { pid: server.pid })
      : speech.say(words.parent, { pid: server.pid, state: parentState(picture, speech) }),
    ...places.map((place, index) => row(place, index + 1, speech)),
    ...picture.sockets.map(({ bind, waiting }) =>
      speech.say(words.socket, { port: bind.kind === 'tcp' ? bind.port : '', count: waiting }),
    ),
    speech.say(words.counts, { answered, lost }),
  ].join(speech.words.sentenceBreak)
}

function row(place: Place, row: number, speech: Speech): string {
  const words = speech.words.picture
  const life = holder(place)
  const now = life === undefined ? 'ended' : doing(life)
  if (life === undefined || now === 'ended')
    return speech.say(words.describe.empty, { row, pid: life?.pid ?? '' })
  const state = words.states[now]
  return speech.say(words.describe.worker, { row, pid: life.pid, state, count: openRequests(life) })
}

function parentState({ server }: Picture, speech: Speech): string {
  const { states } = speech.words.picture
  if (server?.until !== undefined) return states.gone
  if (server?.stopping === true) return states.stopping
  return server?.listening === true ? states.watching : states.starting
}
