import { afterAll, describe, expect, test } from 'vitest'
import { parseCommand } from '../../simulator/command/index.ts'
import { asRecorded } from './recording/bad-arguments.ts'
import { EDITIONS, everyRecording } from './every.ts'
import { judge } from './judge/judge.ts'
import { hasBadArguments, load, loadBadArguments, scenarios } from './recording/load.ts'
import { ACCIDENTS, NOT_JAVASCRIPT } from './exceptions/not-javascript.ts'
import { NOT_SIMULATED } from './exceptions/not-simulated.ts'
import type { Observed } from './recording/observed.ts'
import { RACES } from './exceptions/races.ts'
import type { Recorded } from './recording/scenario.ts'
import { someSeed } from './replay/seeds.ts'
import { Tally } from './judge/tally.ts'
import { runFor, virtualWorld } from './replay/virtual-world.ts'

const tally = new Tally()

describe('on the virtual host some seed gives what was recorded', () => {
  const recordings = everyRecording().filter(
    (recorded) => !NOT_SIMULATED.some(({ applies }) => applies(recorded)),
  )
  test.each(recordings.map((recorded) => [title(recorded), recorded] as const))('%s', async (_, recorded) => {
    const { same, report } = await someSeed(recorded, virtualWorld, { seeds: 4000, tally })
    expect(same, report).toBe(true)
  })

  test('but for accidents of the originals and what is not simulated, of which each was recorded', () => {
    const all = EDITIONS.flatMap(({ program, version }) =>
      scenarios(program, version).map((name) => load(program, version, name)),
    )
    for (const accident of [...ACCIDENTS, ...NOT_SIMULATED])
      expect(all.filter(accident.applies), accident.id).not.toEqual([])
  })
})

/** The one worker class that we have; hosts refuse others and name this one. */
const WORKER_CLASS = 'uvicorn.workers.UvicornWorker'

describe('wrong and unusual arguments', () => {
  const recordings = EDITIONS.filter(({ program, version }) => hasBadArguments(program, version))
  const cases = recordings.flatMap(({ program, version }) => {
    const recorded = loadBadArguments(program, version)
    return recorded.cases.map((one) => asRecorded(recorded, one))
  })
  test.each(cases.map((recorded) => [title(recorded), recorded] as const))('%s', async (_, recorded) => {
    const observed = await answer(recorded)
    if (observed === undefined) {
      const otherClass = recorded.program === 'gunicorn' && !recorded.command.includes(WORKER_CLASS)
      expect(otherClass).toBe(true)
      return
    }
    const { same, report } = judge(recorded, observed, { tally })
    expect(same, report).toBe(true)
  })
})

afterAll(() => {
  expect(tally.unnecessary(NOT_JAVASCRIPT)).toEqual([])
  expect(tally.unnecessary(RACES.filter((race) => race.unsearchable))).toEqual([])
})

function title(recorded: Recorded): string {
  const { program, version, name, command } = recorded
  return `${program} ${version} ${name === 'bad-arguments' ? command : name}`
}

/** What comes of a command line: its own text and exit code, or a run on the virtual host. */
async function answer(recorded: Recorded): Promise<Observed | undefined> {
  const { program, version, command, medium } = recorded
  const parsed = parseCommand(command.split(' '), {
    speaks: { program, version },
    env: recorded.env,
    columns: medium.kind === 'pty' ? medium.columns : 80,
    colors: medium.kind === 'pty',
    words: { notYet: 'not yet: {option}' },
    cwd: '/home/user/code/awesomeapp',
  })
  if (parsed.kind === 'run') {
    const { gunicorn } = parsed.settings
    const refused =
      program === 'gunicorn' && gunicorn?.workerClass !== WORKER_CLASS && gunicorn?.check === undefined
    return refused ? undefined : withoutTrailingBlanks(await runFor(recorded, 8))
  }
  const lines = parsed.text.trimEnd().split('\n')
  return {
    attributed: true,
    parent: 1,
    spawned: [],
    lines: lines.map((text) => ({ pid: 1, stream: parsed.stream, text })),
    master: { kind: 'code', code: parsed.code },
    alive: [],
    clients: [],
  }
}

/** The recordings of arguments were cut after the last line with text in it. */
function withoutTrailingBlanks(observed: Observed): Observed {
  if (!observed.attributed) return observed
  const last = observed.lines.findLastIndex(({ text }) => text.trim() !== '')
  return { ...observed, lines: observed.lines.slice(0, last + 1) }
}
