import { compareVersions } from '../../manager/versions.ts'
import type { Argument, Option } from '../option.ts'

/** uvicorn's application; since 0.24.0 it can be named by the environment. */
export function appArgument(version: string): Argument {
  const argument: Argument = { name: 'APP', fills: 'app', required: true }
  return compareVersions(version, '0.24.0') >= 0 ? { ...argument, env: 'UVICORN_APP' } : argument
}

const LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'trace']

/**
 * The options of uvicorn 0.17.6 to 0.51.0 in the order of its help, and the release that brought or removed one (its release notes).
 * Those without `fills` and `does` we do not have yet.
 */
export const OPTIONS: readonly Option[] = [
  {
    names: ['--host'],
    takes: 'text',
    fills: 'host',
    default: '127.0.0.1',
    about: 'The address to listen on.',
  },
  {
    names: ['--port'],
    takes: 'int',
    fills: 'port',
    default: 8000,
    about: 'The port to listen on; with 0 a free one is chosen.',
  },
  { names: ['--uds'], takes: 'text', fills: 'uds', about: 'Listen on a UNIX domain socket.' },
  { names: ['--fd'], takes: 'int', fills: 'fd', about: 'Listen on the socket of this file descriptor.' },
  { names: ['--reload'], takes: 'nothing', about: 'Restart when a file changes.' },
  { names: ['--debug'], takes: 'nothing', about: 'Debug mode.', until: '0.19.0' },
  {
    names: ['--reload-dir'],
    takes: 'text',
    metavar: 'PATH',
    repeats: true,
    env: 'UVICORN_RELOAD_DIRS',
    about: 'A folder to watch instead of the working directory.',
  },
  {
    names: ['--reload-include'],
    takes: 'text',
    repeats: true,
    env: 'UVICORN_RELOAD_INCLUDES',
    about: 'A pattern of files to watch.',
  },
  {
    names: ['--reload-exclude'],
    takes: 'text',
    repeats: true,
    env: 'UVICORN_RELOAD_EXCLUDES',
    about: 'A pattern of files not to watch.',
  },
  {
    names: ['--reload-delay'],
    takes: 'text',
    metavar: 'FLOAT',
    about: 'Seconds between two looks at the files.',
  },
  {
    names: ['--workers'],
    takes: 'int',
    fills: 'workers',
    about: 'How many worker processes; else $WEB_CONCURRENCY, or 1. Not together with --reload.',
  },
  ...implementation('--loop', ['auto', 'asyncio', 'uvloop'], 'The event loop.'),
  ...implementation('--http', ['auto', 'h11', 'httptools'], 'The HTTP implementation.'),
  ...implementation('--ws', ['auto', 'none', 'websockets', 'wsproto'], 'The WebSocket implementation.'),
  { names: ['--ws-max-size'], takes: 'int', about: 'The largest WebSocket message, in bytes.' },
  {
    names: ['--ws-max-queue'],
    takes: 'int',
    about: 'The longest queue of WebSocket messages.',
    since: '0.23.0',
  },
  {
    names: ['--ws-ping-interval'],
    takes: 'text',
    metavar: 'FLOAT',
    about: 'Seconds between two WebSocket pings.',
  },
  {
    names: ['--ws-ping-timeout'],
    takes: 'text',
    metavar: 'FLOAT',
    about: 'Seconds to wait for the answer to a ping.',
  },
  {
    names: ['--ws-per-message-deflate'],
    takes: 'text',
    metavar: 'BOOLEAN',
    about: 'Whether WebSocket messages are compressed.',
  },
  {
    names: ['--lifespan'],
    takes: { choices: ['auto', 'on', 'off'] },
    about: 'Whether startup and shutdown are run.',
  },
  {
    names: ['--interface'],
    takes: { choices: ['auto', 'asgi3', 'asgi2', 'wsgi'] },
    about: 'The interface of the application.',
  },
  { names: ['--env-file'], takes: 'text', metavar: 'PATH', about: 'A file with environment variables.' },
  { names: ['--log-config'], takes: 'text', metavar: 'PATH', about: 'A file that configures the log.' },
  {
    names: ['--log-level'],
    takes: { choices: LEVELS },
    fills: 'logLevel',
    about: 'The least level that is logged.',
    default: 'info',
  },
  {
    names: ['--access-log'],
    negations: ['--no-access-log'],
    takes: 'nothing',
    fills: 'accessLog',
    default: true,
    about: 'Log requests, or do not.',
  },
  {
    names: ['--use-colors'],
    negations: ['--no-use-colors'],
    takes: 'nothing',
    fills: 'colors',
    about: 'Use colours in the log, or do not.',
  },
  {
    names: ['--proxy-headers'],
    negations: ['--no-proxy-headers'],
    takes: 'nothing',
    about: 'Believe the X-Forwarded headers of a proxy, or do not.',
  },
  {
    names: ['--server-header'],
    negations: ['--no-server-header'],
    takes: 'nothing',
    about: 'Send a Server header, or do not.',
  },
  {
    names: ['--date-header'],
    negations: ['--no-date-header'],
    takes: 'nothing',
    about: 'Send a Date header, or do not.',
  },
  { names: ['--forwarded-allow-ips'], takes: 'text', about: 'The proxies whose headers are believed.' },
  {
    names: ['--root-path'],
    takes: 'text',
    fills: 'rootPath',
    about: 'The path under which a proxy serves the application.',
  },
  { names: ['--limit-concurrency'], takes: 'int', about: 'From so many connections on, answer 503.' },
  {
    names: ['--backlog'],
    takes: 'int',
    fills: 'backlog',
    default: 2048,
    about: 'How many connections may wait to be accepted.',
  },
  {
    names: ['--limit-max-requests'],
    takes: 'int',
    fills: 'maxRequests',
    about: 'After so many requests a worker ends itself.',
  },
  {
    names: ['--limit-max-requests-jitter'],
    takes: 'int',
    fills: 'maxRequestsJitter',
    default: 0,
    about: 'Up to so many more, by chance for each worker, so that they do not all end at once.',
    since: '0.41.0',
  },
  {
    names: ['--timeout-keep-alive'],
    takes: 'int',
    fills: 'keepAlive',
    default: 5,
    about: 'After so many seconds an idle connection is closed.',
  },
  {
    names: ['--timeout-graceful-shutdown'],
    takes: 'int',
    fills: 'gracefulTimeout',
    about: 'How many seconds a stopping worker may go on answering.',
    since: '0.22.0',
  },
  {
    names: ['--timeout-worker-healthcheck'],
    takes: 'int',
    fills: 'healthcheckTimeout',
    default: 5,
    about: 'How many seconds a worker has to answer a health check.',
    since: '0.37.0',
  },
  { names: ['--ssl-keyfile'], takes: 'text', fills: 'keyfile', about: 'The TLS key.' },
  { names: ['--ssl-certfile'], takes: 'text', fills: 'certfile', about: 'The TLS certificate.' },
  { names: ['--ssl-keyfile-password'], takes: 'text', about: 'The password of the TLS key.' },
  { names: ['--ssl-version'], takes: 'int', about: 'The TLS version.' },
  { names: ['--ssl-cert-reqs'], takes: 'int', about: 'Whether clients need a certificate.' },
  { names: ['--ssl-ca-certs'], takes: 'text', about: 'The certificates of authorities.' },
  { names: ['--ssl-ciphers'], takes: 'text', about: 'The ciphers.' },
  {
    names: ['--header'],
    takes: 'text',
    repeats: true,
    env: 'UVICORN_HEADERS',
    about: 'A header for every response, as Name:Value.',
  },
  { names: ['--version'], takes: 'nothing', does: 'version', about: 'Show the version and exit.' },
  {
    names: ['--app-dir'],
    takes: 'text',
    fills: 'appDir',
    about: 'Look for APP in this folder instead of the working directory.',
  },
  {
    names: ['--h11-max-incomplete-event-size'],
    takes: 'int',
    about: 'The most bytes of a request head.',
    since: '0.18.0',
  },
  {
    names: ['--reset-contextvars'],
    takes: 'nothing',
    about: 'Give each request a context of its own.',
    since: '0.45.0',
  },
  { names: ['--factory'], takes: 'nothing', about: 'APP is a function that makes the application.' },
  { names: ['--help'], takes: 'nothing', does: 'help', about: 'Show this message and exit.' },
]

/** One of several implementations: up to 0.36.0 a fixed choice, since then also one of the user's own, as an import string. */
function implementation(name: string, choices: readonly string[], about: string): Option[] {
  return [
    { names: [name], takes: { choices }, about, until: '0.36.0' },
    { names: [name], takes: 'text', metavar: `[${choices.join('|')}]`, about, since: '0.36.0' },
  ]
}
