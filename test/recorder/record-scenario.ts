import { SIGNAL_NUMBERS } from '../../simulator/manager/signals.ts'
import { folderOf, type Edition } from '../conformance/recording/load.ts'
import {
  parseRecorded,
  type Ending,
  type Medium,
  type Recorded,
  type Step,
} from '../conformance/recording/scenario.ts'
import type { StepTiming, Timing } from '../conformance/recording/timing.ts'
import { replay } from '../conformance/replay/world.ts'
import type { Observed } from '../conformance/recording/observed.ts'
import { portOf } from './argv.ts'
import { OriginalDriver } from './driver.ts'
import type { Environment } from './environment.ts'
import { moved, Names, normalised, refuseMachine, withoutLibraryFrames } from './normalise.ts'
import { momentsOf, whenLinesCame, type Moment } from './moments.ts'
import { makePlace } from './place.ts'

/** A scenario to play: what was recorded before, or what is to be recorded for the first time. */
export interface Plan {
  readonly scenario: Recorded
  readonly timing: Timing
  /** A draft: it was never recorded. */
  readonly firstTime?: boolean
}

/** A recording that was just made. */
export interface Recording {
  readonly recorded: Recorded
  /** The file's text. */
  readonly text: string
  /** The bytes as they came, for the scenarios that are recorded so too. */
  readonly raw?: string
  readonly timing: Timing
  /** When each line and each step came; of a terminal. */
  readonly moments: readonly Moment[]
}

/** On a busy machine what comes may come so much later, in seconds. */
const LATE = 20

/** Scenarios whose bytes are kept as well. */
const RAW = ['start-4', 'kill9-worker', 'hup', 'ctrl-c']

/**
 * Plays a scenario with the real program and writes down what it does.
 *
 * @throws Error when a word of the machine would stand in the recording
 */
export async function record(plan: Plan, edition: Edition, environment: Environment): Promise<Recording> {
  const { scenario, firstTime = false } = plan
  const { program, version } = edition
  const place = await makePlace(program, environment)
  const driver = new OriginalDriver(place, { outlived: scenario.steps.some(killsMaster) })
  const steps: StepTiming[] = []
  let last = 0
  const onStep = (step: Step) => {
    const at = driver.now()
    const before = Math.max(driver.lastOutput(), last, driver.original.endedAt ?? 0)
    steps.push({ at: round(at), quiet: round(Math.max(0, at - before)), lines: driver.output().length })
    if (step.do !== 'alive') last = at
  }
  try {
    const observed = await replay(scenario, driver, { timing: plan.timing, late: LATE, firstTime, onStep })
    const { original } = driver
    const { end } = driver
    if (end === undefined) throw new Error('nobody looked at how it ended')
    const second = original.children('second master')
    const names = new Names(original.pid, driver.workers, second)
    const port = portOf(scenario.command)
    const lines = bodyOf(scenario.medium, end.text, (some) => normalised(some, place, port, names))
    const body = withoutLibraryFrames(lines, program)
    const said = stepsSaid(scenario, observed, driver, names, steps)
    const order = driver.workers.map((pid) => names.of(pid) ?? '')
    const head = [
      `command: ${commandOf(scenario)}`,
      scenario.about,
      `steps: ${said}`,
      `exit code of the master: ${endSaid(observed.master, end.exit)}`,
      `medium: ${mediumSaid(scenario.medium)}; workers in spawn order: ${order.map((name) => `<${name}>`).join(' ') || 'n/a'}`,
    ]
    const text = `${[...head.map((line) => `# ${line}`), ...body].join('\n')}\n`
    refuseMachine(text, place)
    const raw = [
      head[0],
      `${scenario.about}; raw bytes as the terminal received them (CR LF, real escapes, real PIDs)`,
      head[3],
      `medium: ${mediumSaid(scenario.medium)}`,
    ]
    const came = whenLinesCame(end.text.stdout, original.arrivals)
    return {
      moments: scenario.medium.kind === 'pty' ? momentsOf(lines, came, said, steps) : [],
      recorded: parseRecorded(program, version, scenario.name, text),
      text,
      ...(RAW.includes(scenario.name)
        ? {
            raw: `${raw.map((line) => `# ${line ?? ''}`).join('\n')}\n${moved(end.text.stdout, place, port)}`,
          }
        : {}),
      timing: {
        steps,
        exit: end.exit === undefined ? null : round(end.exit),
        lines: end.lines,
        end: round(Math.min(end.at, Math.max(end.lastOutput, steps.at(-1)?.at ?? 0, end.exit ?? 0))),
      },
    }
  } catch (error) {
    throw new Error(`${folderOf(program, version)} ${scenario.name}: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    await driver.stop()
    place.remove()
  }
}

/** Whether its workers outlive the master. */
export function killsMaster(step: Step): boolean {
  return step.do === 'kill' && step.target === 'parent' && step.signal === 'KILL'
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100
}

function bodyOf(
  medium: Medium,
  text: { stdout: string; stderr: string },
  of: (text: string) => string,
): string[] {
  const lines = (some: string) => {
    const all = of(some).split('\n')
    return all.at(-1) === '' ? all.slice(0, -1) : all
  }
  if (medium.kind === 'pty') return lines(text.stdout)
  return ['== stderr ==', ...lines(text.stderr), '== stdout ==', ...lines(text.stdout)]
}

function commandOf({ env, command }: Recorded): string {
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), command].join(' ')
}

/** How a header names the medium. */
export function mediumSaid(medium: Medium): string {
  if (medium.kind === 'pipes') return 'two pipes (stdout and stderr apart), no terminal'
  return `pty, ${medium.columns} columns, ${medium.colors === 'truecolor' ? 'COLORTERM=truecolor' : '256 colours'}`
}

function endSaid(ending: Ending, at: number | undefined): string {
  if (ending.kind === 'running' || at === undefined) return 'none, still running when the recording was cut'
  const after = `, ${at.toFixed(1)}s after start`
  if (ending.kind === 'code') return `${ending.code}${after}`
  return `killed by SIG${ending.signal} (a shell shows ${128 + SIGNAL_NUMBERS[ending.signal]})${after}`
}

function stepsSaid(
  { steps }: Recorded,
  observed: Observed,
  driver: OriginalDriver,
  names: Names,
  timing: readonly StepTiming[],
): string {
  if (steps.length === 0) return 'start only'
  const clients = [...observed.clients]
  const alive = [...observed.alive]
  const frozen = [...driver.frozen]
  const checks = [...(observed.checks ?? [])]
  const background: { path: string; result: string; seconds: number }[] = []
  const said = steps.map((step): string => {
    switch (step.do) {
      case 'kill': {
        const pid = step.target === 'parent' ? driver.original.pid : driver.workers[step.index]
        return `kill -${step.signal} <${names.of(pid ?? 0) ?? 'none'}>`
      }
      case 'press':
        return 'press Ctrl+C'
      case 'get': {
        const got = clients.shift()
        if (step.background) {
          if (got !== undefined) background.push(got)
          return `GET ${step.path} (background)`
        }
        const result = clientSaid(got?.result ?? '')
        if (step.over === 'plain text on the TLS port')
          return `plain-text GET ${step.path} on the TLS port -> ${result}`
        return `GET ${step.path}${OVER[step.over]} -> ${result}`
      }
      case 'client': {
        const at = background.findIndex(({ path }) => path === step.path)
        const [got] = background.splice(at, 1)
        return `client: GET ${step.path} ended after ${(got?.seconds ?? 0).toFixed(1)}s: ${got?.result ?? ''}`
      }
      case 'wait':
        return `wait ${step.seconds}s`
      case 'edit':
        return 'main.py edited: now raises at import'
      case 'slow down':
        return `main.py edited: now needs ${step.seconds}s to start`
      case 'alive': {
        const now = alive.shift()
        const still = frozen.shift() ?? []
        const living = (now?.workers ?? [])
          .toSorted((a, b) => a - b)
          .map((pid) => {
            return `<${names.of(pid) ?? 'unknown'}>${still.includes(pid) ? ' (suspended)' : ''}`
          })
        const suspended = now?.master === 'suspended' ? ' (stopped by the signal)' : ''
        return `alive: master ${now?.master ?? ''}${suspended}; workers alive: ${living.join(' ') || 'none'}`
      }
      case 'new master':
      case 'socket file':
      case 'websocket':
      case 'pipelined':
      case 'release':
      case 'told':
        return checks.shift() ?? ''
      case 'switch release':
        return 'the link leads to release 2'
      case 'pipeline':
        return `${step.paths.map((path) => `GET ${path}`).join(', ')} pipelined`
      case 'resize':
        return `resize the terminal to ${step.columns}x${step.rows}`
    }
  })
  if (timing.length !== steps.length)
    throw new Error(`expected ${steps.length} steps, ${timing.length} were done`)
  return said.join('; ')
}

/** How a header words the way of a request. */
const OVER = {
  tcp: '',
  'unix socket': ' over the unix socket',
  'kept connection': ' over the kept connection',
  'HTTP/1.0': ' over HTTP/1.0, without Host',
} as const

function clientSaid(result: string): string {
  switch (result) {
    case 'closed without a response':
      return 'connection closed without a response'
    case 'connection refused':
      return 'ConnectionRefusedError'
    case 'timed out':
      return 'TimeoutError'
    default:
      return result
  }
}
