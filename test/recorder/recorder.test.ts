import { describe, expect, it, test } from 'vitest'
import { load } from '../conformance/recording/load.ts'
import { timingOf } from '../conformance/recording/timing.ts'
import { argvAt } from './argv.ts'
import { compare } from './compare.ts'
import { install, recordedBefore, requirements } from './edition.ts'
import { Names, normalised, refuseMachine } from './normalise.ts'
import { Misused, readOptions } from './options.ts'
import type { RecordingPlace } from './place.ts'
import { drafted, planOf } from './plans.ts'
import { WITHOUT_PYPI } from './pypi.ts'
import { record } from './record-scenario.ts'

const place: RecordingPlace = {
  home: '/tmp/abcde',
  cwd: '/tmp/abcde/code/awesomeapp',
  port: 9123,
  environment: { folder: '/var/cache/x', python: '3.11', stdlib: '/opt/python/lib/python3.11', packages: {} },
  prefix: '/tmp/abcde/env',
  remove: () => undefined,
}

describe('what stands in a recording', () => {
  const names = () => new Names(700, [702, 701], [])

  it('names processes in the order in which the text does, and no other numbers', () => {
    const text = 'Started server process [\u001b[36m701\u001b[0m]\r\nbytes (700), line 702, took [702]\r\n'
    expect(normalised(text, place, 8080, names())).toBe(
      'Started server process [\\e[36m<w1>\\e[0m]\nbytes (<parent>), line 702, took [<w2>]\n',
    )
  })

  it('holds the recorded port and folders, no time and no port of a client', () => {
    const text =
      '[2026-11-20 20:38:02 +0000] [700] [INFO] Listening at: http://0.0.0.0:9123 (700)\n' +
      'INFO:     127.0.0.1:9123 - "GET / HTTP/1.1" 200 OK\n' +
      '  File "/tmp/abcde/env/lib/python3.11/site-packages/uvicorn/main.py", line 9123, in main\n' +
      '  File "/tmp/abcde/code/awesomeapp/main.py", line 7\n  File "/opt/python/lib/python3.11/asyncio/base.py"\n'
    expect(normalised(text, place, 80, names())).toBe(
      '[<ts>] [<parent>] [INFO] Listening at: http://0.0.0.0:80 (<parent>)\n' +
        'INFO:     127.0.0.1:<port> - "GET / HTTP/1.1" 200 OK\n' +
        '  File "<site-packages>/uvicorn/main.py", line 9123, in main\n' +
        '  File "/home/user/code/awesomeapp/main.py", line 7\n  File "<stdlib>/asyncio/base.py"\n',
    )
  })

  it('is refused when a folder of the machine is left in it', () => {
    expect(() => refuseMachine('File "/var/cache/x/lib/a.py"', place)).toThrow(/nothing of the machine/)
  })
})

describe('what is started', () => {
  it.each([
    [
      'uvicorn',
      'uvicorn main:app --host 0.0.0.0 --port 8080 --workers 4',
      'main:app --host 0.0.0.0 --port 9123 --workers 4',
    ],
    ['uvicorn', 'uvicorn main:app --workers 2', '--port 9123 main:app --workers 2'],
    ['uvicorn', 'uvicorn main:app --port 99999 --workers 4', 'main:app --port 99999 --workers 4'],
    ['gunicorn', 'gunicorn main:app --bind 0.0.0.0:80', 'main:app --bind 0.0.0.0:9123'],
    ['fastapi', 'fastapi run --workers 4 main.py', 'run --port 9123 --workers 4 main.py'],
    ['uvicorn', 'uvicorn', ''],
  ] as const)('%s: %s', (program, command, words) => {
    expect(argvAt(place, program, command).slice(2).join(' ')).toBe(words)
  })

  it('is what was asked for, with what was inside when it was recorded', () => {
    expect(requirements({ program: 'gunicorn', version: '26.1.0-asgi' })).toEqual([
      'gunicorn==26.1.0',
      'uvicorn==0.51.0',
      'websockets',
    ])
    expect(requirements({ program: 'uvicorn', version: '0.51.0-standard' })).toContain('uvloop')
    expect(recordedBefore({ program: 'uvicorn', version: '0.30.7' }, 'hup')?.version).toBe('0.30.6')
  })
})

describe('two recordings', () => {
  it('are the same as themselves, and differ from others', () => {
    const [killed, hung] = [
      load('uvicorn', '0.51.0', 'kill9-worker'),
      load('uvicorn', '0.51.0', 'hung-sigstop'),
    ]
    expect(compare(killed, killed)).toEqual({ verdict: 'same', report: '' })
    expect(compare(killed, { ...killed, exit: { kind: 'code', code: 0 } }).verdict).toBe('different')
    expect(compare(killed, hung).verdict).toBe('different')
  })
})

describe('what is recorded for the first time', () => {
  it.each([
    { program: 'uvicorn', version: '0.54.0' },
    { program: 'gunicorn', version: '26.2.0' },
    { program: 'gunicorn', version: '26.2.0-asgi' },
    { program: 'fastapi', version: '0.0.34' },
  ] as const)('has a draft that can be read, and was recorded: $program $version', (edition) => {
    for (const name of drafted(edition)) {
      const { scenario, timing } = planOf(edition, name)
      expect(timing.steps).toHaveLength(scenario.steps.length)
      expect(load(edition.program, edition.version, name).steps.map((step) => step.do)).toEqual(
        scenario.steps.map((step) => step.do),
      )
    }
    expect(drafted(edition).length).toBeGreaterThanOrEqual(14)
  })

  it('has no draft for what makes no sense', () => {
    expect(() => planOf({ program: 'uvicorn', version: '0.54.0' }, 'usr2-unix-socket')).toThrow(
      /has no draft of it for uvicorn/,
    )
  })
})

describe('the command line', () => {
  it.each([
    [],
    ['nginx', '1.0'],
    ['uvicorn'],
    ['uvicorn', 'new'],
    ['uvicorn', '0.54.0', '--thrice'],
    ['uvicorn', '0.54.0-asgi'],
  ])('is refused: %s', (...argv) => expect(() => readOptions(argv)).toThrow(Misused))
})

describe.skipIf(WITHOUT_PYPI !== undefined)(`the real programs${WITHOUT_PYPI ?? ''}`, () => {
  test.each([
    ['uvicorn', '0.51.0', 'kill9-worker'],
    ['gunicorn', '26.1.0', 'ttin'],
    ['fastapi', '0.0.32', 'term-worker'],
  ] as const)('%s %s still does as was recorded: %s', async (program, version, name) => {
    const scenario = load(program, version, name)
    const edition = { program, version }
    const made = await record({ scenario, timing: timingOf(scenario) }, edition, await install(edition))
    const { verdict, report } = compare(scenario, made.recorded)
    expect(verdict, report).not.toBe('different')
  })
})
