import { describe, expect, test } from 'vitest'
import type { LogLevel, LogRecord, MessagePart } from '../../../simulator/manager/log.ts'
import type { Medium } from '../../../simulator/terminal/index.ts'
import { printer } from '../../../simulator/terminal/index.ts'
import { load, scenarios } from '../../conformance/recording/load.ts'
import { allLines } from '../../conformance/recording/scenario.ts'
import { PIPE, TERMINAL, access, escaped, now } from './support.ts'

function text(record: LogRecord, medium: Medium = TERMINAL, colors?: boolean): string {
  const forced = colors === undefined ? {} : { colors }
  const speaks = { program: 'uvicorn', version: '0.51.0' } as const
  return escaped(printer({ speaks, stdout: medium, stderr: medium, ...forced })(record, now).text)
}

function say(level: LogLevel, ...parts: MessagePart[]): LogRecord {
  return { kind: 'message', pid: 100, level, parts }
}

describe('messages on a terminal', () => {
  test.each<[LogRecord, string]>([
    [
      say(
        'info',
        'Uvicorn running on ',
        { part: 'address', text: 'http://0.0.0.0:8080' },
        ' (Press CTRL+C to quit)',
      ),
      '\\e[32mINFO\\e[0m:     Uvicorn running on \\e[1mhttp://0.0.0.0:8080\\e[0m (Press CTRL+C to quit)\n',
    ],
    [
      say('info', 'Started parent process [', { part: 'parent', pid: 100 }, ']'),
      '\\e[32mINFO\\e[0m:     Started parent process [\\e[36m\\e[1m100\\e[0m]\n',
    ],
    [
      say('info', 'Started server process [', { part: 'worker', pid: 101 }, ']'),
      '\\e[32mINFO\\e[0m:     Started server process [\\e[36m101\\e[0m]\n',
    ],
    [
      say('info', 'Waiting for child process [', { part: 'pid', pid: 101 }, ']'),
      '\\e[32mINFO\\e[0m:     Waiting for child process [101]\n',
    ],
    [
      say('warning', '"workers" flag is ignored when reloading is enabled.'),
      '\\e[33mWARNING\\e[0m:  "workers" flag is ignored when reloading is enabled.\n',
    ],
    [
      say('error', '[Errno 98] Address already in use'),
      '\\e[31mERROR\\e[0m:    [Errno 98] Address already in use\n',
    ],
    [say('critical', 'x'), '\\e[91mCRITICAL\\e[0m: x\n'],
    [say('debug', 'x'), '\\e[36mDEBUG\\e[0m:    x\n'],
    [say('trace', 'x'), '\\e[34mTRACE\\e[0m:    x\n'],
  ])('%#', (record, expected) => {
    expect(text(record)).toBe(expected)
  })
})

describe('access lines', () => {
  test.each<[string, number, string]>([
    ['/', 200, '\\e[32m200 OK\\e[0m'],
    ['/created', 201, '\\e[32m201 Created\\e[0m'],
    ['/redirect', 307, '\\e[33m307 Temporary Redirect\\e[0m'],
    ['/missing', 404, '\\e[31m404 Not Found\\e[0m'],
    ['/boom', 500, '\\e[91m500 Internal Server Error\\e[0m'],
    ['/', 103, '\\e[97m103 Early Hints\\e[0m'],
    ['/', 299, '\\e[32m299 \\e[0m'],
    ['/', 999, '999 '],
  ])('%s %i', (target, status, shown) => {
    expect(text(access(target, status))).toBe(
      `\\e[32mINFO\\e[0m:     127.0.0.1:54321 - "\\e[1mGET ${target} HTTP/1.1\\e[0m" ${shown}\n`,
    )
  })

  test('a client on a unix socket has no address', () => {
    const record: LogRecord = {
      kind: 'access',
      pid: 1,
      method: 'GET',
      target: '/',
      httpVersion: '1.1',
      status: 200,
    }
    expect(text(record)).toBe('\\e[32mINFO\\e[0m:      - "\\e[1mGET / HTTP/1.1\\e[0m" \\e[32m200 OK\\e[0m\n')
  })
})

describe('tracebacks', () => {
  const raised = {
    name: 'ValueError',
    message: 'boom',
    frames: ['File "/home/user/code/awesomeapp/main.py", line 52, in app\n  raise ValueError("boom")'],
  }
  const printed = [
    'Traceback (most recent call last):',
    '  File "/home/user/code/awesomeapp/main.py", line 52, in app',
    '    raise ValueError("boom")',
    'ValueError: boom',
    '',
  ].join('\n')

  test('below a message', () => {
    const record: LogRecord = {
      kind: 'message',
      pid: 1,
      level: 'error',
      parts: ['Exception in ASGI application'],
      raised,
    }
    expect(text(record)).toBe(`\\e[31mERROR\\e[0m:    Exception in ASGI application\n${printed}`)
  })

  test('of an uncaught exception, with its heading', () => {
    expect(text({ kind: 'traceback', pid: 1, heading: 'Process SpawnProcess-3:', raised })).toBe(
      `Process SpawnProcess-3:\n${printed}`,
    )
  })

  test('of an exception without a message', () => {
    const bare = { name: 'asyncio.exceptions.CancelledError', message: '', frames: [] }
    expect(text({ kind: 'traceback', pid: 1, raised: bare })).toBe(
      'Traceback (most recent call last):\nasyncio.exceptions.CancelledError\n',
    )
  })
})

describe('colours', () => {
  const record = say('info', 'Started server process [', { part: 'worker', pid: 101 }, ']')
  const plain = 'INFO:     Started server process [101]\n'
  const colored = '\\e[32mINFO\\e[0m:     Started server process [\\e[36m101\\e[0m]\n'

  test('none when the output is no terminal', () => {
    expect(text(record, PIPE)).toBe(plain)
    expect(text(access('/', 404), PIPE)).toBe('INFO:     127.0.0.1:54321 - "GET / HTTP/1.1" 404 Not Found\n')
  })

  test('--use-colors and --no-use-colors win', () => {
    expect(text(record, PIPE, true)).toBe(colored)
    expect(text(record, TERMINAL, false)).toBe(plain)
  })

  test('stdout decides for both streams', () => {
    const speaks = { program: 'uvicorn', version: '0.51.0' } as const
    expect(printer({ speaks, stdout: PIPE, stderr: TERMINAL })(record, now)).toEqual({
      stream: 'stderr',
      text: plain,
    })
  })
})

test('a socket file is named differently with and without colours', () => {
  const address = { part: 'address', text: 'app.sock', plain: 'unix socket app.sock' } as const
  const record = say('info', 'Uvicorn running on ', address, ' (Press CTRL+C to quit)')
  expect(text(record)).toBe(
    '\\e[32mINFO\\e[0m:     Uvicorn running on \\e[1mapp.sock\\e[0m (Press CTRL+C to quit)\n',
  )
  expect(text(record, PIPE)).toBe(
    'INFO:     Uvicorn running on unix socket app.sock (Press CTRL+C to quit)\n',
  )
})

test('access lines go to stdout, all else to stderr', () => {
  const print = printer({ speaks: { program: 'uvicorn', version: '0.51.0' }, stdout: PIPE, stderr: PIPE })
  expect(print(access('/', 200), now).stream).toBe('stdout')
  expect(print(say('info', 'Shutting down'), now).stream).toBe('stderr')
  expect(print({ kind: 'bare', pid: 1, stream: 'stdout', text: 'hello' }, now)).toEqual({
    stream: 'stdout',
    text: 'hello\n',
  })
})

// The three versions print alike: every recorded line, taken to pieces, is put together again.
describe.each(['0.17.6', '0.30.6', '0.51.0'])('uvicorn %s', (version) => {
  const speaks = { program: 'uvicorn', version } as const
  const print = printer({ speaks, stdout: TERMINAL, stderr: TERMINAL })
  const lines = scenarios('uvicorn', version)
    .filter((name) => load('uvicorn', version, name).medium.kind === 'pty')
    .flatMap((name) => allLines(load('uvicorn', version, name)))
    .map((line) => line.replace(/^(\^C)+/, '').replace(/<(?:w\d+|parent|port)>/g, '54321'))
  const recorded = new Set(lines.filter((line) => /^\\e\[\d+m[A-Z]+\\e\[0m: +/.test(line)))

  test('every recorded line', () => {
    expect(recorded.size).toBeGreaterThan(12)
    for (const line of recorded) expect(escaped(print(pieces(line), now).text)).toBe(`${line}\n`)
  })
})

/** The record of a recorded line, by its colours. */
function pieces(line: string): LogRecord {
  const [, level = '', rest = ''] = /^\\e\[\d+m([A-Z]+)\\e\[0m: +(.*)$/.exec(line) ?? []
  const request = /"\\e\[1mGET (\S+) HTTP\/1.1\\e\[0m" \\e\[\d+m(\d+)/.exec(rest)
  if (request) {
    const [, target = '', status] = request
    const record = access(target, Number(status))
    const { client: _, ...unnamed } = record
    return rest.startsWith('- ') ? unnamed : record
  }
  const parts = rest.split(/(\\e\[36m\\e\[1m\d+\\e\[0m|\\e\[36m\d+\\e\[0m|\\e\[1m.*?\\e\[0m)/)
  return { kind: 'message', pid: 1, level: level.toLowerCase() as LogLevel, parts: parts.map(part) }
}

function part(text: string): MessagePart {
  const plain = text.replace(/\\e\[\d+m/g, '')
  if (text.startsWith('\\e[36m\\e[1m')) return { part: 'parent', pid: Number(plain) }
  if (text.startsWith('\\e[36m')) return { part: 'worker', pid: Number(plain) }
  return text.startsWith('\\e[1m') ? { part: 'address', text: plain } : text
}
