import type { Recorded } from '../oracle/scenario.ts'

/** A recording that is not run with real processes. None of them is of the first cut. */
interface LeftOut {
  readonly names: readonly string[]
  readonly program?: Recorded['program']
  readonly reason: string
}

const TABLE: readonly LeftOut[] = [
  {
    names: ['lifespan-unsupported'],
    reason:
      'An application in JavaScript may always have a startup, so it is always spoken of, as with FastAPI.',
  },
  {
    names: ['start-log-warning'],
    reason: 'It prints nothing, so the replay cannot know when a real server is ready for the request.',
  },
  {
    names: ['start-preload', 'import-raises-preload'],
    reason: 'Node cannot hand on what is loaded, as a fork does: --preload is refused.',
  },
  {
    names: ['usr2'],
    reason: 'When the first process of a terminal ends, the terminal hangs up on the second master.',
  },
  {
    names: ['start-unix-socket-1'],
    reason: 'uvicorn leaves the file of its socket behind when it ends by SIGTERM. Node removes it.',
  },
  {
    names: ['max-requests'],
    reason: 'Which of two workers gets which of three requests is chance, and with it which of them ends.',
  },
  {
    names: ['bad-import-string'],
    reason:
      'Which worker is seen to fail first is chance; gunicorn crashed in the recording, here it stops tidily.',
  },
  {
    names: ['boot-loop-exit-3'],
    program: 'gunicorn',
    reason:
      'How many others are booting when the first one fails is chance; in the recording there was none.',
  },
  {
    names: ['port-in-use-1'],
    program: 'fastapi',
    reason: 'The message is wrapped at another place when the port is another one.',
  },
  {
    names: ['hung-default-timeout', 'inflight-default-graceful'],
    reason: 'They differ from others in waiting for 30 s.',
  },
]

/** Why a recording is not run with real processes, or nothing when it is. */
export function leftOut({ name, program }: Recorded): string | undefined {
  return TABLE.find((entry) => entry.names.includes(name) && (entry.program ?? program) === program)?.reason
}
