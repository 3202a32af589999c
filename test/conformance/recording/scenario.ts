import type { SignalName } from '../../../simulator/manager/signals.ts'
import type { ProgramName } from '../../../simulator/manager/settings.ts'
import { parseCommand, parseExit, parseMedium, parseSteps, parseSwitch } from './header.ts'

/** A worker as the recording calls it: `w2` is the second worker to appear in the recorded text. */
export type WorkerName = `w${number}` | 'parent2'

/** How a client's request ended. `timed out`: no answer within the client's patience. */
export type Result =
  `${number}` | `${number} (body cut off)` | 'closed without a response' | 'connection refused' | 'timed out'

/** What was done while recording, in order. `index` is a worker's place in spawn order, from 0. */
export type Step =
  | { readonly do: 'kill'; readonly signal: SignalName; readonly target: 'parent' }
  | { readonly do: 'kill'; readonly signal: SignalName; readonly target: WorkerName; readonly index: number }
  | { readonly do: 'press'; readonly key: 'Ctrl+C' }
  | {
      readonly do: 'get'
      readonly path: string
      /** `kept connection`: the first of them opens it; when it is closed by then, nothing is sent. */
      readonly over: 'tcp' | 'unix socket' | 'plain text on the TLS port' | 'kept connection' | 'HTTP/1.0'
      /** A request in the background ends at the `client` step of the same path. */
      readonly background: false
      readonly result: Result
    }
  | { readonly do: 'get'; readonly path: string; readonly over: 'tcp'; readonly background: true }
  /** The request in the background ended, so many seconds after it was sent. */
  | { readonly do: 'client'; readonly path: string; readonly seconds: number; readonly result: Result }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'edit'; readonly what: 'raises at import' }
  /** From now on a worker that starts needs so many seconds for its startup. */
  | { readonly do: 'slow down'; readonly seconds: number }
  | { readonly do: 'alive'; readonly master: MasterState; readonly workers: readonly LivingWorker[] }
  | { readonly do: 'new master'; readonly alive: true }
  /** Over the one WebSocket that a client has: `look` is how it stands. */
  | { readonly do: 'websocket'; readonly act: WebSocketAct; readonly result: string }
  /** Requests that a client sends together over one connection of its own, without waiting for answers. */
  | { readonly do: 'pipeline'; readonly paths: readonly string[] }
  /** Those were answered, or the connection was closed. */
  | { readonly do: 'pipelined'; readonly result: string }
  /** The link to the release leads to the second one from now on. */
  | { readonly do: 'switch release' }
  /** `GET /release`: which release answers. */
  | { readonly do: 'release'; readonly name: string }
  /** What the init system was told until then (sd_notify). */
  | { readonly do: 'told'; readonly what: string }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly do: 'socket file'; readonly state: 'removed' | 'still there' }

/** What a client does with its WebSocket. */
export type WebSocketAct = 'open' | 'send' | 'close' | 'look'

/** What became of the master at some moment. `suspended`: stopped by a signal, as Ctrl+Z does. */
export type MasterState = 'alive' | 'gone' | 'suspended'

/** A worker that lived at some moment. */
export interface LivingWorker {
  readonly name: WorkerName
  /** Its place in spawn order, from 0; -1 when the header does not list it. */
  readonly index: number
  readonly suspended: boolean
}

/** How the master ended. */
export type Ending =
  | { readonly kind: 'running' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: SignalName }

/** What the output went to. */
export type Medium =
  | { readonly kind: 'pty'; readonly columns: number; readonly colors: 'truecolor' | '256' }
  | { readonly kind: 'pipes' }

/** How the application of the recording was switched to misbehave. */
export interface AppSwitch {
  /** `raise`: importing it raises; `exit3`: its process ends with code 3 at import; `thread`: it starts a thread at import, which says so. */
  readonly boot?: 'raise' | 'thread' | `exit${number}`
  /**
   * `fail`: startup reported as failed; `slow2`: startup takes 2 s; `next7`: startup takes 7 s once it was slowed down; `hang`: it never
   * ends; `hang-stop`: the shutdown never ends; `unsupported`: knows no lifespan.
   */
  readonly life?: 'fail' | `slow${number}` | `next${number}` | 'hang' | 'hang-stop' | 'unsupported'
}

/** One recorded run of a real program. */
export interface Recorded {
  readonly program: ProgramName
  /** `26.1.0-asgi` is gunicorn 26.1.0 with its own worker class. */
  readonly version: string
  /** The scenario's name, e.g. `kill9-worker`. */
  readonly name: string
  /** As it was typed, without the variables in front. */
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly about: string
  readonly app: AppSwitch
  /** Another process listens on the port already. */
  readonly portTaken: boolean
  readonly steps: readonly Step[]
  readonly exit: Ending
  /** Seconds from start to exit. */
  readonly exitSeconds?: number
  readonly medium: Medium
  /** The workers in the order in which they were started; empty when there are none or it is not known. */
  readonly spawnOrder: readonly WorkerName[]
  /** Whether `spawnOrder` names every worker of the text. */
  readonly spawnOrderComplete: boolean
  /** The text, line by line: escapes as `\e`, PIDs as `<parent>` and `<w1>`. Apart by stream on pipes. */
  readonly lines:
    readonly string[] | { readonly stderr: readonly string[]; readonly stdout: readonly string[] }
}

/** Every line of a recording: stderr before stdout when they were recorded apart. */
export function allLines(recorded: Recorded): readonly string[] {
  return 'stderr' in recorded.lines ? [...recorded.lines.stderr, ...recorded.lines.stdout] : recorded.lines
}

/** The workers that a text names, in order of appearance. */
export function namesIn(lines: readonly string[]): WorkerName[] {
  const names = new Set<WorkerName>()
  for (const line of lines)
    for (const [, name] of line.matchAll(/<(w\d+|parent2)>/g)) names.add(name as WorkerName)
  return [...names]
}

/**
 * Reads a recorded transcript: five header lines, then the text.
 *
 * @throws Error when the header has a form that is not known; it names the file and the form.
 */
export function parseRecorded(program: ProgramName, version: string, name: string, text: string): Recorded {
  const where = `${program} ${version} ${name}`
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  const header = all.slice(0, 5).map((line) => {
    if (!line.startsWith('# '))
      throw new Error(`${where}: expected a header line starting with '# ', got '${line}'`)
    return line.slice(2)
  })
  const [command, about, steps, exit, medium] = header as [string, string, string, string, string]
  const body = all.slice(5)
  const parsedMedium = parseMedium(medium, where)
  const { spawnOrder, whole } = parsedMedium
  const place = (worker: WorkerName) => spawnOrder.indexOf(worker)
  return {
    program,
    version,
    name,
    ...parseCommand(command, where),
    about,
    app: parseSwitch(about, where),
    portTaken: about.startsWith('the port is taken by another process'),
    steps: parseSteps(steps, place, where),
    ...parseExit(exit, where),
    medium: parsedMedium.medium,
    spawnOrder,
    spawnOrderComplete: whole && namesIn(body).every((worker) => spawnOrder.includes(worker)),
    lines: parsedMedium.medium.kind === 'pipes' ? apart(body, where) : body,
  }
}

function apart(body: readonly string[], where: string): { stderr: string[]; stdout: string[] } {
  const stdout = body.indexOf('== stdout ==')
  if (body[0] !== '== stderr ==' || stdout < 0)
    throw new Error(`${where}: a recording on pipes needs the parts '== stderr ==' and '== stdout =='`)
  return { stderr: body.slice(1, stdout), stdout: body.slice(stdout + 1) }
}
