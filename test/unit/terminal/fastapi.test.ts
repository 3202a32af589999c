import { describe, expect, test } from 'vitest'
import type { Banner, LogLevel, LogRecord } from '../../../simulator/manager/log.ts'
import type { Medium } from '../../../simulator/terminal/index.ts'
import { printer } from '../../../simulator/terminal/index.ts'
import { PIPE, TERMINAL, access, escaped, now } from './support.ts'

const speaks = { program: 'fastapi', version: '0.0.7' } as const

function text(record: LogRecord, medium: Medium = TERMINAL): string {
  return escaped(printer({ speaks, stdout: medium, stderr: medium })(record, now).text)
}

function say(level: LogLevel, message: string): LogRecord {
  return { kind: 'message', pid: 100, level, parts: [message] }
}

const BLOCKS: readonly Banner[] = [
  { show: 'title', command: 'run' },
  { show: 'searching', folder: '/home/user/code/awesomeapp' },
  { show: 'module', file: 'main.py' },
  { show: 'code', module: 'main', attribute: 'app' },
  { show: 'app', importString: 'main:app' },
  { show: 'server', url: 'http://0.0.0.0:8000', docs: 'http://0.0.0.0:8000/docs', command: 'run' },
  { show: 'logs' },
]

/** All blocks, with the ids of links replaced as in the recordings. */
function banner(medium: Medium, blocks: readonly Banner[] = BLOCKS): string {
  const print = printer({ speaks, stdout: medium, stderr: medium })
  const all = blocks.map((block) => print({ kind: 'banner', pid: 100, banner: block }, now))
  expect(new Set(all.map((output) => output.stream))).toEqual(new Set(['stdout']))
  return escaped(all.map((output) => output.text).join('')).replaceAll(/id=\d+;/g, 'id=<n>;')
}

/** The opening as it was recorded; `code` and `searching` are what the width changes. */
function recorded(searching: readonly string[], code: readonly string[], title: string, tag: string): string {
  return [
    '',
    `  \\e[37;48;${title}m FastAPI \\e[0m  Starting production server 🚀`,
    ' ',
    ...searching,
    '             Importing from \\e[35m/home/user/code/\\e[0m\\e[95mawesomeapp\\e[0m',
    ' ',
    `   \\e[37;48;${tag}m module \\e[0m  🐍 main.py`,
    ' ',
    ...code,
    ' ',
    '             \\e[4mfrom \\e[0m\\e[1;4mmain\\e[0m\\e[4m import \\e[0m\\e[1;4mapp\\e[0m',
    ' ',
    `      \\e[37;48;${tag}m app \\e[0m  Using import string: \\e[34mmain:app\\e[0m`,
    ' ',
    `   \\e[37;48;${tag}m server \\e[0m  Server started at \\e]8;id=<n>;http://0.0.0.0:8000\\e\\\\e[4;94mhttp://0.0.0.0:8000\\e[0m\\e]8;;\\e\\`,
    `   \\e[37;48;${tag}m server \\e[0m  Documentation at \\e]8;id=<n>;http://0.0.0.0:8000/docs\\e\\\\e[4;94mhttp://0.0.0.0:8000/docs\\e[0m\\e]8;;\\e\\`,
    ' ',
    '             Logs:',
    ' ',
    '',
  ].join('\n')
}

const TRUECOLOR = ['2;0;148;133', '2;0;113;102'] as const
const TAG = '37;48;2;0;113;102'
const NARROW_SEARCH = [
  '             Searching for package file structure from directories with ',
  '             \\e[34m__init__.py\\e[0m files',
]

describe('the opening', () => {
  test('at 80 columns', () => {
    const code = [
      `     \\e[${TAG}m code \\e[0m  Importing the FastAPI app object from the module with the following`,
      '             code:',
    ]
    expect(banner(TERMINAL)).toBe(recorded(NARROW_SEARCH, code, ...TRUECOLOR))
  })

  test('at 72 columns', () => {
    const code = [
      `     \\e[${TAG}m code \\e[0m  Importing the FastAPI app object from the module with the `,
      '             following code:',
    ]
    expect(banner({ ...TERMINAL, columns: 72 })).toBe(recorded(NARROW_SEARCH, code, ...TRUECOLOR))
  })

  test('at 120 columns', () => {
    const search = [
      '             Searching for package file structure from directories with \\e[34m__init__.py\\e[0m files',
    ]
    const code = [
      `     \\e[${TAG}m code \\e[0m  Importing the FastAPI app object from the module with the following code:`,
    ]
    expect(banner({ ...TERMINAL, columns: 120 })).toBe(recorded(search, code, ...TRUECOLOR))
  })

  test('with 256 colours', () => {
    const code = [
      '     \\e[37;48;5;23m code \\e[0m  Importing the FastAPI app object from the module with the following',
      '             code:',
    ]
    expect(banner({ ...TERMINAL, colors: '256' })).toBe(recorded(NARROW_SEARCH, code, '5;30', '5;23'))
  })

  test('with 16 colours the tags take the nearest', () => {
    expect(banner({ ...TERMINAL, colors: '16' }, [{ show: 'title', command: 'run' }])).toContain(
      '\\e[37;46m FastAPI \\e[0m',
    )
    expect(text(say('info', 'x'), { ...TERMINAL, colors: '16' })).toBe('     \\e[37;100m INFO \\e[0m  x\n')
  })

  test('not on a terminal', () => {
    expect(banner(PIPE)).toBe(
      [
        '',
        '   FastAPI   Starting production server 🚀',
        ' ',
        '             Searching for package file structure from directories with ',
        '             __init__.py files',
        '             Importing from /home/user/code/awesomeapp',
        ' ',
        '    module   🐍 main.py',
        ' ',
        '      code   Importing the FastAPI app object from the module with the following',
        '             code:',
        ' ',
        '             from main import app',
        ' ',
        '       app   Using import string: main:app',
        ' ',
        '    server   Server started at http://0.0.0.0:8000',
        '    server   Documentation at http://0.0.0.0:8000/docs',
        ' ',
        '             Logs:',
        ' ',
        '',
      ].join('\n'),
    )
  })

  test('of `fastapi dev` has a tip', () => {
    const server: Banner = {
      show: 'server',
      url: 'http://127.0.0.1:8000',
      docs: 'http://127.0.0.1:8000/docs',
      command: 'dev',
    }
    const all = banner(TERMINAL, [{ show: 'title', command: 'dev' }, server])
    expect(all).toContain('Starting development server 🚀\n')
    expect(all).toContain(
      ` \n      \\e[${TAG}m tip \\e[0m  Running in development mode, for production use: \\e[1mfastapi run\\e[0m\n`,
    )
  })

  test('the two links have ids of their own, the same each time', () => {
    const print = printer({ speaks, stdout: TERMINAL, stderr: TERMINAL })
    const server: Banner = { show: 'server', url: 'http://a', docs: 'http://a/docs', command: 'run' }
    const shown = print({ kind: 'banner', pid: 1, banner: server }, now).text
    const ids = [...shown.matchAll(/id=(\d{1,6});/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(2)
    expect(print({ kind: 'banner', pid: 1, banner: server }, now).text).toBe(shown)
  })

  test.each(['Path does not exist nosuch.py', 'Could not find app name nosuch in main'])(
    'ends with %s',
    (reason) => {
      expect(banner(TERMINAL, [{ show: 'searching' }, { show: 'error', text: reason }])).toBe(
        [...NARROW_SEARCH, ' ', `             \\e[31m${reason}\\e[0m`, ''].join('\n'),
      )
    },
  )
})

const INFO = `     \\e[${TAG}m INFO \\e[0m  `
const ERROR = `    \\e[${TAG}m ERROR \\e[0m  `

describe('log lines', () => {
  test.each<[LogRecord, string]>([
    [
      say('info', 'Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)'),
      `${INFO}Uvicorn running on \\e[4;94mhttp://0.0.0.0:8000\\e[0m \\e[1m(\\e[0mPress CTRL+C to quit\\e[1m)\\e[0m\n`,
    ],
    [
      {
        kind: 'message',
        pid: 100,
        level: 'info',
        parts: ['Started parent process [', { part: 'parent', pid: 9973 }, ']'],
      },
      `${INFO}Started parent process \\e[1m[\\e[0m\\e[1;36m9973\\e[0m\\e[1m]\\e[0m\n`,
    ],
    [
      say('info', 'Child process [9981] died'),
      `${INFO}Child process \\e[1m[\\e[0m\\e[1;36m9981\\e[0m\\e[1m]\\e[0m died\n`,
    ],
    [
      say('info', 'Already reached one process, cannot decrease the number of processes anymore.'),
      `${INFO}Already reached one process, cannot decrease the number of \n             processes anymore.\n`,
    ],
    [
      say('error', '[Errno 98] Address already in use'),
      `${ERROR}\\e[1m[\\e[0mErrno \\e[1;36m98\\e[0m\\e[1m]\\e[0m Address already in use\n`,
    ],
    [
      say('warning', '"workers" flag is ignored when reloading is enabled.'),
      `  \\e[${TAG}m WARNING \\e[0m  \\e[32m"workers"\\e[0m flag is ignored when reloading is enabled.\n`,
    ],
    [
      access('/', 200),
      `${INFO}\\e[1;92m127.0.0.1\\e[0m:\\e[1;36m54321\\e[0m - \\e[32m"GET / HTTP/1.1"\\e[0m \\e[1;36m200\\e[0m\n`,
    ],
    [
      access('/?q=1', 200),
      `${INFO}\\e[1;92m127.0.0.1\\e[0m:\\e[1;36m54321\\e[0m - \\e[32m"GET /?\\e[0m\\e[32mq\\e[0m\\e[32m=\\e[0m\\e[32m1\\e[0m\\e[32m HTTP/1.1"\\e[0m \\e[1;36m200\\e[0m\n`,
    ],
  ])('%#', (record, expected) => {
    expect(text(record)).toBe(expected)
  })

  test('are wrapped at 72 columns', () => {
    const record = say('info', 'Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)')
    expect(text(record, { ...TERMINAL, columns: 72 })).toBe(
      `${INFO}Uvicorn running on \\e[4;94mhttp://0.0.0.0:8000\\e[0m \\e[1m(\\e[0mPress CTRL+C to \n             quit\\e[1m)\\e[0m\n`,
    )
  })

  test('have no escapes when the output is no terminal', () => {
    expect(text(say('info', 'Started parent process [9973]'), PIPE)).toBe(
      '      INFO   Started parent process [9973]\n',
    )
    expect(text(access('/', 200), PIPE)).toBe('      INFO   127.0.0.1:54321 - "GET / HTTP/1.1" 200\n')
  })

  test('hold a traceback that is the message itself', () => {
    const record = say(
      'error',
      [
        'Traceback (most recent call last):',
        '  File "/usr/lib/python3.11/site-packages/starlette/routing.py/long/enough/to/be/cut", line 654, in lifespan',
        '    async with self.lifespan_context(app) as maybe_state:',
        '  File "/home/user/code/awesomeapp/main.py", line 20, in lifespan',
        '    raise RuntimeError("cannot reach database")',
        'RuntimeError: cannot reach database',
        '',
      ].join('\n'),
    )
    expect(text(record)).toBe(
      [
        `${ERROR}Traceback \\e[1m(\\e[0mmost recent call last\\e[1m)\\e[0m:`,
        '               File ',
        '             \\e[32m"/usr/lib/python3.11/site-packages/starlette/routing.py/long/enough\\e[0m',
        '             \\e[32m/to/be/cut"\\e[0m, line \\e[1;36m654\\e[0m, in lifespan',
        '                 async with \\e[1;35mself.lifespan_context\\e[0m\\e[1m(\\e[0mapp\\e[1m)\\e[0m as maybe_state:',
        '               File \\e[32m"/home/user/code/awesomeapp/main.py"\\e[0m, line \\e[1;36m20\\e[0m, in lifespan',
        '                 raise \\e[1;35mRuntimeError\\e[0m\\e[1m(\\e[0m\\e[32m"cannot reach database"\\e[0m\\e[1m)\\e[0m',
        '             RuntimeError: cannot reach database',
        '',
      ].join('\n'),
    )
  })

  test('are followed by a plain traceback when an exception is logged with them', () => {
    const raised = { name: 'ValueError', message: 'boom', frames: [] }
    expect(
      text({ kind: 'message', pid: 1, level: 'error', parts: ['Exception in ASGI application'], raised }),
    ).toBe(`${ERROR}Exception in ASGI application\nTraceback (most recent call last):\nValueError: boom\n`)
  })

  test('go to stderr, access lines to stdout; stdout decides how both look', () => {
    const print = printer({ speaks, stdout: PIPE, stderr: TERMINAL })
    expect(print(access('/', 200), now).stream).toBe('stdout')
    expect(print(say('info', 'Shutting down'), now)).toEqual({
      stream: 'stderr',
      text: '      INFO   Shutting down\n',
    })
  })
})

test('an uncaught exception of a worker is plain text', () => {
  const raised = { name: 'RuntimeError', message: 'broken release', frames: [] }
  expect(text({ kind: 'traceback', pid: 1, heading: 'Process SpawnProcess-3:', raised })).toBe(
    'Process SpawnProcess-3:\nTraceback (most recent call last):\nRuntimeError: broken release\n',
  )
})

describe('an exception of the application while it is imported', () => {
  const line = 'raise RuntimeError("database url is missing")'
  const frames = [`File "/home/user/code/awesomeapp/main.py", line 13, in <module>\n  ${line}`]
  const record: LogRecord = {
    kind: 'banner',
    pid: 1,
    banner: {
      show: 'exception',
      raised: { name: 'RuntimeError', message: 'database url is missing', frames },
    },
  }

  test('is drawn in a box', () => {
    const edge = '\\e[31m│\\e[0m'
    expect(text(record)).toBe(
      [
        '\\e[31m╭─\\e[0m\\e[31m────────────────────\\e[0m\\e[31m \\e[0m\\e[1;31mTraceback \\e[0m\\e[1;2;31m(most recent call last)\\e[0m\\e[31m \\e[0m\\e[31m─────────────────────\\e[0m\\e[31m─╮\\e[0m',
        `${edge} \\e[2;33m/home/user/code/awesomeapp/\\e[0m\\e[1;33mmain.py\\e[0m:\\e[94m13\\e[0m in \\e[92m<module>\\e[0m                            ${edge}`,
        `${edge}                                                                              ${edge}`,
        `${edge} \\e[31m❱ \\e[0m13 ${line}${' '.repeat(71 - line.length)} ${edge}`,
        '\\e[31m╰──────────────────────────────────────────────────────────────────────────────╯\\e[0m',
        '\\e[1;91mRuntimeError: \\e[0mdatabase url is missing',
        '',
      ].join('\n'),
    )
  })

  test('goes to stderr, whose own colours it has', () => {
    const output = printer({ speaks, stdout: TERMINAL, stderr: PIPE })(record, now)
    expect(output.stream).toBe('stderr')
    expect(output.text).not.toContain('\u001b')
    expect(
      new Set(
        output.text
          .split('\n')
          .slice(0, 5)
          .map((row) => row.length),
      ),
    ).toEqual(new Set([80]))
  })

  test('has no box without a frame', () => {
    const raised = { name: 'OverflowError', message: 'bind(): port must be 0-65535.', frames: [] }
    expect(text({ kind: 'banner', pid: 1, banner: { show: 'exception', raised } })).toBe(
      '\\e[1;91mOverflowError: \\e[0m\\e[1;35mbind\\e[0m\\e[1m(\\e[0m\\e[1m)\\e[0m: port must be \\e[1;36m0\\e[0m-\\e[1;36m65535\\e[0m.\n',
    )
  })
})
