import { describe, expect, test } from 'vitest'
import type { Banner, LogLevel, LogRecord } from '../../../simulator/manager/log.ts'
import type { Medium } from '../../../simulator/terminal/index.ts'
import { printer, stripAnsi } from '../../../simulator/terminal/index.ts'
import { load, scenarios } from '../../conformance/recording/load.ts'
import { allLines } from '../../conformance/recording/scenario.ts'
import { PIPE, TERMINAL, access, escaped, now } from './support.ts'

const speaks = { program: 'fastapi', version: '0.0.32' } as const

function text(record: LogRecord, medium: Medium = TERMINAL): string {
  return escaped(printer({ speaks, stdout: medium, stderr: medium })(record, now).text)
}

function say(level: LogLevel, message: string): LogRecord {
  return { kind: 'message', pid: 100, level, parts: [message] }
}

const BLOCKS: readonly Banner[] = [
  { show: 'title', command: 'run' },
  { show: 'app', importString: 'main:app' },
  { show: 'server', url: 'http://0.0.0.0:8000', docs: 'http://0.0.0.0:8000/docs', command: 'run' },
  { show: 'logs' },
]

/** All blocks, with the ids of links replaced as in the recordings. */
function banner(medium: Medium, blocks: readonly Banner[] = BLOCKS): string {
  return blocks
    .map((block) => text({ kind: 'banner', pid: 100, banner: block }, medium))
    .join('')
    .replaceAll(/id=\d+;/g, 'id=<n>;')
}

describe('the opening', () => {
  const RECORDED = [
    '',
    ' ⚡️ Starting FastAPI in production mode',
    ' ',
    ' 🐍 Using import string: \\e[34mmain:app\\e[0m',
    ' ',
    ' 🌐 Server started at \\e]8;id=<n>;http://0.0.0.0:8000\\e\\\\e[4;94mhttp://0.0.0.0:8000\\e[0m\\e]8;;\\e\\',
    '    Documentation at \\e]8;id=<n>;http://0.0.0.0:8000/docs\\e\\\\e[4;94mhttp://0.0.0.0:8000/docs\\e[0m\\e]8;;\\e\\',
    ' ',
    '  Logs:',
    ' ',
    '',
  ].join('\n')

  test.each<Medium>([
    TERMINAL,
    { ...TERMINAL, columns: 120 },
    { ...TERMINAL, colors: '256' },
    { ...TERMINAL, colors: '16' },
  ])('$columns columns, $colors', (medium) => {
    expect(banner(medium)).toBe(RECORDED)
  })

  test('not on a terminal, as recorded', () => {
    const { lines } = load('fastapi', '0.0.32', 'start-4-pipe')
    const { stdout } = lines as { readonly stdout: readonly string[] }
    expect(banner(PIPE)).toBe(`${stdout.slice(0, 10).join('\n')}\n`)
  })

  test('of an application that it found by itself, as recorded', () => {
    expect(banner(TERMINAL, [{ show: 'app', importString: 'main:app', discovered: true }])).toBe(
      [
        ' ',
        ' 🐍 Using import string: \\e[34mmain:app\\e[0m \\e[1;2m(\\e[0m\\e[2mauto-discovered, use --verbose to learn more\\e[0m\\e[1;2m)\\e[0m',
        ' ',
        ' 💡 You can configure an entrypoint in \\e[34mpyproject.toml\\e[0m for this app with:',
        ' ',
        '    \\e[34m[\\e[0m\\e[34mtool\\e[0m\\e[34m.\\e[0m\\e[34mfastapi\\e[0m\\e[34m]\\e[0m',
        '    entrypoint\\e[37m \\e[0m=\\e[37m \\e[0m\\e[33m"\\e[0m\\e[33mmain:app\\e[0m\\e[33m"\\e[0m',
        '',
      ].join('\n'),
    )
  })

  test('of `fastapi dev`', () => {
    expect(banner(PIPE, [{ show: 'title', command: 'dev' }])).toBe(
      '\n ⚡️ Starting FastAPI in development mode\n',
    )
  })

  test('does not tell what 0.0.7 tells of the search', () => {
    const blocks: readonly Banner[] = [
      { show: 'searching', folder: '/srv' },
      { show: 'module', file: 'main.py' },
      { show: 'code', module: 'main', attribute: 'app' },
    ]
    expect(banner(TERMINAL, blocks)).toBe('')
  })

  test.each(['Path does not exist nosuch.py', 'Could not find app name nosuch in main'])(
    'ends with %s',
    (reason) => {
      expect(banner(TERMINAL, [{ show: 'error', text: reason }])).toBe(` \n    \\e[31m${reason}\\e[0m\n`)
    },
  )

  test('is wrapped below its text', () => {
    expect(banner({ ...PIPE, columns: 24 }, [{ show: 'title', command: 'run' }])).toBe(
      '\n ⚡️ Starting FastAPI in \n    production mode\n',
    )
  })
})

describe('log lines', () => {
  test.each<[LogLevel, string]>([
    ['info', '\\e[36m▕\\e[0m'],
    ['warning', '\\e[33m▕\\e[0m'],
    ['error', '\\e[31m▕\\e[0m'],
    ['critical', '\\e[35m▕\\e[0m'],
    ['debug', '\\e[34m▕\\e[0m'],
    ['trace', '\\e[2m▕\\e[0m'],
  ])('%s', (level, bar) => {
    expect(text(say(level, 'x'))).toBe(` ${bar}  x\n`)
  })

  // Recorded text, without its colours and line breaks, must get both back.
  const recordings = scenarios('fastapi', '0.0.32')
    .map((name) => load('fastapi', '0.0.32', name))
    .filter(({ medium }) => medium.kind === 'pty')
  const messages = recordings.flatMap((recorded) =>
    messagesOf(allLines(recorded)).map((one) => ({ ...one, recorded })),
  )

  test('there are recorded ones, also some that were wrapped', () => {
    expect(messages.length).toBeGreaterThan(500)
    expect(messages.filter(({ shown }) => shown.includes('\n')).length).toBeGreaterThan(3)
  })

  test.each(recordings)('are as recorded in $name', (recorded) => {
    const { medium } = recorded
    const columns = medium.kind === 'pty' ? medium.columns : 80
    for (const { level, message, shown } of messagesOf(allLines(recorded))) {
      expect(text(say(level, message), { ...TERMINAL, columns })).toBe(`${shown}\n`)
    }
  })

  test.each<[LogRecord, string]>([
    [
      access('/?q=1', 200),
      ' \\e[36m▕\\e[0m  \\e[1;92m127.0.0.1\\e[0m:\\e[1;36m54321\\e[0m - \\e[32m"GET /?\\e[0m\\e[32mq\\e[0m\\e[32m=\\e[0m\\e[32m1\\e[0m\\e[32m HTTP/1.1"\\e[0m \\e[1;36m200\\e[0m\n',
    ],
    [
      say('warning', '"workers" flag is ignored when reloading is enabled.'),
      ' \\e[33m▕\\e[0m  \\e[32m"workers"\\e[0m flag is ignored when reloading is enabled.\n',
    ],
  ])('as recorded: %#', (record, expected) => {
    expect(text(record)).toBe(expected)
  })

  test('hold a traceback that is the message itself, whose empty lines have no indent', () => {
    const message = [
      'Traceback (most recent call last):',
      '  File "/usr/lib/asyncio/runners.py", line 118, in run',
      'OverflowError: bind(): port must be 0-65535.',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
    ].join('\n')
    expect(text(say('error', message))).toBe(
      [
        ' \\e[31m▕\\e[0m  Traceback \\e[1m(\\e[0mmost recent call last\\e[1m)\\e[0m:',
        '      File \\e[32m"/usr/lib/asyncio/runners.py"\\e[0m, line \\e[1;36m118\\e[0m, in run',
        '    OverflowError: \\e[1;35mbind\\e[0m\\e[1m(\\e[0m\\e[1m)\\e[0m: port must be \\e[1;36m0\\e[0m-\\e[1;36m65535\\e[0m.',
        '',
        '    During handling of the above exception, another exception occurred:',
        '',
      ].join('\n'),
    )
  })

  test('have an empty line before `Shutting down`, and before nothing else', () => {
    expect(text(say('info', 'Shutting down'))).toBe('\n \\e[36m▕\\e[0m  Shutting down\n')
    expect(text(say('info', 'Shutting down: Master'))).toBe(' \\e[36m▕\\e[0m  Shutting down: Master\n')
  })

  test('are those of uvicorn when the output is no terminal, as recorded', () => {
    expect(text(say('info', 'Shutting down'), PIPE)).toBe('INFO:     Shutting down\n')
    expect(text(access('/', 200), PIPE)).toBe('INFO:     127.0.0.1:54321 - "GET / HTTP/1.1" 200 OK\n')
    const print = printer({ speaks, stdout: PIPE, stderr: TERMINAL })
    expect(print(say('error', 'x'), now)).toEqual({ stream: 'stderr', text: 'ERROR:    x\n' })
  })
})

describe('questions to the terminal', () => {
  test('have no line break', () => {
    expect(text({ kind: 'question', pid: 1, asks: 'background' })).toBe('\\e]11;?\\e\\')
    expect(text({ kind: 'question', pid: 1, asks: 'foreground' })).toBe('\\e]10;?\\e\\')
  })

  test('show nothing', () => {
    const output = printer({ speaks, stdout: TERMINAL, stderr: TERMINAL })(
      { kind: 'question', pid: 1, asks: 'background' },
      now,
    )
    expect(output.stream).toBe('stdout')
    expect(stripAnsi(output.text)).toBe('')
  })

  test('are not asked where there is no terminal, and not by other programs', () => {
    expect(text({ kind: 'question', pid: 1, asks: 'background' }, PIPE)).toBe('')
    for (const other of [
      { program: 'fastapi', version: '0.0.7' },
      { program: 'uvicorn', version: '0.51.0' },
      { program: 'gunicorn', version: '26.1.0' },
    ] as const) {
      const print = printer({ speaks: other, stdout: TERMINAL, stderr: TERMINAL })
      expect(print({ kind: 'question', pid: 1, asks: 'background' }, now).text).toBe('')
    }
  })
})

describe('an exception', () => {
  const line = 'raise RuntimeError("database url is missing")'
  const raised = {
    name: 'RuntimeError',
    message: 'database url is missing',
    frames: [`File "/home/user/code/awesomeapp/main.py", line 13, in <module>\n  ${line}`],
  }

  test('of the application while it is imported is drawn in a box, its place as rich 15 shows it', () => {
    const shown = text({ kind: 'banner', pid: 1, banner: { show: 'exception', raised } }).split('\n')
    const recorded = allLines(load('fastapi', '0.0.32', 'import-raises'))
    for (const part of ['─╮', '─╯', 'RuntimeError: ']) {
      const [ours, theirs] = [shown, recorded].map((rows) => rows.find((row) => row.includes(part)))
      expect(ours).toBe(theirs)
    }
    const place = recorded.find((row) => row.includes('in <module>'))
    expect(shown[1]).toBe(place)
    // Only Python's own source is shown in colours.
    expect(stripped(shown[3] ?? '')).toBe(`│ ❱ 13 ${line.padEnd(71)} │`)
  })

  test('raised while another was handled stands below that', () => {
    const during = { name: 'KeyError', message: "'HOME'", frames: [] }
    const record: LogRecord = {
      kind: 'banner',
      pid: 1,
      banner: { show: 'exception', raised: { ...raised, frames: [], during } },
    }
    expect(text(record)).toBe(
      [
        "\\e[1;91mKeyError: \\e[0m\\e[32m'HOME'\\e[0m",
        '',
        '\\e[3mDuring handling of the above exception, another exception occurred:\\e[0m',
        '',
        '\\e[1;91mRuntimeError: \\e[0mdatabase url is missing',
        '',
      ].join('\n'),
    )
  })

  test('that a worker does not catch is plain text', () => {
    expect(
      text({
        kind: 'traceback',
        pid: 1,
        heading: 'Process SpawnProcess-3:',
        raised: { ...raised, frames: [] },
      }),
    ).toBe(
      'Process SpawnProcess-3:\nTraceback (most recent call last):\nRuntimeError: database url is missing\n',
    )
  })
})

interface Recorded {
  readonly level: LogLevel
  readonly message: string
  readonly shown: string
}

const LEVELS: Readonly<Record<string, LogLevel>> = { 36: 'info', 33: 'warning', 31: 'error' }

/** The messages of a recording: of each its level and its text, and what was shown, over one or more lines. */
function messagesOf(lines: readonly string[]): Recorded[] {
  const numbered = lines.map((line) =>
    line.replace(/^(?:\^C|\\e\]1[01];\?\\e\\)+/, '').replace(/<(?:w\d+|parent|port)>/g, '54321'),
  )
  return numbered.flatMap((line, at) => {
    const [, color = '', rest] = /^ \\e\[(3\d)m▕\\e\[0m {2}(.*)$/.exec(line) ?? []
    const level = LEVELS[color]
    if (level === undefined || rest === undefined || rest.startsWith('Traceback ')) return []
    const end = numbered.findIndex((later, index) => index > at && !/^ {4}\S/.test(later))
    const below = numbered.slice(at + 1, end < 0 ? undefined : end)
    const message = stripped([rest, ...below.map((later) => later.slice(4))].join(''))
    // The empty line before it counts as a part of it, where there is one.
    const before = message === 'Shutting down' && numbered[at - 1] === '' ? [''] : []
    return [{ level, message, shown: [...before, line, ...below].join('\n') }]
  })
}

function stripped(shown: string): string {
  return stripAnsi(shown.replaceAll('\\e', '\u001b'))
}
