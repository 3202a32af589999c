import type { Argument, Option } from '../option.ts'

const HELP: Option = {
  names: ['--help'],
  takes: 'nothing',
  does: 'help',
  about: 'Show this message and exit.',
}

/** Options of `fastapi` itself, before the word `run` or `dev` (fastapi-cli 0.0.7 and its typer). */
export const GROUP_OPTIONS: readonly Option[] = [
  { names: ['--version'], takes: 'nothing', does: 'version', about: 'Show the version and exit.' },
  { names: ['--install-completion'], takes: 'nothing', about: 'Install completion for the current shell.' },
  { names: ['--show-completion'], takes: 'nothing', about: 'Show completion for the current shell.' },
  HELP,
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

/** fastapi-cli 0.0.7. Options without `fills` and `does` we do not have yet. */
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
  return [
    {
      names: ['--host'],
      takes: 'text',
      fills: 'host',
      default: command.host,
      about: 'The address to listen on.',
    },
    { names: ['--port'], takes: 'int', fills: 'port', default: 8000, about: 'The port to listen on.' },
    {
      names: ['--reload'],
      negations: ['--no-reload'],
      takes: 'nothing',
      fills: 'reload',
      default: command.reload,
      about: 'Reload the application when a file changes.',
    },
    ...(command.workers ? [workers] : []),
    {
      names: ['--root-path'],
      takes: 'text',
      fills: 'rootPath',
      about: 'The path under which a proxy serves the application.',
    },
    { names: ['--app'], takes: 'text', fills: 'app', about: 'The name of the application in its module.' },
    {
      names: ['--proxy-headers'],
      negations: ['--no-proxy-headers'],
      takes: 'nothing',
      about: 'Believe the X-Forwarded headers of a proxy.',
    },
    HELP,
  ]
}
