import type { Argument, Option } from '../option.ts'
import { optionsIn } from '../option.ts'

const HELP: readonly Option[] = [
  {
    names: ['--help'],
    takes: 'nothing',
    does: 'help',
    about: 'Show this message and exit.',
    until: '0.0.13',
  },
  {
    names: ['-h', '--help'],
    takes: 'nothing',
    does: 'help',
    about: 'Show this message and exit.',
    since: '0.0.13',
  },
]

/** The option that a version's usage errors name for its help. */
export function helpName(version: string): string {
  return optionsIn(HELP, version)[0]?.names[0] ?? ''
}

const VERBOSE: Option = {
  names: ['--verbose'],
  negations: ['--no-verbose'],
  takes: 'nothing',
  refused: 'part',
  accepts: [false],
  about: 'Say more.',
}

/** Options of `fastapi` itself, before the word `run` or `dev` (fastapi-cli and its typer). */
export const GROUP_OPTIONS: readonly Option[] = [
  { names: ['--version'], takes: 'nothing', does: 'version', about: 'Show the version and exit.' },
  VERBOSE,
  {
    names: ['--install-completion'],
    takes: 'nothing',
    refused: 'part',
    about: 'Install completion for the current shell.',
  },
  {
    names: ['--show-completion'],
    takes: 'nothing',
    refused: 'part',
    about: 'Show completion for the current shell.',
  },
  ...HELP,
]

/** A command of `fastapi`. */
export interface FastapiCommandTable {
  readonly name: 'run' | 'dev'
  readonly about: string
  readonly options: readonly Option[]
}

export const PATH: Argument = {
  name: 'path',
  fills: 'path',
  required: false,
  about: 'The file with the application, or a package; else main, app and api are looked for.',
}

/** fastapi-cli 0.0.7 and 0.0.32 (source: its release notes). Options without `fills` and `does` are not implemented yet. */
export const COMMANDS: readonly FastapiCommandTable[] = [
  {
    name: 'dev',
    about: 'Run an application for development: it is reloaded when a file changes. 🧪',
    options: optionsOf({ host: '127.0.0.1', reload: true, workers: false }),
  },
  {
    name: 'run',
    about: 'Run an application in production. 🚀',
    options: optionsOf({ host: '0.0.0.0', reload: false, workers: true }),
  },
]

function optionsOf(command: {
  readonly host: string
  readonly reload: boolean
  readonly workers: boolean
}): Option[] {
  const workers: Option = {
    names: ['--workers'],
    takes: 'int',
    fills: 'workers',
    about: 'How many worker processes. Not together with --reload.',
  }
  const port: Option = {
    names: ['--port'],
    takes: 'int',
    fills: 'port',
    default: 8000,
    about: 'The port to listen on.',
  }
  const reloadDir: Option = {
    names: ['--reload-dir'],
    takes: 'path',
    repeats: true,
    fills: 'reloadDirs',
    real: true,
    about: 'A folder to watch instead of the working directory.',
    since: '0.0.20',
  }
  return [
    {
      names: ['--host'],
      takes: 'text',
      fills: 'host',
      default: command.host,
      about: 'The address to listen on.',
    },
    { ...port, until: '0.0.12' },
    { ...port, env: 'PORT', tellsEnv: true, since: '0.0.12' },
    {
      names: ['--reload'],
      negations: ['--no-reload'],
      takes: 'nothing',
      fills: 'reload',
      default: command.reload,
      about: 'Reload the application when a file changes.',
    },
    command.workers ? workers : reloadDir,
    {
      names: ['--root-path'],
      takes: 'text',
      fills: 'rootPath',
      about: 'The path under which a proxy serves the application; it finds it in $ROOT_PATH.',
    },
    { names: ['--app'], takes: 'text', fills: 'app', about: 'The name of the application in its module.' },
    {
      names: ['--entrypoint', '-e'],
      takes: 'text',
      fills: 'entrypoint',
      real: true,
      about: 'Module and application, as main:app.',
      since: '0.0.11',
    },
    {
      names: ['--proxy-headers'],
      negations: ['--no-proxy-headers'],
      takes: 'nothing',
      fills: 'proxyHeaders',
      real: true,
      about: 'Believe the X-Forwarded headers of a proxy.',
    },
    {
      names: ['--forwarded-allow-ips'],
      takes: 'text',
      fills: 'forwardedAllowIps',
      real: true,
      about: 'The proxies whose headers are believed.',
      since: '0.0.10',
    },
    { ...VERBOSE, since: '0.0.30' },
    ...HELP,
  ]
}
