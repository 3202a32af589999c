import type { TraceEvent } from '../trace.ts'
import type { Clause, Happening, Picture, SentenceKey } from './picture.ts'

/** What to say about an event of the machine around the server, or nothing. */
export function tellAround(before: Picture, event: TraceEvent): Happening | undefined {
  const { at } = event
  const say = (tone: Happening['tone'], ...said: readonly (SentenceKey | Clause)[]): Happening => ({
    at,
    tone,
    clauses: said.map((each) => (typeof each === 'string' ? { key: each, params: {} } : each)),
  })
  // What goes on and on is said once.
  const once = (happening: Happening): Happening | undefined => {
    const same = before.happened.clauses[0]?.key === happening.clauses[0]?.key
    return same ? undefined : happening
  }
  switch (event.type) {
    case 'out-of-memory':
      return say('bad', { key: 'outOfMemory', params: { pid: event.pid } }, 'outOfMemoryWhy')
    case 'shutting-down':
      return say('bad', event.hard ? 'powerCut' : 'goingDown', 'goingDownWhy')
    case 'booted':
      return say('quiet', 'booted', 'bootedWhy')
    case 'hung-up':
      return say('bad', 'hungUp', 'hungUpWhy')
    case 'unit':
      return ofUnit(event, say)
    case 'forked':
      return event.kind === 'proxy'
        ? say('quiet', { key: 'proxyStarted', params: { pid: event.pid } }, 'proxyWhy')
        : undefined
    case 'certificate-changed': {
      const { name, certificate } = event
      if (certificate === undefined) return undefined
      return before.around.certificates.get(name)?.serial === certificate.serial
        ? say('bad', { key: 'certificateExpired', params: { name } }, 'certificateExpiredWhy')
        : say('good', { key: 'certificateGot', params: { name } })
    }
    case 'certificate':
      return event.verdict === 'good' ? undefined : once(say('bad', 'rejected', 'rejectedWhy'))
    case 'bad-gateway':
      return once(say('bad', { key: 'badGateway', params: { status: event.status } }, 'badGatewayWhy'))
    default:
      return undefined
  }
}

type Say = (tone: Happening['tone'], ...said: readonly (SentenceKey | Clause)[]) => Happening

function ofUnit(event: TraceEvent & { type: 'unit' }, say: Say): Happening | undefined {
  const { unit, sub, result, restartAt } = event
  if (sub === 'auto-restart' && restartAt !== undefined) {
    const seconds = ((restartAt - event.at) / 1000).toFixed(1)
    return say('bad', { key: 'unitRestarts', params: { unit, seconds } })
  }
  if (sub !== 'failed') return undefined
  return say('bad', { key: result === 'start-limit-hit' ? 'unitGaveUp' : 'unitFailed', params: { unit } })
}
