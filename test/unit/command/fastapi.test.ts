import { describe, expect, test } from 'vitest'
import { answerOf, refusalOf, settingsOf } from './support.ts'

/** The red box as recorded on a terminal of 80 columns with colours. */
function recorded(path: string, takes: string, sentence: string): string {
  return [
    `\\e[1;33mUsage: \\e[0m\\e[1m${path} ${takes}\\e[0m`,
    `\\e[2mTry \\e[0m\\e[2;34m'${path} \\e[0m\\e[1;2;34m-\\e[0m\\e[1;2;34m-help\\e[0m\\e[2;34m'\\e[0m\\e[2m for help.\\e[0m`,
    '\\e[31m╭─\\e[0m\\e[31m Error \\e[0m\\e[31m─────────────────────────────────────────────────────────────────────\\e[0m\\e[31m─╮\\e[0m',
    `\\e[31m│\\e[0m ${sentence} \\e[31m│\\e[0m`,
    '\\e[31m╰──────────────────────────────────────────────────────────────────────────────╯\\e[0m',
    '',
  ].join('\n')
}

const RUN = ['fastapi run', '[OPTIONS] [path]'] as const
const GROUP = ['fastapi', '[OPTIONS] COMMAND [ARGS]...'] as const

describe('refused in a red box, as recorded', () => {
  test.each<[string, readonly [string, string], string]>([
    [
      'fastapi run --workers abc main.py',
      RUN,
      "Invalid value for '\\e[1;36m-\\e[0m\\e[1;36m-workers\\e[0m': 'abc' is not a valid int.                    ",
    ],
    [
      'fastapi run --port abc main.py',
      RUN,
      "Invalid value for '\\e[1;36m-\\e[0m\\e[1;36m-port\\e[0m': 'abc' is not a valid int.                       ",
    ],
    [
      'fastapi run --bogus main.py',
      RUN,
      'No such option: \\e[1;36m-\\e[0m\\e[1;36m-bogus\\e[0m (Possible options: \\e[1;36m-\\e[0m\\e[1;36m-host\\e[0m)                          ',
    ],
    ['fastapi', GROUP, 'Missing command.                                                            '],
    [
      'fastapi rum main.py',
      GROUP,
      "No such command 'rum'. Did you mean 'run'?                                  ",
    ],
    [
      'fastapi run main.py extra',
      RUN,
      'Got unexpected extra argument(s) (extra)                                    ',
    ],
  ])('%s', (line, place, sentence) => {
    expect(refusalOf(line, { colors: true })).toEqual({ text: recorded(...place, sentence), code: 2 })
  })
})

describe('refused without colours', () => {
  const box = (sentence: string, columns = 80) =>
    [
      `╭─ Error ${'─'.repeat(columns - 10)}╮`,
      `│ ${sentence.padEnd(columns - 4)} │`,
      `╰${'─'.repeat(columns - 2)}╯`,
      '',
    ].join('\n')

  test('a command that nobody would mean', () => {
    expect(refusalOf('fastapi serve').text).toBe(
      `Usage: fastapi [OPTIONS] COMMAND [ARGS]...\nTry 'fastapi --help' for help.\n${box("No such command 'serve'.")}`,
    )
  })

  test.each([
    ['fastapi run --port', "Option '--port' requires an argument."],
    ['fastapi run --reload=1', "Option '--reload' does not take a value."],
  ])('%s, without the usage', (line, sentence) => {
    expect(refusalOf(line)).toEqual({ text: box(sentence), code: 2 })
  })

  test('wrapped on a narrow terminal', () => {
    const { text } = refusalOf('fastapi run --no-relod', { columns: 44 })
    expect(text.split('\n').slice(2)).toEqual([
      '╭─ Error ──────────────────────────────────╮',
      '│ No such option: --no-relod (Possible     │',
      '│ options: --no-reload, --reload)          │',
      '╰──────────────────────────────────────────╯',
      '',
    ])
  })
})

describe('settings', () => {
  test('of `fastapi run`', () => {
    expect(settingsOf('fastapi run')).toEqual({
      speaks: { program: 'fastapi', version: '0.0.7' },
      app: { typed: '', module: '', attribute: '' },
      binds: [{ kind: 'tcp', host: '0.0.0.0', port: 8000 }],
      workers: 1,
      backlog: 2048,
      logLevel: 'info',
      accessLog: true,
      keepAlive: 5,
      uvicorn: { healthcheckTimeout: 5 },
      maxRequestsJitter: 0,
      fastapi: { command: 'run' },
    })
  })

  test('with every option that we have', () => {
    const line = 'fastapi run --workers 4 ./main.py --host 1.2.3.4 --port 5 --app api --root-path /v1'
    expect(settingsOf(line)).toMatchObject({
      binds: [{ kind: 'tcp', host: '1.2.3.4', port: 5 }],
      workers: 4,
      rootPath: '/v1',
      fastapi: { command: 'run', path: 'main.py', app: 'api' },
    })
  })

  test('of `fastapi dev --no-reload`', () => {
    expect(settingsOf('fastapi dev --no-reload main.py')).toMatchObject({
      binds: [{ kind: 'tcp', host: '127.0.0.1', port: 8000 }],
      fastapi: { command: 'dev', path: 'main.py' },
    })
  })

  test.each(['0', '-1'])('--workers %s is left to the manager', (workers) => {
    expect(settingsOf(`fastapi run --workers ${workers} main.py`).workers).toBe(Number(workers))
  })

  test('WEB_CONCURRENCY gives the workers that nobody asked for', () => {
    expect(settingsOf('fastapi run', { env: { WEB_CONCURRENCY: '3' } }).workers).toBe(3)
  })
})

describe('options by version', () => {
  const version = '0.0.32'

  test('PORT gives the port since 0.0.12', () => {
    const env = { PORT: '9000' }
    expect(settingsOf('fastapi run', { env, version }).binds).toMatchObject([{ port: 9000 }])
    expect(settingsOf('fastapi run --port 1', { env, version }).binds).toMatchObject([{ port: 1 }])
    expect(settingsOf('fastapi run', { env: { PORT: '' }, version }).binds).toMatchObject([{ port: 8000 }])
    expect(settingsOf('fastapi run', { env }).binds).toMatchObject([{ port: 8000 }])
    const { text } = refusalOf('fastapi run', { env: { PORT: 'http' }, version })
    expect(text).toContain("Invalid value for '--port' (env var: 'PORT'): 'http' is not a valid int.")
  })

  test('-h is help since 0.0.13', () => {
    expect(answerOf('fastapi run -h', { version })).toContain('│ -h,--help ')
    expect(answerOf('fastapi -h', { version })).toBe(answerOf('fastapi --help', { version }))
    expect(refusalOf('fastapi run -h').text).toContain('No such option: -h')
  })

  test.each([
    ['--entrypoint main:app', { fastapi: { command: 'run', entrypoint: 'main:app' } }],
    ['-e main:app', { fastapi: { command: 'run', entrypoint: 'main:app' } }],
    ['--forwarded-allow-ips *', { http: { forwardedAllowIps: '*' } }],
    ['--no-verbose', {}],
  ])('%s is new', (option, settings) => {
    const [name = ''] = option.split(' ')
    expect(settingsOf(`fastapi run ${option}`, { version, files: {} })).toMatchObject(settings)
    expect(refusalOf(`fastapi run ${option}`).text).toContain(`No such option: ${name}`)
  })

  test('--reload-dir is for `fastapi dev`', () => {
    const files = { src: '', lib: '' }
    const line = 'fastapi dev --reload-dir src --reload-dir lib'
    expect(settingsOf(line, { version, files }).uvicorn?.reload?.dirs).toEqual(['/work/lib', '/work/src'])
    expect(refusalOf('fastapi dev --reload-dir nosuch', { version, files }).text).toContain(
      "Invalid value for '--reload-dir': Path 'nosuch' does not exist.",
    )
    expect(refusalOf('fastapi run --reload-dir src', { version }).text).toContain(
      'No such option: --reload-dir',
    )
    expect(refusalOf('fastapi dev --reload-dir src').text).toContain('No such option: --reload-dir')
  })

  test('the settings are the same', () => {
    expect(settingsOf('fastapi run --workers 4 main.py', { version })).toEqual({
      ...settingsOf('fastapi run --workers 4 main.py'),
      speaks: { program: 'fastapi', version },
    })
  })
})

describe('`fastapi dev`', () => {
  test('reloads, and listens for this computer alone', () => {
    const { uvicorn, binds, fastapi } = settingsOf('fastapi dev main.py')
    expect(uvicorn?.reload).toEqual({
      reloader: 'StatReload',
      dirs: ['/work'],
      includes: [],
      excludes: [],
      delay: 0.25,
    })
    expect(binds).toEqual([{ kind: 'tcp', host: '127.0.0.1', port: 8000 }])
    expect(fastapi).toEqual({ command: 'dev', path: 'main.py' })
  })

  test('does not with --no-reload, and `fastapi run` does with --reload', () => {
    expect(settingsOf('fastapi dev --no-reload').uvicorn?.reload).toBeUndefined()
    expect(settingsOf('fastapi run --reload').uvicorn?.reload).toBeDefined()
  })
})

describe('what we do not have is said, never ignored', () => {
  test.each([
    ['fastapi run --no-proxy-headers', 'not yet: --no-proxy-headers'],
    ['fastapi --install-completion', 'part: --install-completion'],
    ['fastapi --verbose run', 'part: --verbose'],
  ])('%s', (line, text) => {
    expect(refusalOf(line)).toEqual({ text: `${text}\n`, code: 2 })
  })
})

test('--version as recorded', () => {
  expect(answerOf('fastapi --version', { colors: true })).toBe(
    'FastAPI CLI version: \\e[1;32m0.0\\e[0m\\e[32m.\\e[0m\\e[1;32m7\\e[0m\n',
  )
  expect(answerOf('fastapi --version')).toBe('FastAPI CLI version: 0.0.7\n')
})

test('--help is boxes with every option', () => {
  const help = answerOf('fastapi run --help')
  expect(help).toContain('\n Usage: fastapi run [OPTIONS] [path]\n')
  expect(help).toContain('╭─ Arguments ─')
  expect(help).toMatch(/\n│ --reload +--no-reload +Reload the application/)
  expect(help).toContain('[default: 0.0.0.0]')
  expect(answerOf('fastapi --help')).toMatch(/╭─ Commands ─+╮\n│ dev +Run/)
  const boxes = help.split('\n').filter((line) => /^[╭│╰]/.test(line))
  expect(new Set(boxes.map((line) => line.length))).toEqual(new Set([80]))
})
