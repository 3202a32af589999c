import { describe, expect, test } from 'vitest'
import { answerOf, parseWords, refusalOf, settingsOf } from './support.ts'

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
      healthcheckTimeout: 5,
      timeout: 0,
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
      healthcheckTimeout: 8,
      timeout: 0,
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
    expect(refusalOf('uvicorn m:a --debug', { version: '0.17.6' }).text).toBe('not yet: --debug\n')
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

describe('what we do not have yet is said, never ignored', () => {
  test.each([
    ['uvicorn main:app --reload --workers 4 --port 8080', '--reload'],
    ['uvicorn main:app --loop uvloop', '--loop'],
    ['uvicorn main:app --ssl-ca-certs=all.pem', '--ssl-ca-certs'],
    ['uvicorn main:app --no-server-header', '--no-server-header'],
  ])('%s', (line, option) => {
    expect(refusalOf(line)).toEqual({ text: `not yet: ${option}\n`, code: 2 })
  })

  test('also when the environment asks for it', () => {
    expect(refusalOf('uvicorn m:a', { env: { UVICORN_RELOAD: '1' } }).text).toBe('not yet: $UVICORN_RELOAD\n')
    expect(settingsOf('uvicorn m:a', { env: { UVICORN_RELOAD: '0' } }).workers).toBe(1)
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
