import { describe, expect, test } from 'vitest'
import { asRecorded } from '../recording/bad-arguments.ts'
import { FIRST_EDITIONS, firstCut } from '../recording/first-cut.ts'
import { asBytes, imitate } from '../replay/imitate.ts'
import { judge } from './judge.ts'
import { attribute } from './attribute.ts'
import { workersOf } from './lives.ts'
import { readRecorded } from './side.ts'
import { recordedLines } from './text.ts'
import { load, loadBadArguments, scenarios } from '../recording/load.ts'
import { NOT_JAVASCRIPT } from '../exceptions/not-javascript.ts'
import type { Observed, ObservedLine } from '../recording/observed.ts'
import type { Recorded } from '../recording/scenario.ts'

type Attributed = Observed & { attributed: true }

const same = { same: true, report: '' }
const title = (recorded: Recorded) => [`${recorded.program} ${recorded.name}`, recorded] as const
const all = FIRST_EDITIONS.flatMap(({ program, version }) =>
  scenarios(program, version).map((name) => load(program, version, name)),
)
const wrongArguments = FIRST_EDITIONS.flatMap(({ program, version }) => {
  const recorded = loadBadArguments(program, version)
  return recorded.cases.map((one) => asRecorded(recorded, one))
})
const bytes = (recorded: Recorded, run: Attributed) => asBytes(run, recorded.medium.kind === 'pipes')

describe('a recording is the same as itself', () => {
  test.each(all.map(title))('%s', (_, recorded) => {
    const run = imitate(recorded)
    expect(judge(recorded, run)).toEqual(same)
    expect(judge(recorded, bytes(recorded, run))).toEqual(same)
  })

  test.each(firstCut().map(title))('%s, with races', (_, recorded) => {
    const run = imitate(recorded)
    expect(judge(recorded, run, { races: true })).toEqual(same)
    expect(judge(recorded, bytes(recorded, run), { races: true })).toEqual(same)
  })

  test.each(wrongArguments.map((recorded) => [recorded.command, recorded] as const))('%s', (_, recorded) => {
    const run = imitate(recorded)
    expect(judge(recorded, run)).toEqual(same)
    expect(judge(recorded, bytes(recorded, run))).toEqual(same)
    for (const i of run.lines.keys())
      expect(judge(recorded, { ...run, lines: run.lines.toSpliced(i, 1) }).same, `without line ${i}`).toBe(
        false,
      )
  })

  test('who said what can be told of every recording of the first cut', () => {
    for (const recorded of firstCut()) {
      const lines = readRecorded(
        NOT_JAVASCRIPT.filter((entry) => entry.applies(recorded)).reduce(
          (kept, entry) => [...entry.fromRecorded(kept, recorded)],
          recordedLines(recorded),
        ),
        recorded,
      )
      expect(attribute(lines, workersOf(lines, recorded)).derivable, recorded.name).toBe(true)
    }
  })
})

describe('what is different is found', () => {
  /** Spoils each line in turn: missing, doubled, in another colour, with another PID, after its process's next line. */
  function* spoilt(run: Attributed, apart: boolean): Generator<readonly [string, Attributed]> {
    const { lines } = run
    const others = (line: ObservedLine, i: number) =>
      lines.findIndex((next, k) => k > i && next.pid === line.pid && (!apart || next.stream === line.stream))
    for (const [i, line] of lines.entries()) {
      yield [`without line ${i}`, { ...run, lines: lines.toSpliced(i, 1) }]
      yield [`line ${i} twice`, { ...run, lines: lines.toSpliced(i, 0, line) }]
      const other = (text: string) => ({ ...run, lines: lines.with(i, { ...line, text }) })
      if (line.text.includes('\u001b['))
        yield [`line ${i} in another colour`, other(line.text.replace(/\u001b\[(\d+)/, '\u001b[1$1'))]
      for (const pid of run.spawned)
        if (line.text.includes(String(pid)))
          yield [
            `line ${i} with another PID`,
            other(
              line.text.replace(String(pid), String(run.spawned.find((one) => one !== pid) ?? run.parent)),
            ),
          ]
      const next = others(line, i)
      const after = lines[next]
      if (after !== undefined && after.text !== line.text)
        yield [`line ${i} after its next`, { ...run, lines: lines.with(i, after).with(next, line) }]
    }
  }

  /** Lines that may be there twice: within a traceback all is left out, and a late key may be echoed. */
  const mayRepeat = (recorded: Recorded, line: string) =>
    recorded.program === 'fastapi'
      ? line.startsWith('╭─') || /^ {13}RuntimeError/.test(line)
      : recorded.program === 'gunicorn' && recorded.name === 'inflight-ctrl-c-twice' && line === '^C'

  test.each(firstCut().map(title))('%s', (_, recorded) => {
    const run = imitate(recorded)
    for (const [what, other] of spoilt(run, recorded.medium.kind === 'pipes')) {
      const at = Number(/\d+/.exec(what)?.[0])
      const line = (run.lines[at]?.text ?? '').replace(/\u001b\[[\d;]*m/g, '')
      if (what.endsWith('twice') && mayRepeat(recorded, line)) continue
      expect(judge(recorded, other).same, `${what}: ${line}`).toBe(false)
    }
  })

  test.each(firstCut().map(title))(
    '%s, of which only the bytes are known: lines that are missing or other',
    (_, recorded) => {
      // A loop may end at any line, and go on.
      if (/boot-loop|import-raises|hup-broken|lifespan/.test(recorded.name)) return
      const run = imitate(recorded)
      for (const [what, other] of spoilt(run, recorded.medium.kind === 'pipes'))
        if (
          !what.endsWith('after its next') &&
          !mayRepeat(recorded, run.lines[Number(/\d+/.exec(what)?.[0])]?.text ?? '')
        )
          expect(judge(recorded, bytes(recorded, other)).same, what).toBe(false)
    },
  )

  test.each(firstCut().map(title))('%s: exit, survivors and clients', (_, recorded) => {
    const run = imitate(recorded)
    const wrong = (part: Partial<Attributed>) => judge(recorded, { ...run, ...part }).same
    expect(wrong({ master: { kind: 'code', code: 77 } })).toBe(false)
    expect(wrong({ master: { kind: 'signal', signal: 'SEGV' } })).toBe(false)
    expect(wrong({ clients: [...run.clients, { path: '/', result: '200', seconds: 0 }] })).toBe(false)
    for (const [i, client] of run.clients.entries()) {
      expect(wrong({ clients: run.clients.with(i, { ...client, result: '418' }) })).toBe(false)
      expect(wrong({ clients: run.clients.with(i, { ...client, path: '/other' }) })).toBe(false)
    }
    for (const [i, check] of run.alive.entries()) {
      expect(wrong({ alive: run.alive.toSpliced(i, 1) })).toBe(false)
      expect(
        wrong({ alive: run.alive.with(i, { ...check, master: check.master === 'gone' ? 'alive' : 'gone' }) }),
      ).toBe(false)
      if (/boot-loop|import-raises|lifespan-fail|hup-broken|bad-/.test(recorded.name)) continue
      expect(wrong({ alive: run.alive.with(i, { ...check, workers: [...check.workers, 1] }) })).toBe(false)
      if (check.workers.length > 0) {
        const dead = run.spawned.find((pid) => !check.workers.includes(pid))
        expect(wrong({ alive: run.alive.with(i, { ...check, workers: check.workers.slice(1) }) })).toBe(false)
        if (dead !== undefined)
          expect(
            wrong({ alive: run.alive.with(i, { ...check, workers: check.workers.with(0, dead) }) }),
          ).toBe(false)
      }
    }
  })

  test('a request that took much longer or shorter', () => {
    const recorded = load('uvicorn', '0.51.0', 'inflight-term')
    const run = imitate(recorded)
    const took = (seconds: number) =>
      judge(recorded, { ...run, clients: run.clients.map((client) => ({ ...client, seconds })) })
    expect(took(4.9)).toEqual(same)
    expect(took(0.3).report).toContain('request /slow/4: recorded 4 s, ours 0.3 s')
    expect(took(9).same).toBe(false)
  })

  test('another worker than the recorded one, by its place in spawn order', () => {
    // uvicorn stops the newest worker, not the oldest; the text alone would not show it.
    const recorded = load('uvicorn', '0.51.0', 'ttou')
    const run = imitate(recorded)
    expect(judge(recorded, { ...run, spawned: run.spawned.toReversed() }).same).toBe(false)
  })

  test('a worker more, or one less', () => {
    const recorded = load('uvicorn', '0.51.0', 'start-4')
    const run = imitate(recorded)
    expect(judge(recorded, { ...run, spawned: [...run.spawned, 99] }).report).toContain(
      'workers started: recorded 4, ours 5',
    )
  })

  test("a worker's line from the parent, and a line of a stranger", () => {
    const recorded = load('uvicorn', '0.51.0', 'term-worker')
    const run = imitate(recorded)
    const from = (pid: number) =>
      run.lines.map((line) => (line.text.includes('Shutting down') ? { ...line, pid } : line))
    expect(judge(recorded, { ...run, lines: from(run.parent) }).same).toBe(false)
    expect(judge(recorded, { ...run, lines: from(4) }).report).toContain(
      'lines of 4, which is neither parent nor worker',
    )
  })

  test('a time stamp of another shape', () => {
    const recorded = load('gunicorn', '20.1.0', 'start-1')
    const run = imitate(recorded)
    const stamped = (stamp: string) => ({
      ...run,
      lines: run.lines.map((line) => ({ ...line, text: line.text.replace(/^\[[^\]]+\]/, `[${stamp}]`) })),
    })
    expect(judge(recorded, stamped('2031-01-31 00:00:59 -0330'))).toEqual(same)
    expect(judge(recorded, stamped('2031-01-31T00:00:59Z')).same).toBe(false)
  })

  test('standard output where standard error was recorded', () => {
    const recorded = load('uvicorn', '0.51.0', 'start-4-pipe')
    const run = imitate(recorded)
    const lines = run.lines.map((line) => ({ ...line, stream: 'stderr' as const }))
    expect(judge(recorded, { ...run, lines }).same).toBe(false)
  })
})

describe('what may differ', () => {
  test('lines of different processes interleave as they like', () => {
    for (const recorded of firstCut()) {
      const run = imitate(recorded)
      // Process by process, as if each had waited for the one before.
      const order = [0, run.parent, ...run.spawned]
      const lines = run.lines.toSorted((a, b) => order.indexOf(a.pid) - order.indexOf(b.pid))
      expect(judge(recorded, { ...run, lines }), recorded.name).toEqual(same)
    }
  })

  test('the echo of Ctrl+C stands before a line, or alone', () => {
    const recorded = load('uvicorn', '0.51.0', 'ctrl-c')
    const run = imitate(recorded)
    const at = run.lines.findIndex(({ pid }) => pid === 0)
    const next = run.lines[at + 1]
    if (next === undefined) throw new Error('expected a line after the echo')
    const joined = { ...next, text: `^C${next.text}` }
    expect(judge(recorded, { ...run, lines: run.lines.toSpliced(at, 2, joined) })).toEqual(same)
    expect(
      judge(recorded, {
        ...run,
        lines: [...run.lines.toSpliced(at, 1), { pid: 0, stream: 'stdout', text: '^C' }],
      }),
    ).toEqual(same)
    expect(judge(recorded, { ...run, lines: run.lines.toSpliced(at, 1) }).same).toBe(false)
  })

  test('PIDs that look like other numbers of the text', () => {
    const recorded = load('uvicorn', '0.51.0', 'requests')
    const run = imitate(recorded)
    const pids = new Map([
      [run.parent, 8080],
      ...run.spawned.map((pid, i) => [pid, [200, 404, 127, 1][i] ?? 0] as const),
    ])
    const real = (pid: number) => pids.get(pid) ?? pid
    const renamed: Attributed = {
      ...run,
      parent: real(run.parent),
      spawned: run.spawned.map(real),
      lines: run.lines.map(({ pid, stream, text }) => ({
        pid: real(pid),
        stream,
        text: text.replace(/(?<!\d)273\d\d(?!\d)/g, (digits) => String(real(Number(digits)))),
      })),
    }
    expect(judge(recorded, renamed)).toEqual(same)
    expect(judge(recorded, bytes(recorded, renamed))).toEqual(same)
  })

  test('a boot loop of ours may go on, but must come as far as the recorded one', () => {
    const recorded = load('uvicorn', '0.51.0', 'boot-loop-exit-1')
    const run = imitate(recorded)
    const died = (pid: number) =>
      ['Waiting for child process [', 'Child process ['].map((text, i): ObservedLine => ({
        pid: run.parent,
        stream: 'stderr',
        text: `\u001b[32mINFO\u001b[0m:     ${text}${pid}]${i === 1 ? ' died' : ''}`,
      }))
    const longer = {
      ...run,
      spawned: [...run.spawned, 40_001, 40_002],
      lines: [...run.lines, ...died(40_001)],
    }
    expect(judge(recorded, longer)).toEqual(same)
    expect(judge(recorded, { ...longer, lines: [...longer.lines, ...died(40_001)] }).same).toBe(false)
    expect(judge(recorded, { ...run, lines: run.lines.slice(0, -2) }).same).toBe(false)
  })

  test('a traceback has frames of JavaScript instead of those of Python', () => {
    for (const name of ['import-raises', 'hup-broken-code']) {
      const recorded = load('uvicorn', '0.51.0', name)
      const run = imitate(recorded)
      const frame = (line: ObservedLine) => ({
        ...line,
        text: '    at file:///home/user/code/awesomeapp/main.js:7:9',
      })
      const lines = run.lines.flatMap((line) =>
        line.text.startsWith('Traceback') ? [line, frame(line)] : [line],
      )
      expect(judge(recorded, { ...run, lines })).toEqual(same)
      const stray = run.lines.flatMap((line) =>
        line.text.includes('parent process') ? [line, frame(line)] : [line],
      )
      expect(judge(recorded, { ...run, lines: stray }).same).toBe(false)
    }
  })
})

describe('the report', () => {
  test('tells which lines differ, how far both agree, and what each process offers next', () => {
    const recorded = load('uvicorn', '0.51.0', 'ttin')
    const run = imitate(recorded)
    const lines = run.lines.map((line) => ({ ...line, text: line.text.replace('increasing', 'raising') }))
    const { report } = judge(recorded, { ...run, lines })
    expect(report).toBe(String.raw`uvicorn 0.51.0 ttin: not as recorded.
lines that differ:
  not in the recording:  \e[32mINFO\e[0m:     Received SIGTTIN, raising the number of processes.
  1 × missing:  \e[32mINFO\e[0m:     Received SIGTTIN, increasing the number of processes.
14 of 18 lines of the recording found in ours:
     13  \e[32mINFO\e[0m:     Waiting for application startup.
     14  \e[32mINFO\e[0m:     Application startup complete.
  >  15  \e[32mINFO\e[0m:     Received SIGTTIN, increasing the number of processes.
     16  \e[32mINFO\e[0m:     Started server process [\e[36m<w5>\e[0m]
     17  \e[32mINFO\e[0m:     Waiting for application startup.
what each process of ours says next:
  27365 (parent)  \e[32mINFO\e[0m:     Received SIGTTIN, raising the number of processes.
  27371 (w5)      \e[32mINFO\e[0m:     Started server process [\e[36m27371\e[0m]`)
  })
})

test('is quick, also when it fails', () => {
  for (const [program, version] of [
    ['uvicorn', '0.51.0'],
    ['gunicorn', '20.1.0'],
    ['fastapi', '0.0.7'],
  ] as const) {
    const recorded = load(program, version, 'hup')
    const run = imitate(recorded)
    const spoilt = { ...run, lines: run.lines.toReversed() }
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      judge(recorded, spoilt)
      judge(recorded, run)
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(100)
  }
})
