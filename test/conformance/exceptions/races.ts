import { plain } from '../judge/text.ts'
import { allLines, namesIn, type Recorded } from '../recording/scenario.ts'

/**
 * An outcome that the original leaves to chance. A host with a seed searches for the seed that gives the recorded outcome; on real
 * processes the comparison is loosened, only as far as the entry says.
 */
export interface Race {
  readonly id: string
  readonly reason: string
  readonly applies: (recorded: Recorded) => boolean
  readonly loosens: Loosening
  /** Chance decides so often in a long run that no seed repeats it, so this applies to every host. */
  readonly unsearchable?: true
}

/** How a comparison is loosened. The patterns are matched against lines without colours. */
export interface Loosening {
  /** Workers are not identified by the order in which they started. */
  readonly anyWorker?: true
  /** Neighbouring lines of one process that match may come in either order. */
  readonly commute?: RegExp
  /** Lines that may be missing or additional. */
  readonly optional?: RegExp
  /** Lines that may occur any number of times, or not at all. */
  readonly repeated?: RegExp
  /**
   * Workers that never became ready may be more or fewer, and may have been cut short: their lives are compared as a set, and a life may be
   * the beginning of another. The parent's lines may continue, or end early, when the recording was cut while it ran.
   */
  readonly lives?: true
}

const stops = (recorded: Recorded, pattern: RegExp) =>
  allLines(recorded).some((line) => pattern.test(plain(line)))
const several = (recorded: Recorded) => namesIn(allLines(recorded)).length > 1
const supervised = ({ program }: Recorded) => program !== 'gunicorn'

/** Whether workers are started without end, or until the recording was cut. */
export function isLoop(recorded: Recorded): boolean {
  const { exit, app, about, steps, program } = recorded
  if (exit.kind !== 'running' || about.includes('the unlucky case')) return false
  if (app.boot !== undefined || app.life === 'fail') return true
  if (/^(the module (does not exist|has no such attribute)|TLS key file does not exist)/.test(about))
    return true
  const last = steps.findLast((step) => step.do === 'alive')
  return program !== 'gunicorn' && steps.some((step) => step.do === 'edit') && last?.workers.length === 0
}

/** Whether workers fail before they are ready, and stop the master. */
function failsToBoot({ exit, app, about, steps }: Recorded): boolean {
  if (exit.kind !== 'code') return false
  return (
    app.boot !== undefined ||
    app.life === 'fail' ||
    /^(the module (does not exist|has no such attribute)|no colon in the import string)/.test(about) ||
    steps.some((step) => step.do === 'edit')
  )
}

/** Recordings in which gunicorn waits for its graceful timeout and kills the workers that are left. */
const UNTIL_KILLED = [
  ...['lifespan-hang-term', 'lifespan-hang-stop', 'inflight-graceful-timeout'],
  ...['int-master', 'quit-master'],
]

/** The table. */
export const RACES: readonly Race[] = [
  {
    id: 'which worker serves',
    reason:
      'All workers wait on one listener; the kernel gives a connection to any of them. So it is chance which one is busy, or ends ' +
      'itself, and where it stands in the lines that the master says of each worker in turn.',
    applies: (recorded) =>
      several(recorded) &&
      recorded.steps.some(
        (step) =>
          (step.do === 'get' && (step.background || step.path.startsWith('/exit/'))) ||
          step.do === 'websocket' ||
          step.do === 'pipeline',
      ),
    loosens: { anyWorker: true, commute: /(Terminated|Waiting for) child process \[/ },
  },
  {
    id: 'who has had its last request',
    reason:
      'All workers wait on one listener. After five requests to two workers that end after two each, two have ended and two more have ' +
      'come; which ones, and after which requests, is chance.',
    applies: ({ name }) => name === 'max-requests',
    loosens: { anyWorker: true, lives: true, repeated: /"GET \/ HTTP\/1\.1" 200/ },
  },
  {
    id: 'two deaths, one look or two',
    reason:
      'Two workers are killed one right after the other: the master finds both gone and starts two, or finds the second when it has ' +
      'replaced the first. uvicorn looks every 0.5 s; gunicorn at once, and it has opened its control socket by then.',
    applies: ({ name }) => ['kept-kill9', 'kill9-all-workers'].includes(name),
    loosens: {
      anyWorker: true,
      commute:
        /was sent SIGKILL!|Control socket listening at |Waiting for child process|Child process .* died/,
    },
  },
  {
    id: 'order of reaping',
    reason: 'gunicorn names workers that a signal ended in the order in which they happen to die.',
    applies: (recorded) =>
      recorded.program === 'gunicorn' &&
      stops(recorded, /was terminated due to signal \d+$|was sent SIG[A-Z]+!/) &&
      several(recorded),
    loosens: {
      commute: /Worker (with pid \S+ was terminated due to signal \d+$|\(pid:\S+\) was sent SIG[A-Z]+!)/,
    },
  },
  {
    id: 'reaped after the last SIGKILL',
    reason:
      'When the graceful timeout is over, the master of gunicorn 26 kills who is left, looks once who has ended, and ends itself: how ' +
      'many it finds and names is chance.',
    applies: ({ name, program, version }) =>
      program === 'gunicorn' && version.startsWith('26.') && UNTIL_KILLED.includes(name),
    loosens: { optional: /Worker \(pid:\S+\) was sent SIGKILL! Perhaps out of memory\?$/ },
  },
  {
    id: 'a second SIGTERM',
    reason:
      'gunicorn 20.1.0 sends SIGTERM again while a worker is on its way out; one that has left its handlers behind is ended by it and named.',
    applies: (recorded) =>
      recorded.program === 'gunicorn' &&
      recorded.version === '20.1.0' &&
      stops(recorded, /Worker exiting|terminated due to signal 15$/),
    loosens: { optional: /Worker with pid \S+ was terminated due to signal 15$/ },
  },
  {
    id: 'killed while it shuts down',
    reason:
      'Ctrl+C reaches the workers of gunicorn as well, which begin to shut down; its master ends them by SIGQUIT, at once on an idle machine.',
    applies: (recorded) =>
      recorded.program === 'gunicorn' &&
      recorded.version === '20.1.0' &&
      recorded.steps.some((step) => step.do === 'press'),
    loosens: {
      optional:
        /\[INFO\] (Shutting down|Waiting for (connections to close|application shutdown)\b.*|Application shutdown complete\.|Finished server process .*|Worker exiting .*)$/,
    },
  },
  {
    id: 'gone before it was terminated',
    reason:
      'Ctrl+C reaches workers and master alike. The master looks every 0.5 s and terminates only those that have not ended by then.',
    applies: (recorded) =>
      supervised(recorded) && several(recorded) && recorded.steps.some((step) => step.do === 'press'),
    loosens: { optional: /Terminated child process \[/ },
  },
  {
    id: 'first seen to fail',
    reason:
      'All workers boot at once and fail at about the same time; it is chance which one the supervisor looks at first, how far the others ' +
      'have come by then, and whether they have ended or must be terminated.',
    applies: (recorded) => supervised(recorded) && several(recorded) && failsToBoot(recorded),
    loosens: {
      anyWorker: true,
      commute: /Waiting for child process \[/,
      optional: /Terminated child process \[/,
      lives: true,
    },
  },
  {
    id: 'booted before the first failure',
    reason:
      'gunicorn starts workers 0 to 0.1 s apart and stops as soon as one has failed: so many have booted, so far.',
    applies: (recorded) => recorded.program === 'gunicorn' && failsToBoot(recorded),
    loosens: { anyWorker: true, lives: true },
  },
  {
    id: 'ended by the stop, or before',
    reason:
      'When gunicorn stops for a worker that cannot boot, others end by its SIGTERM and are named, or fail by themselves before it comes.',
    applies: (recorded) => recorded.program === 'gunicorn' && failsToBoot(recorded),
    loosens: {
      optional: /Worker (with pid \S+ was terminated due to signal 15|\(pid:\S+\) was sent SIGTERM!)$/,
    },
  },
  {
    id: 'reaped before the end',
    reason:
      'gunicorn 26.1.0 names every worker that it reaps with a code, and opens its control socket after every fork: how many it has by the ' +
      'time it stops is chance.',
    applies: (recorded) =>
      recorded.program === 'gunicorn' && recorded.version.startsWith('26.') && failsToBoot(recorded),
    loosens: {
      optional: /Worker \(pid:\S+\) exited with code \d+\.$/,
      repeated: /Control socket listening at /,
    },
  },
  {
    id: 'reaped in which round',
    reason:
      'The master of gunicorn 26.1.0 reaps between its forks, and opens its control socket after each. When workers end as fast as they are ' +
      'started, it is chance in every round how many have ended by then, so how far the forks are ahead of the ends; a recording has fifty rounds.',
    applies: (recorded) =>
      isLoop(recorded) && recorded.program === 'gunicorn' && recorded.version.startsWith('26.'),
    loosens: { repeated: /Control socket listening at / },
    unsearchable: true,
  },
  {
    id: 'rounds of a boot loop',
    reason:
      'Workers that fail are started again at full speed; how often depends on the speed of the machine.',
    applies: isLoop,
    loosens: { anyWorker: true, lives: true },
  },
]

/** All loosening that applies to a recording. */
export interface Loosened {
  readonly anyWorker: boolean
  readonly commute: readonly RegExp[]
  readonly optional: readonly RegExp[]
  readonly repeated: readonly RegExp[]
  readonly lives: boolean
}

/** Combines what several races loosen. */
export function loosened(races: readonly Race[]): Loosened {
  return {
    anyWorker: races.some(({ loosens }) => loosens.anyWorker),
    commute: races.flatMap(({ loosens }) => loosens.commute ?? []),
    optional: races.flatMap(({ loosens }) => loosens.optional ?? []),
    repeated: races.flatMap(({ loosens }) => loosens.repeated ?? []),
    lives: races.some(({ loosens }) => loosens.lives),
  }
}
