import type { Keeper } from '../keeper/api.ts'
import type { TraceEvent } from '../trace.ts'
import type { Clause, StoryEntry, Picture, SentenceKey } from './picture.ts'

/** The sentence about an event of the machine around the server, or `undefined`. */
export function tellMachineEvent(before: Picture, event: TraceEvent): StoryEntry | undefined {
  const { at } = event
  const say = (tone: StoryEntry['tone'], ...said: readonly (SentenceKey | Clause)[]): StoryEntry => ({
    at,
    tone,
    clauses: said.map((each) => (typeof each === 'string' ? { key: each, params: {} } : each)),
  })
  // A repeated event has a sentence only the first time.
  const once = (happening: StoryEntry): StoryEntry | undefined => {
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
    case 'kept':
      return ofKept(before, event, say)
    case 'listening':
      if (event.pid !== before.around.proxy?.pid || event.bind.kind !== 'tcp') return undefined
      // With TLS the listener on port 443 comes next, and its sentence stays.
      return event.bind.port === 80
        ? say('quiet', { key: 'balancerStarted', params: { pid: event.pid } }, 'balancerWhy')
        : say('quiet', { key: 'proxyStarted', params: { pid: event.pid } }, 'proxyWhy')
    case 'certificate-changed': {
      const { name, certificate } = event
      if (certificate === undefined) return undefined
      return before.around.certificates.get(name)?.serial === certificate.serial
        ? say('bad', { key: 'certificateExpired', params: { name } }, 'certificateExpiredWhy')
        : say('good', { key: 'certificateGot', params: { name } })
    }
    case 'certificate':
      return event.verdict === 'good' ? undefined : once(say('bad', 'rejected', 'rejectedWhy'))
    case 'certificate-missing':
      return once(say('bad', 'noCertificate', 'noCertificateWhy'))
    case 'head':
      return redirected(before, event, say)
    case 'bad-gateway':
      return once(say('bad', { key: 'badGateway', params: { status: event.status } }, 'badGatewayWhy'))
    default:
      return undefined
  }
}

type Say = (tone: StoryEntry['tone'], ...said: readonly (SentenceKey | Clause)[]) => StoryEntry

/** Statuses that redirect a client to another address (RFC 9110, 15.4). */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function redirected(before: Picture, event: TraceEvent & { type: 'head' }, say: Say): StoryEntry | undefined {
  const { pid, status, request } = event
  if (!REDIRECTS.has(status) || before.happened.tone === 'bad') return undefined
  if (pid !== before.around.proxy?.pid)
    return say('quiet', { key: 'redirected', params: { pid, status } }, 'redirectedWhy')
  if (before.open.get(request)?.forwarded === true) return undefined
  return say('quiet', { key: 'proxyRedirected', params: { status } })
}

function ofUnit(event: TraceEvent & { type: 'unit' }, say: Say): StoryEntry | undefined {
  const { unit, sub, result, restartAt } = event
  if (sub === 'auto-restart' && restartAt !== undefined) {
    const seconds = ((restartAt - event.at) / 1000).toFixed(1)
    return say('bad', { key: 'unitRestarts', params: { unit, seconds } })
  }
  if (sub !== 'failed') return undefined
  return say('bad', { key: result === 'start-limit-hit' ? 'unitGaveUp' : 'unitFailed', params: { unit } })
}

/**
 * What a container's restart policy, Supervisor or a loop does when its program has ended. A start has its sentence from the program
 * itself.
 */
function ofKept(before: Picture, event: TraceEvent & { type: 'kept' }, say: Say): StoryEntry | undefined {
  const { name, by, state, restartAt } = event
  const contained = by === 'container' || by === 'pod'
  const exited = say('bad', { key: contained ? 'containerExited' : 'keptExited', params: { name } })
  switch (state) {
    case 'waiting': {
      // At once: the event of the start has a sentence.
      if (restartAt === undefined || restartAt <= event.at) return undefined
      const seconds = ((restartAt - event.at) / 1000).toFixed(1)
      const waits = WAITING[by]
      return waits && say('bad', { key: waits.head, params: { name, seconds } }, waits.why)
    }
    case 'failed':
      if (by === 'supervisor')
        return say('bad', { key: 'keptGaveUp', params: { name } }, 'supervisorGaveUpWhy')
      return exited
    case 'exited':
      return exited
    case 'stopped':
      if (before.around.kept.get(name)?.state !== 'stopping' || before.around.power !== 'up') return undefined
      return say('quiet', { key: contained ? 'containerStopped' : 'keptStopped', params: { name } })
    default:
      return undefined
  }
}

/** The sentence about a planned restart, and the one about its delay. A keeper that starts its program only once has neither. */
const WAITING: Readonly<
  Record<Keeper['by'], { readonly head: SentenceKey; readonly why: SentenceKey } | undefined>
> = {
  nobody: undefined,
  container: { head: 'containerWaits', why: 'containerWaitsWhy' },
  pod: { head: 'containerWaits', why: 'podWaitsWhy' },
  supervisor: { head: 'keptWaits', why: 'supervisorWaitsWhy' },
  loop: { head: 'keptWaits', why: 'loopWaitsWhy' },
}
