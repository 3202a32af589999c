import type { Recorded } from '../conformance/recording/scenario.ts'

/** A recording that is not run with real processes. */
interface LeftOut {
  readonly names: readonly string[]
  readonly program?: Recorded['program']
  readonly version?: string
  readonly reason: string
}

const TABLE: readonly LeftOut[] = [
  {
    names: ['lifespan-unsupported'],
    reason:
      'An application in JavaScript may always have a startup, so it is always spoken of, as with FastAPI.',
  },
  {
    names: ['start-preload', 'import-raises-preload', 'preload-thread'],
    reason: 'Node cannot hand on what is loaded, as a fork does: --preload is refused.',
  },
  {
    names: ['hup-twice'],
    reason:
      'Two signals of one kind are one to the kernel when the second comes before the first is taken: 0.2 s apart, that is chance on a busy machine.',
  },
  ...(['uvicorn', 'fastapi'] as const).map((program) => ({
    names: ['hup-inflight', 'pipelined-hup', 'ttin-hup'],
    program,
    reason:
      'A reload starts workers one after the other: on a busy machine the request of 2 or 3 s has ended, or the last old worker is still there, when ' +
      'the recording looks.',
  })),
  {
    names: ['kept-hup'],
    version: '26.2.0-asgi',
    reason:
      "gunicorn's own worker class waits at a stop for connections without a request too, and never closes one by itself; ours closes them, so " +
      'that nobody who only keeps a connection holds up a reload.',
  },
  {
    names: ['websocket-close', 'websocket-hup', 'websocket-term', 'websocket-ctrl-c'],
    reason:
      'A WebSocket is between its client and the application, and the command says nothing of it; that it is closed with 1012 ' +
      '`frameworks.test.ts` has.',
  },
  {
    names: ['notify'],
    reason:
      'Ours tells the init system more: when all workers serve, of reloads and of the stop (`deployment.test.ts` has it).',
  },
  {
    names: ['passed-socket', 'fd-3'],
    reason:
      'A socket cannot be passed through the terminal of these tests; `deployment.test.ts` passes some.',
  },
  {
    names: ['release-hup'],
    reason:
      'The tests of the command run in a folder, not in a link to one; `deployment.test.ts` has the links.',
  },
  {
    names: ['start-4-silent-terminal'],
    reason:
      'How many questions have been put when the recording was cut is chance; `versions.test.ts` has it.',
  },
  {
    names: ['max-requests'],
    program: 'uvicorn',
    version: '0.30.6',
    reason: 'The recording was cut in the moment in which a worker had ended and was not replaced yet.',
  },
  {
    names: ['hup-broken-code'],
    program: 'uvicorn',
    version: '0.30.6',
    reason:
      'Six thousand lines of a boot loop, as in `bad-module`: how far it comes is the speed of the machine.',
  },
  {
    names: ['lifespan-fail'],
    program: 'fastapi',
    version: '0.0.32',
    reason:
      'Who has put which question to the terminal cannot be told from the text, and so not who said what; 0.0.7 shows the same.',
  },
  {
    names: ['lifespan-fail'],
    program: 'fastapi',
    version: '0.0.34',
    reason:
      'Who has put which question to the terminal cannot be told from the text, and so not who said what; 0.0.7 shows the same.',
  },
  {
    names: ['inflight-ctrl-c-twice'],
    version: '0.17.6',
    reason: 'Whether a worker without a request still shuts down when Ctrl+C comes again is chance.',
  },
  {
    names: ['ttin', 'ttou'],
    version: '0.17.6',
    reason:
      'The kernel suspends nobody by these signals in a terminal without a shell (an orphaned process group), and the tests have none.',
  },
]

/** Why a recording is not run with real processes, or nothing when it is. */
export function leftOut({ name, program, version }: Recorded): string | undefined {
  return TABLE.find(
    (entry) =>
      entry.names.includes(name) &&
      (entry.program ?? program) === program &&
      (entry.version ?? version) === version,
  )?.reason
}
