import { parseCommand, type CommandWords } from '../../command/index.ts'
import type { Exec } from '../../machine/system.ts'
import type { Program } from '../../manager/settings.ts'
import { owner, type Kernel, type Owner } from './kernel.ts'
import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import { splitWords } from '../../machine/init/unit-file.ts'
import { inheritance, type Process } from './process.ts'

const SERVERS: readonly string[] = ['uvicorn', 'gunicorn', 'fastapi'] satisfies Program[]

/** What a program does that the kernel plays itself: it may print, wait, and ends with a code. */
export type Play = (
  process: Process,
  args: readonly string[],
  kernel: Kernel,
  end: (code: number) => void,
) => void

/** The programs that the machine can run without a shell: servers, and a few small ones. */
export class Programs {
  readonly #kernel: Kernel
  readonly #words: CommandWords
  readonly #plays = new Map<string, Play>([
    ['true', (_process, _args, _kernel, end) => end(0)],
    ['false', (_process, _args, _kernel, end) => end(1)],
    ['echo', echo],
    ['sleep', sleep],
    ['python', python],
    ['python3', python],
    ['alembic', alembic],
    ['sh', shell],
    ['bash', shell],
  ])

  constructor(kernel: Kernel, words: CommandWords = { notYet: '{option} is not there' }) {
    this.#kernel = kernel
    this.#words = words
  }

  /** Another program that can be run by its name. */
  add(name: string, play: Play): void {
    this.#plays.set(name, play)
  }

  exec(exec: Exec & Owner): number | 'not-found' {
    const name = exec.argv[0]?.split('/').at(-1) ?? ''
    const command = exec.command ?? exec.argv.join(' ')
    if (isServer(name)) return this.#server(name, { ...exec, command })
    const play = this.#plays.get(name)
    if (play === undefined) return 'not-found'
    return this.#run({ ...exec, command }, (process, end) =>
      play(process, exec.argv.slice(1), this.#kernel, end),
    )
  }

  #server(program: Program, exec: Exec & Owner & { command: string }): number {
    const kernel = this.#kernel
    const size = kernel.terminals.size(exec.terminal)
    const parsed = parseCommand([program, ...exec.argv.slice(1)], {
      speaks: { program, version: kernel.installed(program) },
      env: exec.env,
      columns: size?.columns ?? 80,
      colors: size !== undefined && size.colors !== 'none',
      words: this.#words,
    })
    if (parsed.kind === 'run') return kernel.launch({ ...exec, settings: parsed.settings })
    return this.#run(exec, (process, end) => {
      kernel.output(process, parsed.stream, parsed.text)
      end(parsed.code)
    })
  }

  #run(
    exec: Exec & Owner & { command: string },
    play: (process: Process, end: (code: number) => void) => void,
  ): number {
    const kernel = this.#kernel
    const { command, terminal, env, onEnd, streams = {}, ppid = 1 } = exec
    const pid = kernel.newPid()
    const process = kernel.birth({
      pid,
      ppid,
      kind: 'program',
      command,
      terminal,
      group: exec.group ?? pid,
      beginning: exec,
      ...owner(exec),
      env,
      startedAt: kernel.now,
      settings: undefined,
      print: undefined,
      onEnd,
      streams,
      memory: 3_000_000,
    })
    kernel.schedule(kernel.now + 1, () =>
      kernel.threads.deliver(process, () => play(process, (code) => kernel.terminate(process, { code }))),
    )
    return pid
  }
}

function isServer(name: string): name is Program {
  return SERVERS.includes(name)
}

/**
 * `sh -c 'COMMANDS'` and `sh FILE`: commands one after the other, with `&&`, `;`, line ends, comments, `set -e` and `exec`. It waits for
 * each; a signal that it has no handler for ends it, not its child.
 */
function shell(process: Process, args: readonly string[], kernel: Kernel, end: (code: number) => void): void {
  const inline = args[0] === '-c'
  const path = args[0] ?? ''
  const text = inline ? args[1] : kernel.readFile(path)
  if (text === undefined) {
    kernel.output(process, 'stderr', `sh: 0: cannot open ${path}: No such file\n`)
    return end(2)
  }
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const commands = lines.flatMap((line) =>
    line.split(/(?<=;|&&)/).map((part) => {
      const [, words = '', mark = ''] = /^\s*(.*?)\s*(;|&&)?\s*$/.exec(part) ?? []
      return { words: splitWords(words), and: mark === '&&' }
    }),
  )
  let careful = false
  const next = (index: number, code: number): void => {
    const command = commands[index]
    if (command === undefined || !process.alive) return end(code)
    const argv = command.words[0] === 'exec' ? command.words.slice(1) : command.words
    if (argv.length === 0) return next(index + 1, code)
    if (argv[0] === 'set') {
      careful ||= argv[1] === '-e'
      return next(index + 1, 0)
    }
    const env = { ...process.env }
    while (/^\w+=/.test(argv[0] ?? '')) {
      const [name = '', ...value] = (argv.shift() ?? '').split('=')
      env[name] = value.join('=')
    }
    const after = (status: number): void => {
      let to = index + 1
      if (status !== 0) {
        if (careful && !command.and) return end(status)
        // What hangs on it by && is left out.
        let and = command.and
        for (; and; to++) and = commands[to]?.and ?? false
      }
      if (argv !== command.words && command.words[0] === 'exec') return end(status)
      next(to, status)
    }
    const child = kernel.exec({
      ...inheritance(process),
      argv,
      env,
      ppid: process.pid,
      group: process.group,
      ...(process.terminal === undefined ? {} : { terminal: process.terminal }),
      onEnd: (status) => {
        if (process.alive) after('code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal])
      },
    })
    if (child !== 'not-found') return
    kernel.output(process, 'stderr', `${inline ? 'sh' : path}: ${index + 1}: ${argv[0] ?? ''}: not found\n`)
    after(127)
  }
  next(0, 0)
}

/** `python migrate.py [--lock]`: the application's migrations. Nothing else of Python runs here. */
function python(
  process: Process,
  args: readonly string[],
  kernel: Kernel,
  end: (code: number) => void,
): void {
  const [file = ''] = args
  if (!/(^|\/)migrate\.py$/.test(file)) {
    const path = file.startsWith('/') ? file : `${kernel.cwd}/${file}`
    kernel.output(
      process,
      'stderr',
      `python: can't open file '${path}': [Errno 2] No such file or directory\n`,
    )
    return end(2)
  }
  kernel.data.migrate(
    process,
    args.includes('--lock') ? 'right' : 'none',
    (reply) => {
      if ('error' in reply)
        kernel.output(
          process,
          'stderr',
          `${errorClass(reply.error, 'psycopg.errors.DuplicateObject')}: ${reply.error}\n`,
        )
      end('error' in reply ? 1 : 0)
    },
    ({ revision, about }) => kernel.output(process, 'stdout', `migrate: ${revision} ${about}\n`),
  )
}

/** What psycopg calls an error: who is not let in at all has another than who sends a wrong statement. */
function errorClass(error: string, otherwise: string): string {
  return error.startsWith('FATAL') ? 'psycopg.OperationalError: connection failed' : otherwise
}

/** `alembic upgrade head`: the same, as Alembic 1.13 says it. */
function alembic(
  process: Process,
  args: readonly string[],
  kernel: Kernel,
  end: (code: number) => void,
): void {
  const say = (text: string): void =>
    kernel.output(process, 'stderr', `INFO  [alembic.runtime.migration] ${text}\n`)
  if (args[0] !== 'upgrade' || args[1] !== 'head') {
    kernel.output(process, 'stderr', 'usage: alembic upgrade head\n')
    return end(2)
  }
  say('Context impl PostgresqlImpl.')
  say('Will assume transactional DDL.')
  let before = ''
  kernel.data.migrate(
    process,
    'none',
    (reply) => {
      if ('error' in reply)
        kernel.output(
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

function echo(process: Process, args: readonly string[], kernel: Kernel, end: (code: number) => void): void {
  kernel.output(process, 'stdout', `${args.join(' ')}\n`)
  end(0)
}

function sleep(process: Process, args: readonly string[], kernel: Kernel, end: (code: number) => void): void {
  const seconds = args.map(Number).reduce((sum, each) => sum + each, 0)
  if (args.length === 0 || !(seconds >= 0)) {
    kernel.output(
      process,
      'stderr',
      args.length === 0 ? 'sleep: missing operand\n' : `sleep: invalid time interval ‘${args[0]}’\n`,
    )
    return end(1)
  }
  kernel.schedule(kernel.now + seconds * 1000, () => kernel.threads.deliver(process, () => end(0)))
}
