import { describe, expect, test } from 'vitest'
import { parseBadArguments } from './bad-arguments.ts'
import { CONFORMANCE, FIRST_EDITIONS, FIRST_SCENARIOS, firstCut } from './first-cut.ts'
import { editions, isRecorded, load, loadBadArguments, loadRaw, scenarios } from './load.ts'
import { parseRecorded } from './scenario.ts'
import { timingOf } from './timing.ts'

describe('every recording can be read', () => {
  test.each(editions().map((edition) => [`${edition.program} ${edition.version}`, edition] as const))(
    '%s',
    (_, { program, version }) => {
      for (const name of scenarios(program, version)) {
        const recorded = load(program, version, name)
        const timing = timingOf(recorded)
        expect(timing.steps, name).toHaveLength(recorded.steps.length)
        expect(recorded.command, name).toMatch(/^(uvicorn|gunicorn|fastapi) /)
        expect(timing.exit === null, name).toBe(recorded.exit.kind === 'running')
      }
      for (const name of ['start-4', 'kill9-worker', 'hup', 'ctrl-c'])
        expect(loadRaw(program, version, name).text).toContain('\r\n')
    },
  )
})

describe('a header', () => {
  test('becomes a scenario', () => {
    const recorded = load('uvicorn', '0.51.0', 'kill9-master')
    expect(recorded).toMatchObject({
      program: 'uvicorn',
      version: '0.51.0',
      name: 'kill9-master',
      command: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4',
      env: {},
      about: 'kill -9 the master: what the orphaned workers do',
      app: {},
      portTaken: false,
      exit: { kind: 'signal', signal: 'KILL' },
      exitSeconds: 2.2,
      medium: { kind: 'pty', columns: 80, colors: 'truecolor' },
      spawnOrder: ['w2', 'w3', 'w4', 'w1'],
      spawnOrderComplete: true,
    })
    expect(recorded.steps).toEqual([
      { do: 'kill', signal: 'KILL', target: 'parent' },
      { do: 'wait', seconds: 3 },
      {
        do: 'alive',
        master: 'gone',
        workers: [
          { name: 'w2', index: 0, suspended: false },
          { name: 'w3', index: 1, suspended: false },
          { name: 'w4', index: 2, suspended: false },
          { name: 'w1', index: 3, suspended: false },
        ],
      },
      { do: 'get', path: '/', over: 'tcp', background: false, result: '200' },
      { do: 'kill', signal: 'TERM', target: 'w2', index: 0 },
      {
        do: 'alive',
        master: 'gone',
        workers: [
          { name: 'w3', index: 1, suspended: false },
          { name: 'w4', index: 2, suspended: false },
          { name: 'w1', index: 3, suspended: false },
        ],
      },
    ])
  })

  test.each([
    ['uvicorn', '0.51.0', 'import-raises', { app: { boot: 'raise' } }],
    ['uvicorn', '0.51.0', 'boot-loop-exit-1', { app: { boot: 'exit1' } }],
    ['uvicorn', '0.51.0', 'lifespan-fail', { app: { life: 'fail' }, exit: { kind: 'code', code: 0 } }],
    ['uvicorn', '0.51.0', 'start-slow-startup', { app: { life: 'slow2' } }],
    ['uvicorn', '0.51.0', 'start-web-concurrency', { env: { WEB_CONCURRENCY: '3' } }],
    [
      'uvicorn',
      '0.51.0',
      'port-in-use',
      { portTaken: true, spawnOrder: [], exit: { kind: 'code', code: 3 } },
    ],
    ['fastapi', '0.0.7', 'start-4-256color', { medium: { kind: 'pty', columns: 80, colors: '256' } }],
    ['fastapi', '0.0.7', 'start-4-72cols', { medium: { kind: 'pty', columns: 72, colors: 'truecolor' } }],
    ['gunicorn', '20.1.0', 'start-4-pipe', { medium: { kind: 'pipes' } }],
    ['gunicorn', '20.1.0', 'boot-loop-exit-1', { spawnOrderComplete: false }],
  ] as const)('of %s %s %s', (program, version, name, expected) => {
    expect(load(program, version, name)).toMatchObject(expected)
  })

  test.each([
    ['uvicorn', 'worker-exit-1', { do: 'get', path: '/exit/1', result: 'closed without a response' }],
    ['uvicorn', 'inflight-term', { do: 'get', path: '/slow/4', background: true }],
    ['uvicorn', 'inflight-term', { do: 'client', path: '/slow/4', seconds: 4, result: '200' }],
    ['uvicorn', 'inflight-ctrl-c-twice', { do: 'client', seconds: 1.9, result: '200 (body cut off)' }],
    ['uvicorn', 'inflight-ctrl-c-twice', { do: 'press', key: 'Ctrl+C' }],
    ['uvicorn', 'inflight-ctrl-c-twice', { do: 'wait', seconds: 1.5 }],
    ['uvicorn', 'hup-broken-code', { do: 'edit', what: 'raises at import' }],
    ['uvicorn', 'resize', { do: 'resize', columns: 100, rows: 30 }],
    ['uvicorn', 'start-unix-socket', { do: 'get', over: 'unix socket', result: '200' }],
    ['uvicorn', 'start-unix-socket', { do: 'socket file', state: 'removed' }],
    ['gunicorn', 'hup-broken-code', { do: 'get', path: '/', result: 'connection refused' }],
    ['gunicorn', 'hung-busy-loop', { do: 'client', seconds: 3.3, result: 'closed without a response' }],
    ['gunicorn', 'workers-0', { do: 'get', path: '/', result: 'timed out' }],
    ['gunicorn', 'usr2', { do: 'new master', alive: true }],
  ] as const)('has the step: %s %s', (program, name, step) => {
    const version = program === 'uvicorn' ? '0.51.0' : '20.1.0'
    expect(load(program, version, name).steps).toContainEqual(expect.objectContaining(step))
  })

  test.each([
    ['websocket-close', { do: 'websocket', act: 'close', result: 'closed with 1000' }],
    ['websocket-term', { do: 'websocket', act: 'look', result: 'closed with 1012' }],
    ['pipelined-term', { do: 'pipeline', paths: ['/slow/2', '/', '/'] }],
    ['pipelined-term', { do: 'pipelined', result: '200, closed, closed' }],
  ] as const)('has the step: uvicorn 0.54.0 %s', (name, step) => {
    expect(load('uvicorn', '0.54.0', name).steps).toContainEqual(step)
  })

  test('of an unknown form is refused, with its place and its text', () => {
    const good = [
      '# command: uvicorn main:app',
      '# about',
      '# steps: start only',
      '# exit code of the master: 0, 1.2s after start',
      '# medium: pty, 80 columns, COLORTERM=truecolor; workers in spawn order: <w1>',
    ]
    const parse = (at: number, line: string) =>
      parseRecorded('uvicorn', '0.51.0', 'odd', good.with(at, line).join('\n'))
    expect(parse(1, '# about').exit).toEqual({ kind: 'code', code: 0 })
    expect(() => parse(2, '# steps: sing')).toThrow("uvicorn 0.51.0 odd: unknown step 'sing' in the header")
    expect(() => parse(2, '# steps: kill -SING <w1>')).toThrow("unknown signal 'SING'")
    expect(() => parse(2, '# steps: kill -TERM <w7>')).toThrow('the spawn order does not list')
    expect(() => parse(2, '# steps: GET / -> well')).toThrow("unknown result of a request 'well'")
    expect(() => parse(3, '# exit code of the master: soon')).toThrow("unknown exit 'soon'")
    expect(() => parse(4, '# medium: paper; workers in spawn order: n/a')).toThrow("unknown medium 'paper'")
    expect(() => parse(1, '# x; app switched to: boot=late')).toThrow(
      "unknown switch of the application 'boot=late'",
    )
    expect(() => parse(0, 'command')).toThrow("expected a header line starting with '# '")
  })
})

describe('wrong and unusual arguments', () => {
  test.each([
    ['uvicorn', '0.51.0', 17],
    ['gunicorn', '20.1.0', 18],
    ['fastapi', '0.0.7', 14],
  ] as const)('%s %s: %i commands', (program, version, count) => {
    const { cases } = loadBadArguments(program, version)
    expect(cases).toHaveLength(count)
    expect(new Set(cases.map(({ command }) => command)).size).toBe(count)
  })

  test('each with its output and its exit code', () => {
    const { cases } = loadBadArguments('uvicorn', '0.51.0')
    expect(cases[2]).toEqual({
      command: 'uvicorn main:app --host 0.0.0.0 --port 8080 --workers abc',
      lines: [
        'Usage: uvicorn [OPTIONS] APP',
        "Try 'uvicorn --help' for help.",
        '',
        "Error: Invalid value for '--workers': 'abc' is not a valid integer.",
      ],
      exit: { kind: 'code', code: 2 },
    })
    expect(cases[0]?.exit).toEqual({ kind: 'running' })
  })

  test('a block without its end is refused', () => {
    const text = '# commands: 1 command lines x\n#\n#\n# medium: pty, 80 columns\n\n$ uvicorn\nError'
    expect(() => parseBadArguments('uvicorn', '1', text)).toThrow("'uvicorn' has no exit code")
  })
})

describe('the first cut', () => {
  test('holds every scenario that was recorded of a program, and nothing that was not', () => {
    for (const { program, version } of FIRST_EDITIONS)
      for (const name of FIRST_SCENARIOS)
        expect(isRecorded(program, version, name), `${program} ${name}`).toBe(
          name !== 'start-4-72cols' || program === 'fastapi',
        )
    expect(firstCut()).toHaveLength(3 * FIRST_SCENARIOS.length - 2)
    expect(firstCut(CONFORMANCE)).toHaveLength(3 * CONFORMANCE.length)
  })

  test('a scenario that was not recorded is refused with a list of those that were', () => {
    expect(() => load('uvicorn', '0.51.0', 'dance')).toThrow(
      /^dance was not recorded of uvicorn 0\.51\.0; recorded are: bad-attribute, /,
    )
  })
})
