import { parseCommand, type CommandWords } from '../../command/index.ts'
import type { Exec } from '../../machine/system.ts'
import type { Program } from '../../manager/settings.ts'
import { owner, type Kernel, type Owner } from './kernel.ts'
import type { Process } from './process.ts'

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
