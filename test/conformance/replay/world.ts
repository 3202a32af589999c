import { at, type Place } from './adapt.ts'
import { onNode } from '../exceptions/better-on-node.ts'
import { NOT_JAVASCRIPT } from '../exceptions/not-javascript.ts'
import { plain, recordedLines, type Line } from '../judge/text.ts'
import type { Observed, ObservedAlive, ObservedClient, ObservedProcesses } from '../recording/observed.ts'
import { isLoop, loosened, RACES } from '../exceptions/races.ts'
import { checkSaid } from '../recording/header.ts'
import { servedBy } from './served-by.ts'
import type { AppSwitch, Ending, Medium, Recorded, Step, WebSocketAct } from '../recording/scenario.ts'
import { timingOf, type Timing } from '../recording/timing.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'

/** Something that can run a scenario: the virtual host, real processes, a page. */
export interface World {
  run(recorded: Recorded, options: { readonly seed?: number }): Promise<Observed>
}

/** What to start. */
export interface Launch {
  readonly program: Recorded['program']
  readonly version: string
  /** As typed, e.g. `uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4`. */
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly medium: Medium
  /** How the application misbehaves. */
  readonly app: AppSwitch
  /** Another process must listen on the port before. */
  readonly portTaken: boolean
  /** The terminal does not answer questions for its colours. */
  readonly silent?: boolean
  /** The folder is a link to the first of two releases. */
  readonly releases?: boolean
  /** Another process goes on when the first one has ended (gunicorn: SIGUSR2). */
  readonly outlived?: boolean
}

/** A request on its way. `ended` is there as soon as it has ended. */
export interface Request {
  readonly ended: ObservedClient | undefined
}

/** Something that a client has begun. `result` is there as soon as it has ended. */
export interface Begun {
  readonly result: string | undefined
}

/**
 * What `replay` needs of a host: hands and eyes. Times are in seconds on the driver's own clock, which stands at 0 when the command is
 * started; a virtual clock only goes on in `sleep`.
 */
export interface Driver {
  start(launch: Launch): Promise<void>
  /** The clock. */
  now(): number
  /** Lets time pass. */
  sleep(seconds: number): Promise<void>
  /** The lines printed so far, of all processes, in any order. */
  output(): readonly string[]
  /** When the last of them was printed; 0 before the first. */
  lastOutput(): number
  /** How the parent ended, as soon as it has. */
  ended(): Ending | undefined
  /** Sends a signal to the parent, or to the worker that was started as the n-th (from 0). One that has ended is let be. */
  kill(target: 'parent' | number, signal: SignalName): Promise<void>
  /** The key in the terminal: the echo, and SIGINT to the processes in its foreground. Nothing when all has ended. */
  pressCtrlC(): Promise<void>
  /**
   * Sends `GET path` on a new connection and returns at once.
   *
   * @param by the worker that served it in the recording (place in spawn order), for a host that can choose
   * @param patience after so many seconds the client hangs up
   */
  request(path: string, by: number | undefined, over?: Over, patience?: number): Request
  /** Breaks the application's file: from now on importing it raises `RuntimeError: broken release`. */
  breakCode(): Promise<void>
  /** From now on the startup of the application takes so many seconds. A host without this method cannot replay such steps. */
  slowDown?(seconds: number): Promise<void>
  /** Who lives now. */
  alive(): Promise<ObservedAlive>
  /** All that the processes showed, at the end. */
  observe(): Promise<ObservedProcesses>
  /** The window has a new size. A host without this method cannot replay such steps. */
  resize?(columns: number, rows: number): Promise<void>
  /** Whether the file of the unix socket that the server was told to listen on is there. */
  socketFile?(): Promise<boolean>
  /** Whether a second master lives (gunicorn: SIGUSR2). */
  newMaster?(): Promise<boolean>
  /** Opens the client's WebSocket, sends a message over it, closes it, or looks how it stands. */
  webSocket?(act: WebSocketAct): Begun
  /** Sends `GET` of all these paths together over one connection; the result says how each was answered. */
  pipeline?(paths: readonly string[]): Begun
  /** The link to the release leads to the second one from now on. */
  switchRelease?(): Promise<void>
  /** The name of the release that answers a request. */
  release?(): Promise<string>
  /** What the init system has been told, in order. */
  told?(): Promise<string>
  /** Waits until every worker that the command asks for can be reached, where that is known without a line. */
  ready?(): Promise<void>
  /** Ends what still runs, without a trace in what was observed. */
  stop(): Promise<void>
}

/** How a request reaches the server. On a server with TLS, `tcp` means TLS. */
export type Over = (Step & { readonly do: 'get' })['over']

/** How to replay. */
export interface ReplayOptions {
  /**
   * Real time: once the lines of the recording are there, a short quiet is enough, instead of as long as recorded; and a busy machine
   * gets more time for them.
   */
  readonly hurry?: boolean
  /** After so many seconds a client gives up (60, as the recorder did). */
  readonly patience?: number
  /** When things are to be done, when not as `timing.json` says. */
  readonly timing?: Timing
  /** How many seconds longer than recorded what is awaited may take; beside half its time. */
  readonly late?: number
  /** Nobody knows yet how long a start takes, or what it prints. */
  readonly firstTime?: boolean
  /** Is told of every step: when it is about to be done; of a `client` step, when the request has ended. */
  readonly onStep?: (step: Step) => void
}

/** The recorder let so much time pass without output before it began. */
const QUIET = 0.7
/** In a hurry this is enough. */
const SHORT_QUIET = 0.4
/** How much later than recorded a line may come on a busy machine. */
const LATE = 60
/** How much later than recorded a process may end on a busy machine, in seconds. */
const LATE_END = 10
/**
 * An end that was noted so shortly before a step, or at the same time, is the step's own doing (`kill -9` of the master): in no recording
 * does anything else end in the quarter of a second before a step.
 */
const OWN_END = 0.1
/** How finely time is watched. */
const TICK = 0.02

/** What to start for a recording. */
export function launchOf({
  program,
  version,
  command,
  env,
  medium,
  app,
  portTaken,
  about,
  steps,
}: Recorded): Launch {
  const silent = about.includes('does not answer colour queries')
  const outlived = steps.some((step) => step.do === 'new master')
  const releases = steps.some((step) => step.do === 'switch release')
  return {
    ...{ program, version, command, env, medium, app, portTaken },
    ...(silent ? { silent } : {}),
    ...(outlived ? { outlived } : {}),
    ...(releases ? { releases } : {}),
  }
}

/** The recording as it is expected of real processes at a place: better than the original, with its own port, folder and file. */
export function expectedOnNode(recorded: Recorded, place: Place): Recorded {
  return at(place, onNode(recorded))
}

/**
 * Does with a driver what was done while recording, in the same order and with the same pauses: it waits until the lines are there that
 * were there in the recording, and until it has been quiet for as long. What does not come is not waited for without end.
 *
 * @throws Error for a step that the driver has no method for
 */
export async function replay(
  recorded: Recorded,
  driver: Driver,
  options: ReplayOptions = {},
): Promise<Observed> {
  const timing = options.timing ?? timingOf(recorded)
  const real = options.hurry === true || options.late !== undefined
  const loose = loosened(real ? RACES.filter((race) => race.applies(recorded)) : [])
  const uncertain = [...loose.optional, ...loose.repeated]
  const needed = neededLines(recorded, uncertain)
  const loop = isLoop(recorded)
  const { outlived = false } = launchOf(recorded)
  const patience = /\((\d+) s patience\)/.exec(recorded.about)?.[1] ?? options.patience ?? 60
  const alive: ObservedAlive[] = []
  const checks: string[] = []
  const sent: { path: string; since: number; request: Request }[] = []
  const by = servedBy(recorded)
  let pipeline: Begun = { result: undefined }
  let ended: number | undefined
  let since = 0
  let sinceRecorded = 0

  /** Lets time pass until it is time for what happened at a moment of the recording. */
  const until = async (when: { at: number; quiet: number; lines: number }) => {
    const gap = when.at - sinceRecorded
    const gone = timing.exit !== null && timing.exit < when.at - OWN_END
    // Where it is chance who says something, or who has the request, lines may never come.
    const underWay = sent.some(({ request }) => request.ended === undefined)
    const late = options.hurry && !underWay && (gone || !loose.lives) ? LATE : 3
    const limit = loop ? gap * 3 : gap * 1.5 + (options.late ?? late)
    const quiet = options.hurry ? Math.min(when.quiet, SHORT_QUIET) : when.quiet
    const count = counter(recorded, driver, uncertain)
    const mayGoOn = () => driver.ended() === undefined || outlived
    const due = () => {
      const now = driver.now()
      if (now - since >= limit) return true
      if (gone && driver.ended() === undefined) return false
      if (count() < needed(when.lines) && mayGoOn()) return false
      if (driver.ended() !== undefined) ended ??= now
      // While recording, an end is looked at as long after it as a line is.
      const last = Math.max(since, driver.lastOutput(), options.late === undefined ? 0 : (ended ?? 0))
      return loop ? now - since >= gap : now - last >= quiet
    }
    while (!due()) await driver.sleep(TICK)
    since = driver.now()
    sinceRecorded = when.at
  }

  const waitWhile = async (goesOn: () => boolean, seconds: number) => {
    const limit = driver.now() + seconds
    while (goesOn() && driver.now() < limit) await driver.sleep(TICK)
  }

  const waitFor = (request: Request, seconds: number) => waitWhile(() => request.ended === undefined, seconds)

  const see = (step: Step) => void checks.push(checkSaid(step) ?? '')

  const note = async (step: Step & { do: 'websocket' | 'pipelined' }, begun: Begun) => {
    await waitWhile(() => begun.result === undefined, Number(patience))
    see({ ...step, result: begun.result ?? 'nothing' })
  }

  /** Who lives: on a busy machine a process that was told to end may need longer than in the recording. */
  const settled = async (step: Step & { readonly do: 'alive' }) => {
    const limit = driver.now() + (options.hurry && !loop ? LATE_END : 0)
    for (;;) {
      const who = await driver.alive()
      const agrees = who.master === step.master && who.workers.length === step.workers.length
      if (agrees || driver.now() >= limit) return who
      await driver.sleep(TICK)
    }
  }

  const perform = async (step: Step) => {
    switch (step.do) {
      case 'kill':
        return driver.kill(step.target === 'parent' ? 'parent' : step.index, step.signal)
      case 'press':
        return driver.pressCtrlC()
      case 'get': {
        const request = driver.request(
          step.path,
          by,
          step.over,
          step.background ? undefined : Number(patience),
        )
        sent.push({ path: step.path, since: driver.now(), request })
        return step.background ? undefined : waitFor(request, Number(patience))
      }
      case 'client': {
        const request = sent.findLast(({ path }) => path === step.path)?.request
        return (
          request && waitFor(request, Math.min(step.seconds + (options.hurry ? 30 : 10), Number(patience)))
        )
      }
      case 'wait':
        return driver.sleep(step.seconds)
      case 'edit':
        return driver.breakCode()
      case 'slow down':
        return possible(driver.slowDown?.(step.seconds), step)
      case 'alive':
        alive.push(await settled(step))
        return
      case 'resize':
        return possible(driver.resize?.(step.columns, step.rows), step)
      case 'websocket':
        return note(step, possible(driver.webSocket?.(step.act), step))
      case 'pipeline':
        pipeline = possible(driver.pipeline?.(step.paths), step)
        return
      case 'pipelined':
        return note(step, pipeline)
      case 'switch release':
        return possible(driver.switchRelease?.(), step)
      case 'release':
        return see({ ...step, name: await possible(driver.release?.(), step) })
      case 'told':
        return see({ ...step, what: await possible(driver.told?.(), step) })
      case 'new master':
        checks.push(`new master ${(await possible(driver.newMaster?.(), step)) ? 'alive' : 'gone'}`)
        return
      case 'socket file':
        checks.push(
          `socket file ${(await possible(driver.socketFile?.(), step)) ? 'still there' : 'removed'}`,
        )
    }
  }

  try {
    await driver.start(launchOf(recorded))
    for (const [i, step] of recorded.steps.entries()) {
      const when = timing.steps[i]
      if (when === undefined) throw new Error(`${recorded.name}: timing.json has no time of step ${i + 1}`)
      const awaited = options.firstTime === true || (step.do === 'get' && options.hurry === true)
      if (i === 0 && awaited) {
        await driver.ready?.()
        since = driver.now()
      }
      const isEnd = step.do === 'client' || step.do === 'pipelined'
      if (!isEnd) {
        await until(when)
        options.onStep?.(step)
      }
      await perform(step)
      if (isEnd) options.onStep?.(step)
    }
    const last = { at: Math.max(timing.end, sinceRecorded), quiet: QUIET, lines: timing.lines }
    // A step that ends the recording is its end, unless lines came after it.
    const done = recorded.steps.at(-1)?.do === 'alive' && timing.steps.at(-1)?.lines === timing.lines
    if (!done) await until({ ...last, at: last.at + QUIET })
    const processes = await driver.observe()
    const clients = sent.map(
      ({ path, since: start, request }): ObservedClient =>
        request.ended ?? { path, result: 'timed out', seconds: driver.now() - start },
    )
    return { ...processes, alive, clients, checks }
  } finally {
    await driver.stop()
  }
}

/** What a host did, if it has the method for it. */
function possible<T>(done: T | undefined, step: Step): T {
  if (done === undefined) throw new Error(`this host cannot do the step '${step.do}' yet`)
  return done
}

/** How many of the first lines of a recording can be there in JavaScript. */
function neededLines(recorded: Recorded, optional: readonly RegExp[]): (lines: number) => number {
  if ('stderr' in recorded.lines) return (lines) => lines
  // An echo, or a question, stands in a recorded line, and is none of its own.
  const known = new Map<number, number>()
  return (lines) => {
    let needed = known.get(lines)
    if (needed === undefined) {
      const first = recordedLines({
        ...recorded,
        lines: (recorded.lines as readonly string[]).slice(0, lines),
      })
      needed = kept(first, recorded, 'fromRecorded', optional).filter(
        (line) => !line.echo && !line.question,
      ).length
      known.set(lines, needed)
    }
    return needed
  }
}

/** Counts the lines that a driver has printed, without what stands in place of Python's. */
function counter(recorded: Recorded, driver: Driver, optional: readonly RegExp[]): () => number {
  let length = -1
  let count = 0
  return () => {
    const lines = driver.output()
    if (lines.length !== length) {
      length = lines.length
      count = kept(
        lines.map((text) => ({ text: text.replaceAll('\u001b', '\\e').replace(/^(\^C)+/, '') })),
        recorded,
        'fromOurs',
        optional,
      ).length
    }
    return count
  }
}

function kept(
  lines: readonly Line[],
  recorded: Recorded,
  side: 'fromRecorded' | 'fromOurs',
  optional: readonly RegExp[],
): readonly Line[] {
  const possible = NOT_JAVASCRIPT.filter((entry) => entry.applies(recorded)).reduce(
    (some, entry) => entry[side](some, recorded),
    lines,
  )
  return possible.filter(({ text }) => !optional.some((pattern) => pattern.test(plain(text))))
}
