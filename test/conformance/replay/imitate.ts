import { attribute } from '../judge/attribute.ts'
import { expectedChecks, expectedClients } from '../judge/facts.ts'
import { workersOf } from '../judge/lives.ts'
import { readRecorded } from '../judge/side.ts'
import { recordedLines, type Line } from '../judge/text.ts'
import { NOT_JAVASCRIPT } from '../exceptions/not-javascript.ts'
import type { Observed, ObservedLine } from '../recording/observed.ts'
import type { Recorded, Result } from '../recording/scenario.ts'

/** The PID that the parent gets; workers get the following ones, in spawn order. */
export const PARENT = 27_365

/**
 * A run that shows exactly what was recorded, except what cannot be true of JavaScript: made-up PIDs, ports and time stamps replace the
 * names, and every line is attributed to a process that may have printed it. It tests the judge, unchanged and spoilt.
 */
export function imitate(recorded: Recorded): Observed & { attributed: true } {
  const lines = NOT_JAVASCRIPT.filter((entry) => entry.applies(recorded)).reduce(
    (kept, entry) => entry.fromRecorded(kept, recorded),
    recordedLines(recorded) as readonly Line[],
  )
  const read = readRecorded(lines, recorded)
  const workers = workersOf(read, recorded)
  const pidOf = (name: string) =>
    name === 'terminal' ? 0 : name === 'parent' ? PARENT : PARENT + 2 + workers.indexOf(name)
  const { owners } = attribute(read, workers)
  return {
    attributed: true,
    parent: PARENT,
    spawned: workers.map(pidOf),
    lines: lines.map(({ text, stream }, i): ObservedLine => ({
      pid: pidOf(owners[i] ?? 'parent'),
      stream: stream ?? 'stderr',
      text: filledIn(text, pidOf),
    })),
    alive: recorded.steps.flatMap((step) =>
      step.do === 'alive'
        ? [{ master: step.master, workers: step.workers.map(({ name }) => pidOf(name)) }]
        : [],
    ),
    master: recorded.exit,
    checks: expectedChecks(recorded),
    clients: expectedClients(recorded).map(({ path, result, seconds }) => ({
      path,
      result: result as Result,
      seconds: seconds ?? 0.01,
    })),
  }
}

/** The same run, of which only the bytes are known. */
export function asBytes(
  run: Observed & { attributed: true },
  apart = false,
): Observed & { attributed: false } {
  const { lines, attributed: _, ...rest } = run
  const bytes = (some: readonly ObservedLine[]) =>
    some.map(({ pid, text }) => (pid === 0 ? text : `${text}\r\n`)).join('')
  const of = (stream: ObservedLine['stream']) => bytes(lines.filter((line) => line.stream === stream))
  return {
    ...rest,
    attributed: false,
    text: apart ? { stdout: of('stdout'), stderr: of('stderr') } : bytes(lines),
  }
}

function filledIn(text: string, pidOf: (name: string) => number): string {
  const date = /HTTP\/1\.1" \d+ \d+ "-"/.test(text)
    ? '20/Nov/2026:20:48:36 +0000'
    : '2026-11-20 20:48:36 +0000'
  return text
    .replace(/<(parent2?|w\d+)>/g, (_, name: string) => String(pidOf(name)))
    .replaceAll('<ts>', date)
    .replaceAll('<port>', '48312')
    .replaceAll('<n>', '734012')
    .replaceAll('<site-packages>', '/usr/lib/python3/dist-packages')
    .replaceAll('<stdlib>', '/usr/lib/python3.11')
    .replaceAll('\\e', '\u001b')
}
