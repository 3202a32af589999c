import type { Observed } from '../recording/observed.ts'
import { checkSaid } from '../recording/header.ts'
import type { Ending, Recorded, Step } from '../recording/scenario.ts'
import { timingOf } from '../recording/timing.ts'
import type { Item } from './layout.ts'
import type { Row } from './pair.ts'

/** The rows, and among them what was done: behind the lines that had been printed by then. */
export function withSteps(rows: readonly Row[], recorded: Recorded): Item[] {
  // Of streams that were kept apart it is not known when.
  if (recorded.medium.kind === 'pipes')
    return [...recorded.steps.map((step) => ({ done: stepText(step) })), ...rows]
  const steps = timingOf(recorded).steps.map((timing, i) => ({
    lines: timing.lines,
    step: recorded.steps[i],
  }))
  const items: Item[] = []
  for (const row of rows) {
    // An echo is the first thing that a key does.
    const before = row.recorded === '^C' ? row.lines : row.lines - 1
    while (steps[0] !== undefined && row.recorded !== undefined && steps[0].lines <= before) {
      const { step } = steps.shift() ?? {}
      if (step !== undefined) items.push({ done: stepText(step) })
    }
    items.push(row)
  }
  return [...items, ...steps.flatMap(({ step }) => (step === undefined ? [] : [{ done: stepText(step) }]))]
}

/** A step in a few words. */
function stepText(step: Step): string {
  switch (step.do) {
    case 'kill':
      return `kill -${step.signal} <${step.target}>`
    case 'press':
      return `press ${step.key}`
    case 'get':
      return `GET ${step.path}${step.over === 'tcp' ? '' : ` over ${step.over}`}${step.background ? ' (background)' : ` → ${step.result}`}`
    case 'client':
      return `GET ${step.path} ended after ${step.seconds} s: ${step.result}`
    case 'wait':
      return `wait ${step.seconds} s`
    case 'edit':
      return `the application now ${step.what}`
    case 'slow down':
      return `the application now needs ${step.seconds} s to start`
    case 'alive':
      return `alive: master ${step.master}; workers: ${step.workers.map(({ name }) => `<${name}>`).join(' ') || 'none'}`
    case 'new master':
      return 'a new master is alive'
    case 'websocket':
    case 'pipelined':
    case 'release':
    case 'told':
      return checkSaid(step) ?? ''
    case 'switch release':
      return 'the link leads to release 2'
    case 'pipeline':
      return `${step.paths.map((path) => `GET ${path}`).join(', ')} pipelined`
    case 'resize':
      return `the terminal is resized to ${step.columns} × ${step.rows}`
    case 'socket file':
      return `the socket file is ${step.state}`
  }
}

/** How both masters ended. */
export function endings(recorded: Recorded, { master }: Observed): readonly [string, string] {
  return [endText(recorded.exit), endText(master)]
}

function endText(ending: Ending): string {
  switch (ending.kind) {
    case 'running':
      return 'still running'
    case 'code':
      return `exit code ${ending.code}`
    case 'signal':
      return `killed by SIG${ending.signal}`
  }
}
