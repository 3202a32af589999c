import { compareVersions } from '../../manager/versions.ts'
import type { Argument, Option } from '../option.ts'

/** uvicorn's positional argument; since 0.24.0 an environment variable may give it. */
export function appArgument(version: string): Argument {
  const argument: Argument = { name: 'APP', fills: 'app', required: true }
  return compareVersions(version, '0.24.0') >= 0 ? { ...argument, env: 'UVICORN_APP' } : argument
}

const LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'trace']

/**
 * The options of uvicorn 0.17.6 to 0.54.0 in the order of its help, and the release that added or removed one (source: its release notes).
 * Options without `fills` and `does` are not implemented yet.
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
  { names: ['--reload'], takes: 'nothing', fills: 'reload', about: 'Restart when a file changes.' },
  { names: ['--debug'], takes: 'nothing', refused: 'python', about: 'Debug mode.', until: '0.19.0' },
  {
    names: ['--reload-dir'],
    takes: 'path',
    repeats: true,
    fills: 'reloadDirs',
    env: 'UVICORN_RELOAD_DIRS',
    about: 'A folder to watch instead of the working directory.',
  },
  {
    names: ['--reload-include'],
    takes: 'text',
    repeats: true,
    fills: 'reloadIncludes',
    env: 'UVICORN_RELOAD_INCLUDES',
    about: 'A pattern of files to watch, besides *.js, *.ts and the like.',
  },
  {
    names: ['--reload-exclude'],
    takes: 'text',
    repeats: true,
    fills: 'reloadExcludes',
    env: 'UVICORN_RELOAD_EXCLUDES',
    about: 'A pattern of files not to watch.',
  },
  {
    names: ['--reload-delay'],
    takes: 'float',
    fills: 'reloadDelay',
    default: 0.25,
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
  {
    names: ['--http2'],
    takes: 'nothing',
    refused: 'protocol',
    about: 'Speak HTTP/2 as well.',
    since: '0.53.0',
  },
  ...implementation(
    '--ws',
    ['auto', 'none', 'websockets', 'wsproto'],
    'The WebSocket implementation: the application has its own; none lets no connection become one.',
    { fills: 'websocket', refused: 'webSocket', accepts: ['auto', 'none'] },
  ),
  {
    names: ['--ws-max-size'],
    takes: 'int',
    refused: 'webSocket',
    about: 'The largest WebSocket message, in bytes.',
  },
  {
    names: ['--ws-max-queue'],
    takes: 'int',
    refused: 'webSocket',
    about: 'The longest queue of WebSocket messages.',
    since: '0.23.0',
  },
  {
    names: ['--ws-ping-interval'],
    takes: 'float',
    refused: 'webSocket',
    about: 'Seconds between two WebSocket pings.',
  },
  {
    names: ['--ws-ping-timeout'],
    takes: 'float',
    refused: 'webSocket',
    about: 'Seconds to wait for the answer to a ping.',
  },
  {
    names: ['--ws-per-message-deflate'],
    takes: 'text',
    metavar: 'BOOLEAN',
    refused: 'webSocket',
    about: 'Whether WebSocket messages are compressed.',
  },
  {
    names: ['--lifespan'],
    takes: { choices: ['auto', 'on', 'off'] },
    fills: 'lifespan',
    real: true,
    about: 'Whether startup and shutdown are run.',
  },
  {
    names: ['--interface'],
    takes: { choices: ['auto', 'asgi3', 'asgi2', 'wsgi'] },
    accepts: ['auto'],
    refused: 'python',
    about: 'The interface of the application.',
  },
  {
    names: ['--env-file'],
    takes: 'path',
    fills: 'envFile',
    about: 'A file with environment variables.',
  },
  {
    names: ['--log-config'],
    takes: 'path',
    refused: 'logging',
    about: 'A file that configures the log.',
  },
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
    fills: 'proxyHeaders',
    real: true,
    about: 'Believe the X-Forwarded headers of a proxy, or do not.',
  },
  {
    names: ['--server-header'],
    negations: ['--no-server-header'],
    takes: 'nothing',
    fills: 'serverHeader',
    real: true,
    about: 'Send a Server header; by default none is sent here.',
  },
  {
    names: ['--date-header'],
    negations: ['--no-date-header'],
    takes: 'nothing',
    fills: 'dateHeader',
    real: true,
    about: 'Send a Date header, or do not.',
  },
  {
    names: ['--forwarded-allow-ips'],
    takes: 'text',
    fills: 'forwardedAllowIps',
    real: true,
    about:
      'The proxies whose headers are believed: addresses and networks with commas between them, or *; else $FORWARDED_ALLOW_IPS, or 127.0.0.1 and (since 0.53.0) ::1.',
  },
  {
    names: ['--root-path'],
    takes: 'text',
    fills: 'rootPath',
    about: 'The path under which a proxy serves the application; it finds it in $ROOT_PATH.',
  },
  {
    names: ['--limit-concurrency'],
    takes: 'int',
    fills: 'limitConcurrency',
    real: true,
    about: 'From so many connections on, answer 503.',
  },
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
  {
    names: ['--ssl-keyfile-password'],
    takes: 'text',
    fills: 'keyfilePassword',
    real: true,
    about: 'The password of the TLS key.',
  },
  {
    names: ['--ssl-version'],
    takes: 'int',
    fills: 'sslVersion',
    accepts: [2, 3, 4, 5, 16, 17],
    refused: 'protocol',
    about: "The TLS version, as the number of Python's ssl module: 17 for all, 5 for TLS 1.2 alone.",
  },
  {
    names: ['--ssl-cert-reqs'],
    takes: 'int',
    fills: 'certReqs',
    real: true,
    about: 'Whether clients need a certificate: 0 no, 1 if they have one it must be valid, 2 yes.',
  },
  {
    names: ['--ssl-ca-certs'],
    takes: 'text',
    fills: 'caCerts',
    real: true,
    about: 'The certificates of the authorities that clients are checked by.',
  },
  { names: ['--ssl-ciphers'], takes: 'text', fills: 'ciphers', real: true, about: 'The ciphers.' },
  {
    names: ['--header'],
    takes: 'text',
    repeats: true,
    fills: 'headers',
    real: true,
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
    fills: 'maxHead',
    real: true,
    about: 'The most bytes of a request head.',
    since: '0.18.0',
  },
  {
    names: ['--reset-contextvars'],
    takes: 'nothing',
    refused: 'python',
    about: 'Give each request a context of its own.',
    since: '0.45.0',
  },
  {
    names: ['--factory'],
    takes: 'nothing',
    fills: 'factory',
    real: true,
    about: 'APP is a function that makes the application.',
  },
  { names: ['--help'], takes: 'nothing', does: 'help', about: 'Show this message and exit.' },
]

/**
 * An option that selects an implementation: up to 0.36.0 from a fixed list, since then also the user's own, by an import string. Here
 * Node's is the only one.
 */
function implementation(
  name: string,
  choices: readonly string[],
  about: string,
  offer: Partial<Option> = { refused: 'python', accepts: ['auto'] },
): Option[] {
  return [
    { ...offer, names: [name], takes: { choices }, about, until: '0.36.0' },
    { ...offer, names: [name], takes: 'text', metavar: `[${choices.join('|')}]`, about, since: '0.36.0' },
  ]
}
