import type { Option } from '../../option.ts'

/** Options of helper processes in recent versions: dirty workers and the control socket. */
export const HELPERS: readonly Option[] = [
  {
    names: ['--dirty-app'],
    takes: 'text',
    refused: 'part',
    metavar: 'STRING',
    repeats: true,
    about: 'An application of the dirty arbiter.',
    since: '26.1.0',
  },
  {
    names: ['--dirty-workers'],
    takes: 'int',
    refused: 'part',
    about: 'How many dirty workers.',
    since: '26.1.0',
  },
  {
    names: ['--dirty-timeout'],
    takes: 'int',
    refused: 'part',
    about: 'How many seconds a task of theirs may take.',
    since: '26.1.0',
  },
  {
    names: ['--dirty-threads'],
    takes: 'int',
    refused: 'part',
    about: 'How many threads in a dirty worker.',
    since: '26.1.0',
  },
  {
    names: ['--dirty-graceful-timeout'],
    takes: 'int',
    refused: 'part',
    about: 'How many seconds a stopping one may go on.',
    since: '26.1.0',
  },
  {
    names: ['--control-socket'],
    takes: 'text',
    refused: 'part',
    metavar: 'PATH',
    about: 'The socket by which gunicornc speaks to the arbiter.',
    since: '26.1.0',
  },
  {
    names: ['--control-socket-mode'],
    takes: 'text',
    refused: 'part',
    metavar: 'INT',
    about: 'The mode bits of that socket.',
    since: '26.1.0',
  },
  {
    names: ['--no-control-socket'],
    takes: 'nothing',
    refused: 'part',
    about: 'No such socket.',
    since: '26.1.0',
  },
]
