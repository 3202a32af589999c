import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { JudgeOptions, Verdict } from '../../conformance/judge/judge.ts'
import type { Observed } from '../../conformance/recording/observed.ts'
import type { Recorded } from '../../conformance/recording/scenario.ts'
import type { Case } from './judge-thread.ts'

let queue: Promise<unknown> = Promise.resolve()
let thread: Worker | undefined

/**
 * Judges in a thread of its own, one run after the other: a judge may think for seconds, and meanwhile the other tests must see
 * what their processes do.
 */
export function judgeApart(recorded: Recorded, observed: Observed, options: JudgeOptions): Promise<Verdict> {
  const verdict = queue.then(async () => {
    thread ??= new Worker(new URL('judge-thread.ts', import.meta.url), { execArgv: [] })
    thread.unref()
    const one: Case = [recorded, observed, options]
    thread.postMessage(one)
    const [answer] = (await once(thread, 'message')) as [Verdict]
    return answer
  })
  queue = verdict.catch(() => undefined)
  return verdict
}
