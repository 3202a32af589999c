import { describe, expect, test } from 'vitest'
import { answerOf, parseWords, refusalOf, settingsOf } from './support.ts'

const USAGE = 'usage: gunicorn [OPTIONS] [APP_MODULE]\n'
const WORKER = 'gunicorn main:app --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 0.0.0.0:80'

describe('refused by argparse, as recorded', () => {
  test.each([
    ['gunicorn main:app --workers abc --bind 0.0.0.0:80', "argument -w/--workers: invalid int value: 'abc'"],
    ['gunicorn main:app --bogus', 'unrecognized arguments: --bogus'],
    ['gunicorn main:app --workers', 'argument -w/--workers: expected one argument'],
  ])('%s', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `${USAGE}gunicorn: error: ${error}\n`, code: 2 })
  })
})

describe('refused by argparse', () => {
  test.each([
    [
      'gunicorn main:app --max 3',
      'ambiguous option: --max could match --max-requests, --max-requests-jitter',
    ],
    ['gunicorn main:app --preload=yes', "argument --preload: ignored explicit argument 'yes'"],
    ['gunicorn main:app -Dx', "argument -D/--daemon: ignored explicit argument 'x'"],
    ['gunicorn main:app -w 2 extra --bogus', 'unrecognized arguments: extra --bogus'],
  ])('%s', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `${USAGE}gunicorn: error: ${error}\n`, code: 2 })
  })
})

describe('refused by gunicorn, as recorded', () => {
  test.each([
    [
      'gunicorn main:app --workers -1 --worker-class uvicorn.workers.UvicornWorker',
      'Value must be positive: -1',
    ],
    [`${WORKER} --timeout -1`, 'Value must be positive: -1'],
    ['gunicorn', 'No application module specified.'],
  ])('%s', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `\nError: ${error}\n`, code: 1 })
  })

  test('a port that is no number; one more empty line follows', () => {
    expect(refusalOf('gunicorn main:app --workers 4 --bind 0.0.0.0:abc')).toEqual({
      text: "\nError: 'abc' is not a valid port number.\n\n",
      code: 1,
    })
  })

  test('a descriptor that is no number', () => {
    expect(refusalOf('gunicorn main:app --bind fd://x').text).toBe(
      "\nError: 'x' is not a valid file descriptor.\n\n",
    )
  })
})

describe('settings', () => {
  test('without any option', () => {
    expect(settingsOf('gunicorn main:app')).toEqual({
      speaks: { program: 'gunicorn', version: '20.1.0' },
      app: { typed: 'main:app', module: 'main', attribute: 'app' },
      binds: [{ kind: 'tcp', host: '127.0.0.1', port: 8000 }],
      workers: 1,
      backlog: 2048,
      logLevel: 'info',
      accessLog: false,
      keepAlive: 2,
      gracefulTimeout: 30,
      gunicorn: { timeout: 30 },
      maxRequestsJitter: 0,
    })
  })

  test('with every option that we have, by short names and beginnings', () => {
    const line = [
      'gunicorn -w4 -k uvicorn.workers.UvicornWorker -b :80 --bind=unix:app.sock -t=5 --graceful 6 --keep 7 main:app',
      '--max-requests 8 --max-requests-j 9 --access-logfile - --log-lev DEBUG --chd src --prel --backl 10',
    ].join(' ')
    expect(settingsOf(line)).toEqual({
      speaks: { program: 'gunicorn', version: '20.1.0' },
      app: { typed: 'main:app', module: 'main', attribute: 'app' },
      binds: [
        { kind: 'tcp', host: '', port: 80 },
        { kind: 'unix', path: 'app.sock' },
      ],
      workers: 4,
      backlog: 10,
      logLevel: 'debug',
      accessLog: true,
      keepAlive: 7,
      gracefulTimeout: 6,
      gunicorn: { timeout: 5, workerClass: 'uvicorn.workers.UvicornWorker', preload: true },
      maxRequests: 8,
      maxRequestsJitter: 9,
      appDir: 'src',
    })
  })

  test.each([
    ['localhost', { kind: 'tcp', host: 'localhost', port: 8000 }],
    ['EXAMPLE.org:99999', { kind: 'tcp', host: 'example.org', port: 99_999 }],
    ['[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    ['[::1]', { kind: 'tcp', host: '::1', port: 8000 }],
    ['tcp://1.2.3.4:5', { kind: 'tcp', host: '1.2.3.4', port: 5 }],
    ['unix:///run/app.sock', { kind: 'unix', path: '/run/app.sock' }],
    ['fd://3', { kind: 'fd', fd: 3 }],
  ])('--bind %s', (typed, bind) => {
    expect(settingsOf(`gunicorn main:app --bind ${typed}`).binds).toEqual([bind])
  })

  test('an unknown log level is info, without a word', () => {
    expect(settingsOf(`${WORKER} --log-level loud`).logLevel).toBe('info')
  })

  test('further words behind the application are ignored', () => {
    expect(settingsOf('gunicorn main:app extra --workers 2')).toMatchObject({
      app: { typed: 'main:app' },
      workers: 2,
    })
  })

  test('--workers 0 is a master without workers', () => {
    expect(settingsOf('gunicorn main:app --workers 0').workers).toBe(0)
  })
})

test.each(['20.1.0', '26.1.0'])('TLS in gunicorn %s', (version) => {
  expect(settingsOf('gunicorn main:app --keyfile key.pem --certfile cert.pem', { version }).tls).toEqual({
    keyfile: 'key.pem',
    certfile: 'cert.pem',
  })
  expect(settingsOf('gunicorn main:app --certf cert.pem', { version }).tls).toEqual({ certfile: 'cert.pem' })
})

describe('options of 26.1.0', () => {
  const version = '26.1.0'

  test.each(['--control-socket=x', '--no-control-socket', '--asgi-lifespan=off', '--http-protocols=h2'])(
    '%s is not known before',
    (option) => {
      const [name = ''] = option.split('=')
      expect(refusalOf(`gunicorn main:app ${option}`, { version }).text).toMatch(
        new RegExp(`^(other class|part|protocol): ${name}\n$`),
      )
      expect(refusalOf(`gunicorn main:app ${option}`).text).toBe(
        `${USAGE}gunicorn: error: unrecognized arguments: ${option}\n`,
      )
      expect(answerOf('gunicorn --help', { version })).toContain(name)
      expect(answerOf('gunicorn --help')).not.toContain(name)
    },
  )

  test('--proxy-protocol has a mode, or none', () => {
    const refused = (rest: string, around = {}) =>
      refusalOf(`gunicorn -w 1 main:app --proxy-protocol${rest}`, around).text
    expect(refused('=v2', { version })).toBe('protocol: --proxy-protocol\n')
    expect(refused(' v2', { version })).toBe('protocol: --proxy-protocol\n')
    expect(refused(' --preload', { version })).toBe('protocol: --proxy-protocol\n')
    expect(refused('=v2')).toBe(
      `${USAGE}gunicorn: error: argument --proxy-protocol: ignored explicit argument 'v2'\n`,
    )
    // A word behind it is its mode, not the application.
    expect(refusalOf('gunicorn --proxy-protocol main:app', { version }).text).toBe(
      '\nError: No application module specified.\n',
    )
  })

  test('the beginning of a name is enough while no other begins so', () => {
    expect(refusalOf('gunicorn main:app --http 1', { version }).text).toContain(
      'could match --http-protocols, --http2-max',
    )
    expect(refusalOf('gunicorn main:app --no 1', { version }).text).toContain(
      'ambiguous option: --no could match --no-sendfile, --no-control-socket',
    )
    expect(refusalOf('gunicorn main:app --no').text).toBe('other class: --no-sendfile\n')
  })
})

describe('the environment', () => {
  test('GUNICORN_CMD_ARGS stands before the command line', () => {
    const env = { GUNICORN_CMD_ARGS: "-w 3 --bind ':6' --timeout 4 other:app" }
    expect(settingsOf('gunicorn main:app -w 5', { env })).toMatchObject({
      app: { typed: 'main:app' },
      workers: 5,
      gunicorn: { timeout: 4 },
      binds: [{ host: '', port: 6 }],
    })
  })

  test('GUNICORN_CMD_ARGS is checked like the command line', () => {
    const refused = (args: string) =>
      refusalOf('gunicorn main:app', { env: { GUNICORN_CMD_ARGS: args } }).text
    expect(refused('"')).toBe('\nError: No closing quotation\n')
    expect(refused('--bogus')).toBe(`${USAGE}gunicorn: error: unrecognized arguments: --bogus\n`)
    expect(refused('-t -3')).toBe('\nError: Value must be positive: -3\n')
  })

  test('WEB_CONCURRENCY and PORT are defaults', () => {
    const env = { WEB_CONCURRENCY: '3', PORT: '9000' }
    expect(settingsOf('gunicorn main:app', { env })).toMatchObject({
      workers: 3,
      binds: [{ kind: 'tcp', host: '0.0.0.0', port: 9000 }],
    })
    expect(settingsOf('gunicorn main:app -w 1 -b :1', { env })).toMatchObject({
      workers: 1,
      binds: [{ port: 1 }],
    })
  })

  test('WEB_CONCURRENCY that is no number of workers', () => {
    expect(refusalOf('gunicorn main:app', { env: { WEB_CONCURRENCY: 'x' } })).toEqual({
      text: "Traceback (most recent call last):\nValueError: invalid literal for int() with base 10: 'x'\n",
      code: 1,
    })
    expect(refusalOf('gunicorn main:app', { env: { WEB_CONCURRENCY: '-2' } }).text).toBe(
      '\nError: Value must be positive: -2\n',
    )
  })
})

describe('what we do not have is said, never ignored', () => {
  test.each([
    [`${WORKER} --daem`, 'daemon: --daemon'],
    [`${WORKER} -c gunicorn.py`, 'config: -c'],
    [`${WORKER} --preload`, 'preload: --preload'],
    [`${WORKER} --threads 4`, 'other class: --threads'],
    [`${WORKER} --reload`, 'reload: --reload'],
    [`${WORKER} --user www-data`, 'privileges: --user'],
    [`${WORKER} --statsd-host localhost:8125`, 'logging: --statsd-host'],
  ])('%s', (line, text) => {
    expect(refusalOf(line, { files: { 'gunicorn.py': '' } })).toEqual({ text: `${text}\n`, code: 2 })
  })

  test('a simulated machine preloads, and writes no log to files', () => {
    expect(settingsOf(`${WORKER} --preload`).gunicorn?.preload).toBe(true)
    expect(refusalOf(`${WORKER} --access-logfile access.log`).text).toBe(
      'not yet: --access-logfile access.log\n',
    )
  })
})

describe('where processes are real', () => {
  test('logs, PID file, name and environment', () => {
    const line = [
      'gunicorn main:app --access-logfile access.log --access-logformat %(s)s --error-logfile error.log --capture-output',
      '-p app.pid -n shop -e A=1 --env B=x=y --reuse-port --forwarded-allow-ips * --chdir src',
    ].join(' ')
    expect(settingsOf(line, { files: { src: '' } })).toMatchObject({
      accessLog: true,
      appDir: 'src',
      env: { A: '1', B: 'x=y' },
      http: { forwardedAllowIps: '*' },
      gunicorn: {
        accessLogfile: 'access.log',
        accessFormat: '%(s)s',
        errorLogfile: 'error.log',
        captureOutput: true,
        pidfile: 'app.pid',
        name: 'shop',
        reusePort: true,
      },
    })
  })

  test('short forms and several addresses', () => {
    expect(
      settingsOf('gunicorn -w4 -k asgi -b :81 -b[::]:82 -bunix:/run/a.sock main:app', { files: {} }),
    ).toMatchObject({
      workers: 4,
      gunicorn: { workerClass: 'asgi' },
      binds: [
        { kind: 'tcp', host: '', port: 81 },
        { kind: 'tcp', host: '::', port: 82 },
        { kind: 'unix', path: '/run/a.sock' },
      ],
    })
  })

  test.each([
    ['-c nofile.py', "\nError: 'nofile.py' doesn't exist\n"],
    ['--chdir nosuch', "\nError: can't chdir to 'nosuch'\n"],
    ['-e A', "\nError: environment setting 'A' invalid\n\n"],
  ])('%s', (option, text) => {
    expect(refusalOf(`gunicorn main:app ${option}`, { files: {} })).toEqual({ text, code: 1 })
  })

  test('--print-config shows every setting in order', () => {
    const { gunicorn } = settingsOf('gunicorn main:app -w 3 --print-config -b :81 -b :82', { files: {} })
    const lines = gunicorn?.check?.print?.split('\n').filter(Boolean) ?? []
    expect(lines).toContain("bind                = [':81', ':82']")
    expect(lines).toContain('workers             = 3')
    expect(lines).toContain('default_proc_name   = main:app')
    expect(lines).toContain('capture_output      = False')
    expect(lines).toEqual(lines.toSorted())
  })
})

test('--version as recorded', () => {
  expect(answerOf('gunicorn --version')).toBe('gunicorn (version 20.1.0)\n')
  expect(answerOf('gunicorn -v', { version: '26.1.0' })).toBe('gunicorn (version 26.1.0)\n')
})

test('--help has every option in the form of argparse', () => {
  const help = answerOf('gunicorn -h')
  expect(help).toMatch(
    /^usage: gunicorn \[OPTIONS\] \[APP_MODULE\]\n\noptions:\n {2}-h, --help {12}show this help message/,
  )
  expect(help).toContain('\n  -w INT, --workers INT\n                        How many worker processes')
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(78)
})

test('words behind -- are no options', () => {
  expect(parseWords(['gunicorn', '-w', '2', '--', '--app'])).toMatchObject({
    settings: { app: { typed: '--app' } },
  })
})
