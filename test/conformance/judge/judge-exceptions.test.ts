/** What the judge accepts, and nothing more: races of the originals, and what cannot be true of JavaScript. */
import { describe, expect, test } from 'vitest'
import { asRecorded } from '../recording/bad-arguments.ts'
import { FIRST_EDITIONS, firstCut } from '../recording/first-cut.ts'
import { asBytes, imitate } from '../replay/imitate.ts'
import { judge } from './judge.ts'
import { plain } from './text.ts'
import { load, loadBadArguments } from '../recording/load.ts'
import { NOT_JAVASCRIPT } from '../exceptions/not-javascript.ts'
import { OTHER_OUTCOMES } from '../exceptions/other-outcomes.ts'
import type { Observed, ObservedLine } from '../recording/observed.ts'
import { RACES } from '../exceptions/races.ts'
import type { Recorded } from '../recording/scenario.ts'
import { Tally } from './tally.ts'

type Attributed = Observed & { attributed: true }

const same = { same: true, report: '' }
const wrongArguments = FIRST_EDITIONS.flatMap(({ program, version }) => {
  const recorded = loadBadArguments(program, version)
  return recorded.cases.map((one) => asRecorded(recorded, one))
})
const bytes = (recorded: Recorded, run: Attributed) => asBytes(run, recorded.medium.kind === 'pipes')

describe('races', () => {
  const move = (lines: readonly ObservedLine[], from: number, to: number) => {
    const line = lines[from]
    return line === undefined ? lines : lines.toSpliced(from, 1).toSpliced(to, 0, line)
  }
  const where = (run: Attributed, text: string, nth = 0) => {
    const found = run.lines.flatMap((line, i) => (line.text.includes(text) ? [i] : []))[nth]
    if (found === undefined) throw new Error(`expected a line with '${text}'`)
    return found
  }
  const read = (text: string) => plain(text.replaceAll('\u001b', '\\e'))
  const without = (run: Attributed, drop: (line: ObservedLine) => boolean): Attributed => ({
    ...run,
    lines: run.lines.filter((line) => !drop(line)),
  })

  /** Other possible outcomes of the original; each needs the race of its name. */
  const outcomes: readonly (readonly [string, Recorded, (run: Attributed) => Attributed])[] = [
    [
      'which worker serves',
      load('uvicorn', '0.51.0', 'worker-exit-3'),
      // Another worker gets the request: the first that was started, not the third.
      (run) => {
        const [first = 0, second = 0] = run.spawned
        return { ...run, spawned: run.spawned.with(0, second).with(1, first) }
      },
    ],
    [
      'which worker serves',
      load('uvicorn', '0.51.0', 'inflight-term'),
      (run) => ({
        ...run,
        lines: move(run.lines, where(run, 'Terminated child', 0), where(run, 'Terminated child', 2)),
      }),
    ],
    [
      'order of reaping',
      load('gunicorn', '20.1.0', 'ctrl-c'),
      (run) => ({ ...run, lines: move(run.lines, where(run, 'signal 3', 0), where(run, 'signal 3', 3)) }),
    ],
    [
      'a second SIGTERM',
      load('gunicorn', '20.1.0', 'hup'),
      (run) => ({ ...run, lines: run.lines.toSpliced(where(run, 'signal 15'), 1) }),
    ],
    [
      'a second SIGTERM',
      load('gunicorn', '20.1.0', 'term-master'),
      (run) => ({
        ...run,
        lines: run.lines.toSpliced(where(run, 'Shutting down: Master'), 0, {
          pid: run.parent,
          stream: 'stderr',
          text: `[2026-11-20 20:48:36 +0000] [${run.parent}] [WARNING] Worker with pid ${run.spawned[0]} was terminated due to signal 15`,
        }),
      }),
    ],
    [
      'gone before it was terminated',
      load('fastapi', '0.0.7', 'ctrl-c'),
      (run) => without(run, ({ text }) => text.includes('Terminated child process')),
    ],
    [
      'first seen to fail',
      load('uvicorn', '0.51.0', 'bad-attribute'),
      // The first to be looked at is the first that was started; another is still importing, and is terminated.
      (run) => {
        const [first = 0, second = 0, , last = 0] = run.spawned
        const told = run.lines.map((line, i) =>
          i === where(run, 'Waiting for child process') || line.text.includes('failed to start')
            ? { ...line, text: line.text.replace(String(last), String(first)) }
            : line,
        )
        const terminated = {
          ...run.lines[0],
          pid: run.parent,
          stream: 'stderr' as const,
          text: `\u001b[32mINFO\u001b[0m:     Terminated child process [${second}]`,
        }
        const lines = told.toSpliced(where(run, 'failed to start') + 1, 0, terminated)
        return without({ ...run, lines }, ({ pid }) => pid === second)
      },
    ],
    [
      'booted before the first failure',
      load('gunicorn', '20.1.0', 'import-raises'),
      (run) => {
        const [, , third = 0, fourth = 0] = run.spawned
        const later = (line: ObservedLine) =>
          line.pid === third ||
          line.pid === fourth ||
          line.text.includes(`pid ${third} `) ||
          line.text.includes(`pid ${fourth} `)
        return { ...without(run, later), spawned: run.spawned.slice(0, 2) }
      },
    ],
    [
      'killed while it shuts down',
      load('gunicorn', '20.1.0', 'ctrl-c'),
      (run) => {
        const [pid = 0] = run.spawned
        const at = run.lines.findLastIndex((line) => line.pid === pid) + 1
        const text = `[2024-05-01 12:00:00 +0000] [${pid}] [INFO] Shutting down`
        return { ...run, lines: run.lines.toSpliced(at, 0, { pid, stream: 'stderr', text }) }
      },
    ],
    [
      'ended by the stop, or before',
      load('gunicorn', '26.1.0', 'lifespan-fail'),
      (run) => without(run, ({ text }) => text.endsWith('was sent SIGTERM!')),
    ],
    [
      'reaped before the end',
      load('gunicorn', '26.1.0', 'lifespan-fail'),
      (run) => without(run, ({ text }) => / exited with code 3\.$|Control socket/.test(text)),
    ],
    [
      'who has had its last request',
      load('gunicorn', '20.1.0', 'max-requests'),
      (run) => without(run, ({ text }) => text.includes('"GET / HTTP/1.1" 200')),
    ],
    [
      'rounds of a boot loop',
      load('uvicorn', '0.51.0', 'boot-loop-exit-1'),
      (run) => ({ ...run, lines: run.lines.slice(0, -12), spawned: run.spawned.slice(0, -6) }),
    ],
    ...OTHER_OUTCOMES,
  ]

  test.each(outcomes)('%s', (id, recorded, other) => {
    const run = other(imitate(recorded))
    for (const observed of [run, bytes(recorded, run)]) {
      expect(judge(recorded, observed, { races: true })).toEqual(same)
      const tally = new Tally()
      judge(recorded, observed, { races: true, tally })
      // Of bytes the rounds of a loop are compared by the lives of its workers anyway.
      if (observed.attributed || !id.includes('loop')) expect(tally.unnecessary(RACES)).not.toContain(id)
    }
    expect(judge(recorded, run).same).toBe(false)
  })

  test('loosen no more than they say', () => {
    for (const recorded of firstCut([
      'ctrl-c',
      'int-master',
      'hup',
      'inflight-term',
      'worker-exit-3',
      'term-master',
    ])) {
      const run = imitate(recorded)
      for (const [i, line] of run.lines.entries()) {
        const mayMiss = RACES.some(
          ({ applies, loosens }) => applies(recorded) && loosens.optional?.test(read(line.text)),
        )
        if (mayMiss) continue
        const text = line.text.replace(/[a-z]/, 'X')
        for (const lines of [
          run.lines.toSpliced(i, 1),
          run.lines.toSpliced(i, 0, line),
          ...(text === line.text ? [] : [run.lines.with(i, { ...line, text })]),
        ]) {
          const spoilt = { ...run, lines }
          expect(judge(recorded, spoilt, { races: true }).same, line.text).toBe(false)
          expect(judge(recorded, bytes(recorded, spoilt), { races: true }).same, line.text).toBe(false)
        }
      }
    }
  })

  test('every entry of the table is needed', () => {
    const tally = new Tally()
    for (const [, recorded, other] of outcomes)
      judge(recorded, other(imitate(recorded)), { races: true, tally })
    expect(tally.unnecessary(RACES.filter((race) => !race.unsearchable))).toEqual([])
  })
})

describe('what cannot be true of JavaScript', () => {
  test('every entry of the table is needed', () => {
    const tally = new Tally()
    for (const recorded of [...firstCut(), ...wrongArguments]) judge(recorded, imitate(recorded), { tally })
    expect(tally.unnecessary(NOT_JAVASCRIPT)).toEqual([])
  })

  test('an entry that nothing needs is named', () => {
    const tally = new Tally()
    judge(load('uvicorn', '0.51.0', 'start-4'), imitate(load('uvicorn', '0.51.0', 'start-4')), { tally })
    expect(tally.unnecessary(NOT_JAVASCRIPT)).toEqual(NOT_JAVASCRIPT.map(({ id }) => id))
  })

  test('of a wrong argument that ends in a traceback, the last line', () => {
    const recorded = wrongArguments.find(({ command }) => command === 'fastapi run --port 99999 main.py')
    if (recorded === undefined) throw new Error('expected the recording of a port that is too large')
    const { lines } = imitate(recorded)
    const text = lines.slice(-2).map((line) => plain(line.text.replaceAll('\u001b', '\\e')))
    expect(text).toEqual([
      '      INFO   Application startup complete.',
      'OverflowError: bind(): port must be 0-65535.',
    ])
  })

  test("gunicorn's lost child: its line is expected where the logging error stands", () => {
    const recorded = load('gunicorn', '20.1.0', 'inflight-ctrl-c-twice')
    const { lines } = imitate(recorded)
    expect(lines.filter(({ text }) => text.includes('due to signal 3'))).toHaveLength(4)
    expect(lines.filter(({ pid }) => pid === 0)).toHaveLength(1)
  })
})
