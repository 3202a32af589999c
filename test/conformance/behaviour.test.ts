import { describe, expect, test } from 'vitest'
import { behaviours, EDITIONS, EVENTS, type Behaviour } from '../../simulator/behaviour/index.ts'
import { plain } from './judge/text.ts'
import { isRecorded, load, scenarios } from './recording/load.ts'
import { allLines, type Recorded } from './recording/scenario.ts'

const table = await behaviours()

/** The recording of an event, if there is one. */
function recordingOf({ edition, event }: Behaviour): Recorded | undefined {
  const { speaks } = EDITIONS.find(({ name }) => name === edition) ?? {}
  const scenario = EVENTS.find(({ id }) => id === event)?.recorded
  if (speaks === undefined || scenario === undefined) return undefined
  const version = edition.endsWith(' asgi') ? `${speaks.version}-asgi` : speaks.version
  return isRecorded(speaks.program, version, scenario) ? load(speaks.program, version, scenario) : undefined
}

/** A line without what differs from run to run, and without the address. */
function template(line: string): string {
  return plain(line)
    .replaceAll(/\d+\.\d+\.\d+\.\d+:(\d+|<port>)/g, '<>')
    .replaceAll(/\('\d+\.\d+\.\d+\.\d+', \d+\)/g, '<>')
    .replaceAll(/<[\w-]+>/g, '<>')
    .replaceAll(/SpawnProcess-\d+/g, 'SpawnProcess-<>')
    .replace(/^(\^C)+/, '')
    .trimEnd()
}

const judged = table.flatMap((row) => {
  const recorded = recordingOf(row)
  return recorded === undefined ? [] : [[`${row.edition}: ${row.event}`, row, recorded] as const]
})

describe('what each program does at each event is what it was recorded to do', () => {
  test.each(judged)('%s: its lines', (_, row, recorded) => {
    const known = linesOf(recorded)
    // Frames of a traceback are JavaScript's here.
    const unknown = row.said
      .flatMap(({ lines }) => lines)
      .filter((line) => !line.includes('main.js'))
      // Where chance decides the exit code, the recording may have another one.
      .filter((line) => row.otherCodes.length === 0 || !line.startsWith('gunicorn.errors.HaltServer'))
      .filter((line) => !known.has(template(line)))
    expect(unknown).toEqual([])
  })

  test.each(judged)('%s: its end', (_, { event, ended, otherCodes, effect, workers }, recorded) => {
    // The recording of USR2 continues: the first manager is then told to exit.
    if (event === 'usr2') return
    const { exit } = recorded
    if (exit.kind === 'signal') return expect(ended).toEqual({ signal: exit.signal })
    if (exit.kind === 'code') {
      const codes = ended !== undefined && 'code' in ended ? [ended.code, ...otherCodes] : otherCodes
      return expect(codes).toContain(exit.code)
    }
    expect(ended).toBeUndefined()
    const last = recorded.steps.findLast((step) => step.do === 'alive')
    // In some runs the workers were counted while one was being replaced.
    if (last !== undefined && event !== 'max-requests' && effect !== 'loops')
      expect(workers[1]).toBe(last.workers.length)
  })
})

const linesByEdition = new Map<string, ReadonlySet<string>>()

/** All lines that were recorded of a program: which of them an event produces is partly chance. */
function linesOf({ program, version }: Recorded): ReadonlySet<string> {
  const name = `${program} ${version}`
  const found =
    linesByEdition.get(name) ??
    new Set(
      scenarios(program, version).flatMap((each) => allLines(load(program, version, each)).map(template)),
    )
  linesByEdition.set(name, found)
  return found
}
