import type { ProgramName } from '../../simulator/manager/settings.ts'
import { folderOf, type Edition } from '../conformance/recording/load.ts'
import { parseRecorded } from '../conformance/recording/scenario.ts'
import { CannotRecord } from './environment.ts'
import type { Plan } from './record-scenario.ts'

/** A scenario that is recorded for the first time: what happens, told as the header of a recording tells it. */
interface Draft {
  /** Where it makes sense; all programs when nothing is said. */
  readonly of?: readonly ('uvicorn' | 'gunicorn' | 'gunicorn-asgi' | 'fastapi')[]
  readonly about: string
  /** Variables in front of the command. */
  readonly env?: string
  /** Instead of the command that the others have. */
  readonly base?: string
  /** Behind the command of a program. */
  readonly options?: Readonly<Partial<Record<ProgramName, string>>>
  /** As in a header; who lives, and how requests end, is filled in by what happens. */
  readonly steps: string
  /** How long nothing must have happened before each step, in seconds; 0.7 where nothing is said. */
  readonly quiet?: readonly (number | undefined)[]
}

const ALIVE = 'alive: master alive; workers alive: none'
const HTTP = '-> 200'

/** What people meet, by public reports. */
const DRAFTS: Readonly<Record<string, Draft>> = {
  'hup-slow-start': {
    about: 'SIGHUP when the new code needs 7 s to start; app switched to: life=next7',
    steps: `main.py edited: now needs 7s to start; kill -HUP <parent>; wait 9s; ${ALIVE}`,
  },
  'hup-inflight': {
    about: 'SIGHUP while one request needs 3 more seconds',
    steps: `GET /slow/3 (background); kill -HUP <parent>; client: GET /slow/3 ended after 3.0s: 200; wait 2s; ${ALIVE}`,
    quiet: [undefined, 0.3, undefined, 0, 0],
  },
  'hup-twice': {
    about: 'SIGHUP twice, 0.2 s apart',
    steps: `kill -HUP <parent>; wait 0.2s; kill -HUP <parent>; ${ALIVE}`,
    quiet: [undefined, 0, 0, 2.5],
  },
  'ttin-hup': {
    about: 'SIGTTIN, then SIGHUP: how many workers there are after it',
    steps: `kill -TTIN <parent>; kill -HUP <parent>; ${ALIVE}`,
    quiet: [undefined, 1.2, 2.5],
  },
  'kept-kill9': {
    about: 'a client keeps its connection; all workers are killed',
    steps: `GET / over the kept connection ${HTTP}; kill -KILL <w1>; kill -KILL <w2>; GET / over the kept connection ${HTTP}; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0.3, 0, 1.5],
  },
  'kept-hup': {
    about: 'a client keeps its connection over a SIGHUP',
    steps: `GET / over the kept connection ${HTTP}; kill -HUP <parent>; GET / over the kept connection ${HTTP}; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0.3, 2.5],
  },
  'kill9-all-workers': {
    about: 'kill -9 all workers, and a request at once',
    steps: `kill -KILL <w1>; kill -KILL <w2>; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0, 0, 1.5],
  },
  'paused-master': {
    about: 'the master is stopped (SIGSTOP), a worker dies meanwhile, the master goes on',
    steps: `kill -STOP <parent>; kill -KILL <w1>; wait 3s; ${ALIVE}; GET / ${HTTP}; kill -CONT <parent>; ${ALIVE}`,
    quiet: [undefined, 0.3, 0, 0, undefined, 0.3, 1.5],
  },
  'paused-worker': {
    about: 'a worker is stopped (SIGSTOP) for 2 s and goes on',
    steps: `kill -STOP <w1>; wait 2s; kill -CONT <w1>; wait 6s; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0, 0, 0, 0.3],
  },
  'websocket-close': {
    about: 'a client opens a WebSocket and closes it',
    steps: `open a WebSocket -> open; a message over the WebSocket -> echoed; close the WebSocket -> closed with 1000; ${ALIVE}`,
    quiet: [undefined, 0.3, 0.3],
  },
  'websocket-hup': {
    options: { gunicorn: '--graceful-timeout 3' },
    about: 'SIGHUP while a client has a WebSocket open',
    steps: `open a WebSocket -> open; a message over the WebSocket -> echoed; kill -HUP <parent>; wait 6s; the WebSocket -> open; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0.3, 0.3, 0, 0.3],
  },
  'websocket-term': {
    options: { gunicorn: '--graceful-timeout 3' },
    about: 'SIGTERM while a client has a WebSocket open',
    steps: `open a WebSocket -> open; a message over the WebSocket -> echoed; kill -TERM <parent>; wait 5s; the WebSocket -> open; ${ALIVE}`,
    quiet: [undefined, 0.3, 0.3, 0, 0],
  },
  'websocket-ctrl-c': {
    about: 'Ctrl+C while a client has a WebSocket open',
    steps: `open a WebSocket -> open; a message over the WebSocket -> echoed; press Ctrl+C; wait 2s; the WebSocket -> open; ${ALIVE}`,
    quiet: [undefined, 0.3, 0.3, 0, 0],
  },
  'pipelined-hup': {
    about: 'SIGHUP while one request needs 2 more seconds and two more wait behind it on its connection',
    steps: `GET /slow/2, GET /, GET / pipelined; kill -HUP <parent>; pipelined -> 200; GET / ${HTTP}; ${ALIVE}`,
    quiet: [undefined, 0.3, undefined, 2.5],
  },
  'pipelined-term': {
    about: 'SIGTERM while one request needs 2 more seconds and two more wait behind it on its connection',
    steps: `GET /slow/2, GET /, GET / pipelined; kill -TERM <parent>; pipelined -> 200; wait 1s; ${ALIVE}`,
    quiet: [undefined, 0.3, undefined, 0],
  },
  notify: {
    of: ['gunicorn', 'gunicorn-asgi'],
    about: 'an init system is told of the state of the server (Type=notify)',
    env: 'NOTIFY_SOCKET=notify',
    steps: `the init system was told: READY=1; kill -HUP <parent>; the init system was told: READY=1; kill -TERM <parent>; wait 2s; the init system was told: READY=1; ${ALIVE}`,
    quiet: [undefined, 0.3, 2.5, 0.3, 0, 0],
  },
  'passed-socket': {
    of: ['gunicorn', 'gunicorn-asgi'],
    about: 'an init system passes the listening socket (socket activation)',
    env: 'LISTEN_FDS=1',
    steps: `GET / ${HTTP}; kill -HUP <parent>; GET / ${HTTP}; ${ALIVE}; kill -TERM <parent>; wait 2s; ${ALIVE}`,
    quiet: [undefined, 0.3, 2.5, undefined, 0.3, 0],
  },
  'fd-3': {
    of: ['uvicorn'],
    about: 'the listening socket is descriptor 3',
    base: 'uvicorn main:app --fd 3 --workers 2',
    steps: `GET / ${HTTP}; kill -HUP <parent>; GET / ${HTTP}; ${ALIVE}; kill -TERM <parent>; wait 2s; ${ALIVE}`,
    quiet: [undefined, 0.3, 2.5, undefined, 0.3, 0],
  },
  'release-hup': {
    about: 'the folder is a link to a release; it is led to the next one, and SIGHUP',
    steps: `GET /release is answered by release 1; the link leads to release 2; kill -HUP <parent>; GET /release is answered by release 2; ${ALIVE}`,
    quiet: [undefined, 0, 0.3, 2.5],
  },
  'http-1.0': {
    about: 'a request of HTTP/1.0 without a Host header',
    steps: `GET / over HTTP/1.0, without Host ${HTTP}; ${ALIVE}`,
  },
  'lifespan-hang': {
    about: 'the startup never ends; app switched to: life=hang',
    options: { gunicorn: '--timeout 4' },
    steps: `wait 7s; ${ALIVE}`,
    quiet: [0, 0],
  },
  'lifespan-hang-term': {
    about: 'SIGTERM while the startup hangs; app switched to: life=hang',
    options: { gunicorn: '--graceful-timeout 3' },
    steps: `kill -TERM <parent>; wait 5s; ${ALIVE}`,
  },
  'lifespan-hang-stop': {
    about: 'SIGTERM, and the shutdown never ends; app switched to: life=hang-stop',
    options: { gunicorn: '--graceful-timeout 3' },
    steps: `kill -TERM <parent>; wait 5s; ${ALIVE}`,
  },
  'term-twice': {
    about: 'SIGTERM twice (1.5 s apart) while one request needs 4 more seconds',
    steps: `GET /slow/4 (background); kill -TERM <parent>; wait 1.5s; kill -TERM <parent>; client: GET /slow/4 ended after 4.0s: 200; wait 2s; ${ALIVE}`,
    quiet: [undefined, 0.3, 0, 0, 0, 0, 0],
  },
  'usr2-unix-socket': {
    of: ['gunicorn', 'gunicorn-asgi'],
    about: 'SIGUSR2 on a unix socket; then the old master gets SIGTERM',
    options: { gunicorn: '--bind unix:app.sock' },
    steps: `kill -USR2 <parent>; GET / over the unix socket ${HTTP}; kill -TERM <parent>; GET / over the unix socket ${HTTP}; new master alive; socket file still there`,
    quiet: [undefined, 2, undefined, 1.5],
  },
  'preload-thread': {
    of: ['gunicorn', 'gunicorn-asgi'],
    about:
      'the application starts a thread when it is imported, and is preloaded; app switched to: boot=thread',
    options: { gunicorn: '--preload' },
    steps: `GET / ${HTTP}; ${ALIVE}`,
  },
}

const COMMANDS = {
  uvicorn: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 2',
  gunicorn: 'gunicorn main:app --workers 2 --worker-class uvicorn.workers.UvicornWorker --bind 0.0.0.0:80',
  'gunicorn-asgi': 'gunicorn main:app --workers 2 --worker-class asgi --bind 0.0.0.0:80',
  fastapi: 'fastapi run --workers 2 main.py',
} as const

/** The scenarios that an edition can be recorded with for the first time. */
export function drafted({ program, version }: Edition): readonly string[] {
  const kind = kindOf({ program, version })
  return Object.keys(DRAFTS).filter((name) => DRAFTS[name]?.of?.includes(kind) ?? true)
}

/**
 * How to record a scenario for the first time.
 *
 * @throws CannotRecord when there is no draft of it
 */
export function planOf(edition: Edition, name: string): Plan {
  const draft = Object.hasOwn(DRAFTS, name) ? DRAFTS[name] : undefined
  if (draft === undefined || !drafted(edition).includes(name))
    throw new CannotRecord(
      `${name} was never recorded of ${folderOf(edition.program, edition.version)}, and plans.ts has no draft of it for ${kindOf(edition)}; ` +
        `drafts: ${drafted(edition).join(', ')}`,
    )
  const { options = {}, env, about, steps, quiet = [] } = draft
  const added = options[edition.program]
  const base = [env ?? [], draft.base ?? COMMANDS[kindOf(edition)]].flat().join(' ')
  // One address is enough.
  const command = added?.startsWith('--bind')
    ? base.replace(/--bind \S+/, added)
    : [base, added ?? []].flat().join(' ')
  const head = [
    `command: ${command}`,
    about,
    `steps: ${steps}`,
    'exit code of the master: none, still running when the recording was cut',
    'medium: pty, 80 columns, COLORTERM=truecolor; workers in spawn order: <w1> <w2>',
  ]
  const scenario = parseRecorded(
    edition.program,
    edition.version,
    name,
    head.map((line) => `# ${line}\n`).join(''),
  )
  // A start takes its time; how long is not known yet.
  const times = scenario.steps.map((_, i) => ({
    at: 2 * i,
    quiet: i === 0 ? (quiet[0] ?? 2.5) : (quiet[i] ?? 0.7),
    lines: 0,
  }))
  return { scenario, firstTime: true, timing: { steps: times, exit: null, lines: 0, end: 0 } }
}

function kindOf({ program, version }: Edition): keyof typeof COMMANDS {
  return program === 'gunicorn' && version.endsWith('-asgi') ? 'gunicorn-asgi' : program
}
