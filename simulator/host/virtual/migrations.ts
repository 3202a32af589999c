import type { SharedData } from './data.ts'
import type { Output } from './output.ts'
import type { Process } from './process.ts'

interface Dependencies {
  readonly output: Output
  readonly data: SharedData
  readonly cwd: string
}

/** `python migrate.py [--lock]`: applies the application's migrations. No other Python program runs here. */
export function python(
  process: Process,
  args: readonly string[],
  { cwd, data, output }: Dependencies,
  end: (code: number) => void,
): void {
  const [file = ''] = args
  if (!/(^|\/)migrate\.py$/.test(file)) {
    const path = file.startsWith('/') ? file : `${cwd}/${file}`
    output.write(
      process,
      'stderr',
      `python: can't open file '${path}': [Errno 2] No such file or directory\n`,
    )
    return end(2)
  }
  data.migrate(
    process,
    args.includes('--lock') ? 'right' : 'none',
    (reply) => {
      if ('error' in reply)
        output.write(
          process,
          'stderr',
          `${errorClass(reply.error, 'psycopg.errors.DuplicateObject')}: ${reply.error}\n`,
        )
      end('error' in reply ? 1 : 0)
    },
    ({ revision, about }) => output.write(process, 'stdout', `migrate: ${revision} ${about}\n`),
  )
}

/** The class that psycopg gives an error: a refused connection has another one than a failed statement. */
function errorClass(error: string, otherwise: string): string {
  return error.startsWith('FATAL') ? 'psycopg.OperationalError: connection failed' : otherwise
}

/** `alembic upgrade head`: the same, with the messages of Alembic 1.13. */
export function alembic(
  process: Process,
  args: readonly string[],
  { data, output }: Dependencies,
  end: (code: number) => void,
): void {
  const say = (text: string): void =>
    output.write(process, 'stderr', `INFO  [alembic.runtime.migration] ${text}\n`)
  if (args[0] !== 'upgrade' || args[1] !== 'head') {
    output.write(process, 'stderr', 'usage: alembic upgrade head\n')
    return end(2)
  }
  say('Context impl PostgresqlImpl.')
  say('Will assume transactional DDL.')
  let before = ''
  data.migrate(
    process,
    'none',
    (reply) => {
      if ('error' in reply)
        output.write(
          process,
          'stderr',
          `${errorClass(reply.error, 'sqlalchemy.exc.ProgrammingError')}: ${reply.error}\n`,
        )
      end('error' in reply ? 1 : 0)
    },
    ({ revision, about }) => {
      say(`Running upgrade ${before} -> ${revision}, ${about}`)
      before = revision
    },
  )
}
