import { checkSaid } from '../recording/header.ts'
import type { Observed } from '../recording/observed.ts'
import type { Ending, Recorded } from '../recording/scenario.ts'

/** The differences apart from the text: how the master ended, and the clients' results. */
export function differingFacts(recorded: Recorded, observed: Observed, seconds: number): string[] {
  return [
    ...differingEnd(recorded.exit, observed.master),
    ...differingClients(recorded, observed, seconds),
    ...differingChecks(recorded, observed),
  ]
}

/** The expected results of the steps of a recording that check something other than the living processes. */
export function expectedChecks(recorded: Recorded): string[] {
  return recorded.steps.flatMap((step) => checkSaid(step) ?? [])
}

function differingChecks(recorded: Recorded, { checks = [] }: Observed): string[] {
  const expected = expectedChecks(recorded)
  const same = expected.length === checks.length && expected.every((check, i) => check === checks[i])
  return same ? [] : [`checks: recorded '${expected.join(', ')}', ours '${checks.join(', ')}'`]
}

function differingEnd(expected: Ending, got: Ending): string[] {
  const say = (ending: Ending) =>
    ending.kind === 'running'
      ? 'still running'
      : ending.kind === 'code'
        ? `exit code ${ending.code}`
        : `killed by SIG${ending.signal}`
  return say(expected) === say(got) ? [] : [`the master: recorded ${say(expected)}, ours ${say(got)}`]
}

/** The requests of a recording, in the order in which they were sent. */
export function expectedClients(recorded: Recorded): { path: string; result: string; seconds?: number }[] {
  return recorded.steps.flatMap((step, at) => {
    if (step.do !== 'get') return []
    if (!step.background) return [{ path: step.path, result: step.result }]
    const end = recorded.steps.find((later, i) => i > at && later.do === 'client' && later.path === step.path)
    return end?.do === 'client' ? [{ path: step.path, result: end.result, seconds: end.seconds }] : []
  })
}

function differingClients(recorded: Recorded, observed: Observed, tolerance: number): string[] {
  const expected = expectedClients(recorded)
  if (expected.length !== observed.clients.length)
    return [`requests: recorded ${expected.length}, ours ${observed.clients.length}`]
  return expected.flatMap(({ path, result, seconds }, i) => {
    const got = observed.clients[i]
    if (got?.path !== path || got.result !== result)
      return [
        `request ${path}: recorded '${result}', ours '${got?.path === path ? got.result : String(got?.path)}'`,
      ]
    if (seconds !== undefined && Math.abs(seconds - got.seconds) > tolerance)
      return [
        `request ${path}: recorded ${seconds} s, ours ${got.seconds.toFixed(1)} s (within ${tolerance} s)`,
      ]
    return []
  })
}

/**
 * The differences between the living processes of the recording and ours.
 * @param names which worker of ours corresponds to each worker of the recording; a worker without a name may be any other
 */
export function differingAlive(
  recorded: Recorded,
  observed: Observed,
  names: ReadonlyMap<string, number>,
  workersToo: boolean,
): string[] {
  const steps = recorded.steps.flatMap((step) => (step.do === 'alive' ? [step] : []))
  if (steps.length !== observed.alive.length)
    return [`checks of who is alive: recorded ${steps.length}, ours ${observed.alive.length}`]
  const spoken = new Set(names.values())
  return steps.flatMap(({ master, workers }, i) => {
    const got = observed.alive[i]
    if (got?.master !== master)
      return [`check ${i + 1}: master recorded ${master}, ours ${String(got?.master)}`]
    if (!workersToo) return []
    const known = workers.flatMap(({ name }) => names.get(name) ?? [])
    const strangers = got.workers.filter((pid) => !spoken.has(pid))
    const right =
      known.every((pid) => got.workers.includes(pid)) &&
      known.length + strangers.length === got.workers.length
    if (right && got.workers.length === workers.length) return []
    const expected = workers.map(({ name }) => `${name}=${names.get(name) ?? '?'}`).join(' ') || 'none'
    return [`check ${i + 1}: workers alive recorded ${expected}, ours ${got.workers.join(' ') || 'none'}`]
  })
}
