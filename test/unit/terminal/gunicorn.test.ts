import { expect, test } from 'vitest'
import type { LogLevel, LogRecord } from '../../../simulator/manager/log.ts'
import { printer } from '../../../simulator/terminal/index.ts'
import { load } from '../../conformance/recording/load.ts'
import { allLines } from '../../conformance/recording/scenario.ts'
import { TERMINAL, access, now } from './support.ts'

const options = {
  speaks: { program: 'gunicorn', version: '20.1.0' },
  stdout: TERMINAL,
  stderr: TERMINAL,
} as const
const print = printer(options)

function say(pid: number, level: LogLevel, text: string): LogRecord {
  return { kind: 'message', pid, level, parts: [text] }
}

test.each<[LogRecord, string]>([
  [
    say(100, 'info', 'Starting gunicorn 20.1.0'),
    '[2024-05-01 12:00:00 +0000] [100] [INFO] Starting gunicorn 20.1.0\n',
  ],
  [
    {
      kind: 'message',
      pid: 100,
      level: 'info',
      parts: [
        'Listening at: ',
        { part: 'address', text: 'http://0.0.0.0:80' },
        ' (',
        { part: 'pid', pid: 100 },
        ')',
      ],
    },
    '[2024-05-01 12:00:00 +0000] [100] [INFO] Listening at: http://0.0.0.0:80 (100)\n',
  ],
  [
    {
      kind: 'message',
      pid: 101,
      level: 'info',
      parts: ['Started server process [', { part: 'worker', pid: 101 }, ']'],
    },
    '[2024-05-01 12:00:00 +0000] [101] [INFO] Started server process [101]\n',
  ],
  [
    say(100, 'warning', 'Worker with pid 101 was terminated due to signal 9'),
    '[2024-05-01 12:00:00 +0000] [100] [WARNING] Worker with pid 101 was terminated due to signal 9\n',
  ],
  [
    say(100, 'critical', 'WORKER TIMEOUT (pid:101)'),
    '[2024-05-01 12:00:00 +0000] [100] [CRITICAL] WORKER TIMEOUT (pid:101)\n',
  ],
  [
    say(100, 'error', "Connection in use: ('0.0.0.0', 80)"),
    "[2024-05-01 12:00:00 +0000] [100] [ERROR] Connection in use: ('0.0.0.0', 80)\n",
  ],
  [
    { kind: 'bare', pid: 101, stream: 'stderr', text: "Failed to find attribute 'nosuch' in 'main'." },
    "Failed to find attribute 'nosuch' in 'main'.\n",
  ],
])('%#', (record, expected) => {
  expect(print(record, now)).toEqual({ stream: 'stderr', text: expected })
})

test('an exception of a worker stands below its message', () => {
  const raised = { name: 'ModuleNotFoundError', message: "No module named 'nosuch'", frames: [] }
  const record: LogRecord = {
    kind: 'message',
    pid: 101,
    level: 'error',
    parts: ['Exception in worker process'],
    raised,
  }
  expect(print(record, now).text).toBe(
    [
      '[2024-05-01 12:00:00 +0000] [101] [ERROR] Exception in worker process',
      'Traceback (most recent call last):',
      "ModuleNotFoundError: No module named 'nosuch'",
      '',
    ].join('\n'),
  )
})

test('access lines are on stdout, without a reason phrase', () => {
  expect(print(access('/boom', 500), now)).toEqual({
    stream: 'stdout',
    text: '127.0.0.1:54321 - "GET /boom HTTP/1.1" 500\n',
  })
})

test.each([
  [0, '2024-05-01 12:00:00 +0000'],
  [540, '2024-05-01 21:00:00 +0900'],
  [-210, '2024-05-01 08:30:00 -0330'],
  [720, '2024-05-02 00:00:00 +1200'],
])('the time in a zone of %i minutes', (offsetMinutes, expected) => {
  const { text } = print(say(1, 'info', 'x'), { epochMs: now.epochMs, offsetMinutes })
  expect(text).toBe(`[${expected}] [1] [INFO] x\n`)
})

test('access lines of the asgi worker are in the combined log format', () => {
  const line = (record: LogRecord) => print(record, now).text
  expect(line({ ...access('/redirect', 307), combined: { bytes: 0 } })).toBe(
    '127.0.0.1 - - [01/May/2024:12:00:00 +0000] "GET /redirect HTTP/1.1" 307 0 "-" "-"\n',
  )
  const combined = { bytes: 6, referer: 'http://a/', agent: 'so "quoted"' }
  expect(line({ ...access('/', 200), combined })).toBe(
    '127.0.0.1 - - [01/May/2024:12:00:00 +0000] "GET / HTTP/1.1" 200 6 "http://a/" "so \\"quoted\\""\n',
  )
  const { client: _, ...unnamed } = access('/', 200)
  expect(print({ ...unnamed, combined: { bytes: 6 } }, { epochMs: 0, offsetMinutes: -90 }).text).toBe(
    '- - - [31/Dec/1969:22:30:00 -0130] "GET / HTTP/1.1" 200 6 "-" "-"\n',
  )
})

test('as recorded of the asgi worker', () => {
  const recorded = allLines(load('gunicorn', '26.1.0-asgi', 'requests')).filter((line) =>
    line.includes('HTTP/1.1'),
  )
  const bytes = [6, 10, 8, 0, 6]
  const targets = ['/', '/missing', '/created', '/redirect', '/?q=1']
  const statuses = [200, 404, 201, 307, 200]
  const ours = targets.map((target, i) => {
    const record = { ...access(target, statuses[i] ?? 0), combined: { bytes: bytes[i] ?? 0 } }
    return print(record, now).text.replace(/\[.*?\]/, '[<ts>]')
  })
  expect(ours).toEqual(recorded.map((line) => `${line}\n`))
})
