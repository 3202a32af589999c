import { timingOf } from '../recording/timing.ts'
import type { Recorded, Step } from '../recording/scenario.ts'

/** Where the command on Node is better than the original on purpose. */
export interface BetterOnNode {
  readonly id: string
  /** What the original does, and why the command does not. */
  readonly reason: string
  /** The message in which the command says so: its key in the command's language file. */
  readonly said: string
  /** The sentence of the guide about it (`content/docs/run.mdx`). */
  readonly guide: string
  /** The test file that shows it on real processes. */
  readonly shown: string
  /** The recordings whose transcript differs for this reason. */
  readonly recordings?: {
    readonly apply: (recorded: Recorded) => boolean
    /** The recording that the original would give if it were as good. */
    readonly expected: (recorded: Recorded) => Recorded
  }
}

/** The table. */
export const BETTER_ON_NODE: readonly BetterOnNode[] = [
  {
    id: 'no worker outlives its manager',
    reason:
      "In the original the workers of a killed master live on, serve, and hold the port: a nuisance on a reader's machine.",
    said: 'explain.0',
    guide: 'no worker outlives its manager',
    shown: 'orphans.test.ts',
    recordings: {
      apply: (recorded) => killsMaster(recorded) >= 0 && recorded.spawnOrder.length > 0,
      expected: withoutOrphans,
    },
  },
  {
    id: 'a reload loses no request',
    reason: 'The originals close a connection on which a request is just coming; they print the same lines.',
    said: 'explain.0',
    guide: 'A reload loses no request',
    shown: 'faults.test.ts',
    recordings: {
      apply: ({ steps }) => steps.some((step) => step.do === 'pipelined' && step.result.includes('closed')),
      expected: withPipelinesAnswered,
    },
  },
  {
    id: 'uvicorn and fastapi tell systemd when they are ready',
    reason:
      'uvicorn (0.54.0) knows nothing of Type=notify: systemd ends it as one that has never become ready.',
    said: 'systemd.told',
    guide: '`Type=notify`',
    shown: 'deployment.test.ts',
  },
  {
    id: 'uvicorn and fastapi name the sockets that they do not take',
    reason: 'uvicorn (0.54.0) binds its own port without a word when a .socket unit passes one.',
    said: 'systemd.passedSockets',
    guide: '`--fd 3`',
    shown: 'deployment.test.ts',
  },
  {
    id: 'uvicorn follows the link to the release at a reload',
    reason:
      'uvicorn stays in the folder that it was started in: a reload after a release starts the old code.',
    said: 'folderMoved',
    guide: 'a link to the release',
    shown: 'deployment.test.ts',
  },
  {
    id: 'a reload whose folder is gone is none',
    reason: 'In the originals every new worker fails, and with them the server.',
    said: 'folderGone',
    guide: 'is gone',
    shown: 'deployment.test.ts',
  },
  {
    id: 'what does not come is waited for, and named',
    reason: 'The originals wait without a word for a top level or a startup that never ends.',
    said: 'waiting.startup',
    guide: 'never ends',
    shown: 'waiting.test.ts',
  },
  {
    id: 'a fork that the system refuses is tried again',
    reason:
      'gunicorn crashes when a worker cannot be forked (EAGAIN, ENOMEM), uvicorn too: a healthy server ends.',
    said: 'forkLater',
    guide: 'does not start another process',
    shown: 'guards.test.ts',
  },
  {
    id: 'one process reads its certificate anew',
    reason: 'SIGHUP ends a uvicorn of one process, and so its certificate can only be replaced by a restart.',
    said: 'renewed',
    guide: 'certificate',
    shown: 'certificates.test.ts',
  },
  {
    id: 'an output that is gone is said once',
    reason: "Python's logging prints a traceback for each line that it cannot write.",
    said: 'outputLost',
    guide: 'cannot be written',
    shown: 'life.test.ts',
  },
  {
    id: 'a header that nobody can send is refused at the start',
    reason: "uvicorn takes `--header 'bad name: x'` and then fails at every request.",
    said: 'mistakes.headerName',
    guide: '`--header`',
    shown: 'mistakes.test.ts',
  },
]

/** The rows with which a recording differs. */
export function betterThan(recorded: Recorded): readonly BetterOnNode[] {
  return BETTER_ON_NODE.filter(({ recordings }) => recordings?.apply(recorded) === true)
}

/** The recording as it would be with the command on Node. */
export function onNode(recorded: Recorded): Recorded {
  return betterThan(recorded).reduce((now, { recordings }) => recordings?.expected(now) ?? now, recorded)
}

/** The index of the step that kills the master: by SIGKILL, or by a signal that it has no handler for. */
function killsMaster({ steps, exit }: Recorded): number {
  if (exit.kind !== 'signal') return -1
  const { signal } = exit
  return steps.findIndex((step) => step.do === 'kill' && step.signal === signal && step.target === 'parent')
}

/** Pipelined requests behind another one are answered too, and logged as soon as they begin. */
function withPipelinesAnswered(recorded: Recorded): Recorded {
  const paths = recorded.steps.flatMap((step) => (step.do === 'pipeline' ? step.paths : []))
  const [first = '', ...behind] = paths
  const steps = recorded.steps.map((step): Step =>
    step.do === 'pipelined' ? { ...step, result: paths.map(() => '200').join(', ') } : step,
  )
  if ('stderr' in recorded.lines)
    throw new Error(`${recorded.name}: pipelined requests were only recorded on a terminal`)
  const lines = recorded.lines.flatMap((line) =>
    line.includes(`GET ${first} HTTP/1.1`)
      ? [line, ...behind.map((path) => line.replace(first, path))]
      : [line],
  )
  return { ...recorded, steps, lines }
}

function withoutOrphans(recorded: Recorded): Recorded {
  const at = killsMaster(recorded)
  const before = timingOf(recorded).steps[at]?.lines ?? 0
  const steps = recorded.steps.map((step, i): Step => {
    if (i < at) return step
    if (step.do === 'alive') return { ...step, workers: [] }
    if (step.do === 'get' && !step.background) return { ...step, result: 'connection refused' }
    return step
  })
  if ('stderr' in recorded.lines)
    throw new Error(`${recorded.name}: a killed master was only recorded on a terminal`)
  return { ...recorded, steps, lines: recorded.lines.slice(0, before) }
}
