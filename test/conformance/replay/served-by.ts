import { plain } from '../judge/text.ts'
import { allLines, type Recorded, type WorkerName } from '../recording/scenario.ts'

/**
 * Which worker served the recording's request that can be traced: the index in spawn order of the worker that ended itself, was stuck, or
 * waited for its connection. A host that can choose which worker accepts repeats the recording with it.
 * @returns `undefined` when the recording does not tell
 */
export function servedBy(recorded: Recorded): number | undefined {
  const lines = allLines(recorded).map(plain)
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])[0]
  const paths = recorded.steps.flatMap((step) => (step.do === 'get' ? [step.path] : []))
  const asked = (start: string) => paths.some((path) => path.startsWith(start))
  let name: string | undefined
  if (asked('/exit/')) name = found(/Child process \[<(w\d+)>\]/) ?? silent(recorded, lines)
  if (asked('/busy/')) name = found(/WORKER TIMEOUT \(pid:<(w\d+)>\)/)
  if (asked('/slow/')) name = found(/^\[<ts>\] \[<(w\d+)>\] \[INFO\] Waiting for connections to close/)
  const index = name === undefined ? -1 : recorded.spawnOrder.indexOf(name as WorkerName)
  return index < 0 ? undefined : index
}

/** gunicorn does not log a worker that ended itself: it is the one that neither lives nor was stopped. */
function silent({ spawnOrder, steps }: Recorded, lines: readonly string[]): string | undefined {
  const last = steps.findLast((step) => step.do === 'alive')
  const lives = last?.workers.map(({ name }) => name) ?? []
  return spawnOrder.find(
    (name) =>
      !lives.includes(name) && !lines.some((line) => line.includes(`[<${name}>] [INFO] Shutting down`)),
  )
}
