import { describe, expect, test } from 'vitest'
import { answerOf, parse, parseWords, refusalOf, settingsOf } from './support.ts'

const USAGE = "Usage: uvicorn [OPTIONS] APP\nTry 'uvicorn --help' for help.\n\n"

describe('refused, as recorded', () => {
  test.each([
    [
      'uvicorn main:app --host 0.0.0.0 --port 8080 --workers abc',
      "Error: Invalid value for '--workers': 'abc' is not a valid integer.",
    ],
    ['uvicorn main:app --port abc', "Error: Invalid value for '--port': 'abc' is not a valid integer."],
    [
      'uvicorn main:app --bogus',
      "Error: No such option '--bogus'. (Did you mean one of: '--backlog', '--host', '--uds'?)",
    ],
    ['uvicorn', "Error: Missing argument 'APP'."],
    ['uvicorn main:app extra', 'Error: Got unexpected extra argument (extra)'],
    [
      'uvicorn main:app --log-level loud',
      "Error: Invalid value for '--log-level': 'loud' is not one of 'critical', 'error', 'warning', 'info', 'debug', 'trace'.",
    ],
    ['uvicorn main:app --worker 4', "Error: No such option '--worker'. Did you mean '--workers'?"],
  ])('%s', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `${USAGE}${error}\n`, code: 2 })
  })
})

describe('refused by click 8.5', () => {
  test.each([
    ['uvicorn main:app a b', 'Error: Got unexpected extra arguments (a b)'],
    ['uvicorn main:app -w4', "Error: No such option '-w'."],
    ['uvicorn main:app --xyzzyx', "Error: No such option '--xyzzyx'."],
    ['uvicorn --workers x --port y', "Error: Invalid value for '--workers': 'x' is not a valid integer."],
    ['uvicorn a b --port=', "Error: Invalid value for '--port': '' is not a valid integer."],
  ])('%s', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `${USAGE}${error}\n`, code: 2 })
  })

  test.each([
    ['uvicorn main:app --port', "Error: Option '--port' requires an argument."],
    ['uvicorn main:app --access-log=1', "Error: Option '--access-log' does not take a value."],
  ])('%s, without the usage', (line, error) => {
    expect(refusalOf(line)).toEqual({ text: `${error}\n`, code: 2 })
  })

  test('a value of the environment that is none', () => {
    expect(refusalOf('uvicorn main:app', { env: { UVICORN_ACCESS_LOG: 'maybe' } }).text).toBe(
      `${USAGE}Error: Invalid value for '--access-log': 'maybe' is not a valid boolean. Recognized values: , 0, 1, f, false, n, no, off, on, t, true, y, yes\n`,
    )
  })
})

describe('refused by the click of uvicorn 0.17.6, as recorded', () => {
  test.each([
    [
      'uvicorn main:app --bogus',
      'Error: No such option: --bogus (Possible options: --backlog, --host, --uds)',
    ],
    ['uvicorn main:app --worker 4', 'Error: No such option: --worker Did you mean --workers?'],
  ])('%s', (line, error) => {
    expect(refusalOf(line, { version: '0.17.6' })).toEqual({ text: `${USAGE}${error}\n`, code: 2 })
  })
})

describe('settings', () => {
  test('without any option', () => {
    expect(settingsOf('uvicorn main:app')).toEqual({
      speaks: { program: 'uvicorn', version: '0.51.0' },
      app: { typed: 'main:app', module: 'main', attribute: 'app' },
      binds: [{ kind: 'tcp', host: '127.0.0.1', port: 8000 }],
      workers: 1,
      backlog: 2048,
      logLevel: 'info',
      accessLog: true,
      keepAlive: 5,
      uvicorn: { healthcheckTimeout: 5 },
      maxRequestsJitter: 0,
    })
  })

  test('with every option that we have', () => {
    const line = [
      'uvicorn --host 0.0.0.0 --port=8080 --workers 4 --log-level debug --no-access-log --use-colors --backlog 9 pkg.main:make.app',
      '--timeout-keep-alive 6 --timeout-graceful-shutdown 7 --timeout-worker-healthcheck 8 --limit-max-requests 10',
      '--limit-max-requests-jitter 3 --app-dir src --root-path /api',
    ].join(' ')
    expect(settingsOf(line)).toEqual({
      speaks: { program: 'uvicorn', version: '0.51.0' },
      app: { typed: 'pkg.main:make.app', module: 'pkg.main', attribute: 'make.app' },
      binds: [{ kind: 'tcp', host: '0.0.0.0', port: 8080 }],
      workers: 4,
      backlog: 9,
      logLevel: 'debug',
      accessLog: false,
      colors: true,
      keepAlive: 6,
      gracefulTimeout: 7,
      uvicorn: { healthcheckTimeout: 8 },
      maxRequests: 10,
      maxRequestsJitter: 3,
      appDir: 'src',
      rootPath: '/api',
    })
  })

  test.each(['0', '-1'])('--workers %s is left to the manager', (workers) => {
    expect(settingsOf(`uvicorn main:app --workers ${workers}`).workers).toBe(Number(workers))
  })

  test('a port that nobody can bind is left to the manager', () => {
    expect(settingsOf('uvicorn main:app --port 99999').binds).toEqual([
      { kind: 'tcp', host: '127.0.0.1', port: 99_999 },
    ])
  })

  test('a socket file wins over a descriptor, and that over host and port', () => {
    expect(settingsOf('uvicorn m:a --host h --fd 3 --uds app.sock').binds).toEqual([
      { kind: 'unix', path: 'app.sock' },
    ])
    expect(settingsOf('uvicorn m:a --host h --fd 3').binds).toEqual([{ kind: 'fd', fd: 3 }])
  })

  test('the last of several values wins', () => {
    expect(settingsOf('uvicorn m:a --port 1 --port 2 --no-use-colors --use-colors')).toMatchObject({
      binds: [{ port: 2 }],
      colors: true,
    })
  })

  test('an import string without a colon, and one with nothing behind it', () => {
    expect(settingsOf('uvicorn main').app).toEqual({ typed: 'main', module: 'main', attribute: '' })
    expect(settingsOf('uvicorn main:').app).toEqual({ typed: 'main:', module: 'main', attribute: '' })
  })
})

describe('TLS', () => {
  test('is asked for by a key, a certificate, or both', () => {
    expect(settingsOf('uvicorn m:a --ssl-keyfile key.pem --ssl-certfile=cert.pem').tls).toEqual({
      keyfile: 'key.pem',
      certfile: 'cert.pem',
    })
    expect(settingsOf('uvicorn m:a --ssl-certfile cert.pem').tls).toEqual({ certfile: 'cert.pem' })
    expect(settingsOf('uvicorn m:a --ssl-keyfile=').tls).toBeUndefined()
  })
})

describe('options by version', () => {
  test.each([
    ['--timeout-worker-healthcheck 3', '0.30.6', '0.51.0'],
    ['--timeout-graceful-shutdown 3', '0.17.6', '0.30.6'],
    ['--limit-max-requests-jitter 3', '0.30.6', '0.51.0'],
  ])('%s came after %s', (option, older, newer) => {
    const line = `uvicorn m:a ${option}`
    const [name = ''] = option.split(' ')
    const complaint = older === '0.17.6' ? `No such option: ${name}` : `No such option '${name}'.`
    expect(refusalOf(line, { version: older }).text).toContain(`Error: ${complaint}`)
    expect(settingsOf(line, { version: newer }).speaks.version).toBe(newer)
    expect(answerOf('uvicorn --help', { version: older })).not.toContain(name)
    expect(answerOf('uvicorn --help', { version: newer })).toContain(name)
  })

  test('what an older version has no option for, it has by default', () => {
    expect(settingsOf('uvicorn m:a', { version: '0.30.6' })).toEqual({
      ...settingsOf('uvicorn m:a'),
      speaks: { program: 'uvicorn', version: '0.30.6' },
    })
  })

  test('--debug went, and is refused as a name that nobody knows', () => {
    expect(refusalOf('uvicorn m:a --debug', { version: '0.17.6' }).text).toBe('python: --debug\n')
    expect(refusalOf('uvicorn m:a --debug').text).toContain("Error: No such option '--debug'.")
  })

  test('UVICORN_APP is read since 0.24.0', () => {
    const env = { UVICORN_APP: 'main:app' }
    expect(settingsOf('uvicorn', { env, version: '0.30.6' }).app.typed).toBe('main:app')
    expect(refusalOf('uvicorn', { env, version: '0.17.6' }).text).toContain("Missing argument 'APP'.")
  })
})

describe('the environment', () => {
  test('WEB_CONCURRENCY gives the workers that nobody asked for', () => {
    expect(settingsOf('uvicorn m:a', { env: { WEB_CONCURRENCY: '3' } }).workers).toBe(3)
    expect(settingsOf('uvicorn m:a --workers 2', { env: { WEB_CONCURRENCY: '3' } }).workers).toBe(2)
  })

  test('WEB_CONCURRENCY that is no number ends in a traceback', () => {
    expect(refusalOf('uvicorn m:a', { env: { WEB_CONCURRENCY: 'many' } })).toEqual({
      text: "Traceback (most recent call last):\nValueError: invalid literal for int() with base 10: 'many'\n",
      code: 1,
    })
  })

  test('UVICORN_… stands for an option, and for the application', () => {
    const env = { UVICORN_APP: 'main:app', UVICORN_PORT: '9000', UVICORN_ACCESS_LOG: 'off', UVICORN_HOST: '' }
    expect(settingsOf('uvicorn', { env })).toMatchObject({
      app: { typed: 'main:app' },
      binds: [{ host: '127.0.0.1', port: 9000 }],
      accessLog: false,
    })
    expect(settingsOf('uvicorn --port 1', { env }).binds).toMatchObject([{ port: 1 }])
  })
})

describe('what we do not have is said, never ignored', () => {
  test.each([
    ['uvicorn main:app --loop uvloop', 'python: --loop'],
    ['uvicorn main:app --ws wsproto', 'websocket: --ws'],
    ['uvicorn main:app --ws-max-size 5', 'websocket: --ws-max-size'],
    ['uvicorn main:app --interface wsgi', 'python: --interface'],
    ['uvicorn main:app --reset-contextvars', 'python: --reset-contextvars'],
    ['uvicorn main:app --ssl-version 99', 'protocol: --ssl-version'],
    ['uvicorn main:app --log-config log.json', 'logging: --log-config'],
  ])('%s', (line, text) => {
    expect(refusalOf(line, { files: { 'log.json': '{}' } })).toEqual({ text: `${text}\n`, code: 2 })
  })

  test('what only real processes honour is not there on a simulated machine', () => {
    expect(refusalOf('uvicorn main:app --limit-concurrency 5').text).toBe('not yet: --limit-concurrency\n')
    expect(refusalOf('uvicorn main:app', { env: { UVICORN_LIMIT_CONCURRENCY: '5' } }).text).toBe(
      'not yet: $UVICORN_LIMIT_CONCURRENCY\n',
    )
  })

  test('a value with which an option is as good as left out is taken', () => {
    const line = 'uvicorn main:app --loop auto --http auto --ws auto --interface auto'
    expect(settingsOf(line)).toEqual(settingsOf('uvicorn main:app'))
  })
})

describe('--reload', () => {
  test('watches the working folder', () => {
    expect(settingsOf('uvicorn main:app --reload --workers 4')).toMatchObject({
      workers: 4,
      uvicorn: {
        reload: { reloader: 'StatReload', dirs: ['/work'], includes: [], excludes: [], delay: 0.25 },
      },
    })
  })

  test('or others; with patterns the reloader that knows them', () => {
    const line =
      'uvicorn main:app --reload --reload-dir b --reload-dir ./a/ --reload-include *.css --reload-exclude dist --reload-delay 1.5'
    expect(settingsOf(line, { files: { b: '', './a/': '' } }).uvicorn?.reload).toEqual({
      reloader: 'WatchFiles',
      dirs: ['/work/a', '/work/b'],
      includes: ['*.css'],
      excludes: ['dist'],
      delay: 1.5,
    })
  })

  test('is asked for by the environment as well', () => {
    expect(settingsOf('uvicorn m:a', { env: { UVICORN_RELOAD: '1' } }).uvicorn?.reload).toBeDefined()
    expect(settingsOf('uvicorn m:a', { env: { UVICORN_RELOAD: '0' } }).uvicorn?.reload).toBeUndefined()
  })

  test('a folder that is not there, a delay that is no number', () => {
    expect(refusalOf('uvicorn m:a --reload-dir nosuch', { files: {} }).text).toBe(
      `${USAGE}Error: Invalid value for '--reload-dir': Path 'nosuch' does not exist.\n`,
    )
    expect(refusalOf('uvicorn m:a --reload-delay soon', { files: {} }).text).toBe(
      `${USAGE}Error: Invalid value for '--reload-delay': 'soon' is not a valid float.\n`,
    )
  })
})

describe('where processes are real', () => {
  test('everything about requests and responses', () => {
    const line = [
      'uvicorn main:app --no-proxy-headers --forwarded-allow-ips 10.0.0.0/8,::1 --server-header --no-date-header',
      '--header X-One:1 --header X-Two:a:b --limit-concurrency 9 --h11-max-incomplete-event-size 4096 --ws none',
      '--lifespan off --factory',
    ].join(' ')
    expect(settingsOf(line, { files: {} })).toMatchObject({
      http: {
        proxyHeaders: false,
        forwardedAllowIps: '10.0.0.0/8,::1',
        serverHeader: true,
        dateHeader: false,
        headers: [
          ['X-One', '1'],
          ['X-Two', 'a:b'],
        ],
        limitConcurrency: 9,
        maxHead: 4096,
        upgrades: false,
      },
      lifespan: 'off',
      factory: true,
    })
  })

  test('FORWARDED_ALLOW_IPS names the proxies', () => {
    const env = { FORWARDED_ALLOW_IPS: '*' }
    expect(settingsOf('uvicorn m:a', { env, files: {} }).http).toEqual({ forwardedAllowIps: '*' })
  })

  test('a file with variables gives those that are not there, and WEB_CONCURRENCY', () => {
    const files = { '.env': 'A=1\nB=2\nWEB_CONCURRENCY=3' }
    const parsed = parse('uvicorn m:a --env-file .env', { env: { B: 'mine' }, files })
    expect(parsed).toMatchObject({
      settings: { workers: 3, env: { A: '1', WEB_CONCURRENCY: '3' } },
      notices: [{ level: 'info', text: "Loading environment from '.env'" }],
    })
    expect(refusalOf('uvicorn m:a --env-file nosuch', { files }).text).toContain(
      "Path 'nosuch' does not exist.",
    )
  })

  test('all of TLS', () => {
    const line =
      'uvicorn m:a --ssl-keyfile k --ssl-certfile c --ssl-keyfile-password p --ssl-ca-certs a --ssl-cert-reqs 2 --ssl-ciphers HIGH --ssl-version 5'
    expect(settingsOf(line, { files: {} }).tls).toEqual({
      keyfile: 'k',
      certfile: 'c',
      password: 'p',
      caCerts: 'a',
      certReqs: 2,
      ciphers: 'HIGH',
      version: 5,
    })
  })

  test('a header without a colon', () => {
    expect(refusalOf('uvicorn m:a --header nothing', { files: {} })).toEqual({
      text: 'Traceback (most recent call last):\nValueError: not enough values to unpack (expected 2, got 1)\n',
      code: 1,
    })
  })
})

test('--version as recorded, before anything is checked', () => {
  expect(answerOf('uvicorn --version')).toBe('Running uvicorn 0.51.0 with CPython 3.11.2 on Linux\n')
  expect(answerOf('uvicorn --port abc --version')).toBe(answerOf('uvicorn --version'))
})

test('--help has every option in the form of click', () => {
  const help = answerOf('uvicorn --help')
  expect(help).toMatch(/^Usage: uvicorn \[OPTIONS\] APP\n\nOptions:\n {2}--host TEXT {21}\S/)
  expect(help).toContain('\n  --access-log / --no-access-log  Log requests')
  expect(help).toContain('\n  --limit-max-requests-jitter INTEGER\n                                  Up to')
  expect(help).toContain('Show this message and exit.\n')
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(78)
})

test('words behind -- are no options', () => {
  expect(parseWords(['uvicorn', '--', '--host'])).toMatchObject({ settings: { app: { typed: '--host' } } })
})
