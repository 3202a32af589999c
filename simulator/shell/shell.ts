import type { System } from '../machine/system.ts'
import type { ExitStatus } from '../manager/machine.ts'
import type { Program as ServerProgram, Speaker } from '../manager/settings.ts'
import type { Call, Program } from './program.ts'
import { fileName } from './programs/files.ts'
import { PROGRAMS } from './programs/index.ts'
import { epitaph, exitCode, isServer, launchServer } from './programs/servers.ts'
import { nearest } from './suggest.ts'
import {
  expand,
  expandAll,
  readLine,
  type Redirect,
  type SimpleCommand,
  type SyntaxProblem,
} from './syntax.ts'
import { fillIn, type ShellWords } from './words.ts'
import { wrap } from './wrap.ts'

/** What a shell is started with. */
export interface ShellOptions {
  readonly system: System
  /** The terminal of the machine that it sits on; it must have been opened. */
  readonly terminal: string
  readonly words: ShellWords
  /** Which version each server program's name stands for. */
  readonly speaks: Readonly<Record<ServerProgram, Speaker>>
  readonly columns: number
  readonly colors: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Called when the line is done and the next can be typed, with what bash says of jobs that have ended meanwhile. */
  readonly onReady: (jobs: readonly string[]) => void
}

/** What holds the terminal: nothing, a server, or a program that ends by itself. */
export type Foreground = 'none' | 'server' | 'program'

/** A running command of the line. */
interface Running {
  readonly pid: number
  readonly server: boolean
  readonly finish: (code: number) => void
}

interface Job {
  readonly number: number
  readonly source: string
  /** How it ended, in bash's words. */
  ended: string | undefined
}

/** A small bash: runs the lines that are typed into one terminal of the machine. */
export class Shell {
  columns: number
  readonly #options: ShellOptions
  readonly #variables = new Map<string, string>()
  readonly #exported = new Set<string>()
  readonly #queue: SimpleCommand[] = []
  readonly #jobs: Job[] = []
  #running: Running | undefined
  #pumping = false
  #status = 0
  #lastJob = 0
  #history: readonly string[] = []

  constructor(options: ShellOptions) {
    this.#options = options
    this.columns = options.columns
    for (const [name, value] of Object.entries(options.env ?? {})) this.#setEnv(name, value)
  }

  /** What holds the terminal now. */
  get foreground(): Foreground {
    if (this.#running === undefined) return 'none'
    return this.#running.server ? 'server' : 'program'
  }

  /** The exit code of the last command (`$?`). */
  get status(): number {
    return this.#status
  }

  /** The names that can be typed, for completion. */
  get commands(): readonly string[] {
    return [...PROGRAMS.map(({ name }) => name), 'uvicorn', 'gunicorn', 'fastapi'].toSorted()
  }

  /** Runs a line. `onReady` is called when it is done, which may be at once. */
  run(line: string, history: readonly string[]): void {
    this.#history = history
    const read = readLine(line)
    if ('problem' in read) this.#refuse(read)
    else this.#queue.push(...read.commands)
    this.#pump()
  }

  /** Ctrl+C while something runs: SIGINT for the foreground job, and the rest of the line is dropped. */
  interrupt(): void {
    const running = this.#running
    if (running === undefined) return
    this.#queue.length = 0
    this.#options.system.interrupt(this.#options.terminal)
    // What has no process of its own hears of it here.
    if (!running.server) running.finish(130)
  }

  /** Takes one command after the other until one has to be waited for. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#running === undefined) {
      const command = this.#queue.shift()
      if (command === undefined) break
      if (command.after === '&&' && this.#status !== 0) continue
      if (command.after === '||' && this.#status === 0) continue
      this.#start(command)
    }
    this.#pumping = false
    if (this.#running !== undefined) return
    this.#options.onReady(this.#endedJobs())
  }

  #start(command: SimpleCommand): void {
    const variable = (name: string): string => this.#value(name)
    const [name, ...args] = expandAll(command.words, variable)
    const assigned = Object.fromEntries(
      command.assignments.map(({ name, value }) => [name, expand(value, variable)]),
    )
    if (name === undefined) {
      for (const [key, value] of Object.entries(assigned)) this.#variables.set(key, value)
      this.#status = 0
      return
    }
    const env = { ...this.#environment(), ...assigned }
    const redirects = command.redirects.map((redirect) => ({
      ...redirect,
      path: expand(redirect.to, variable),
    }))
    if (isServer(name)) return this.#startServer(command, name, args, env)
    const program = PROGRAMS.find((each) => each.name === name)
    if (program === undefined) return this.#notFound(name)
    this.#startProgram(command, program, args, env, redirects)
  }

  #startProgram(
    command: SimpleCommand,
    program: Program,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    redirects: readonly (Redirect & { path: string })[],
  ): void {
    const { system, terminal, words, colors } = this.#options
    const pid =
      program.builtin === true ? 0 : system.begin(command.source, terminal, (status) => killed(status))
    const job = command.background && pid !== 0 ? this.#newJob(command.source, pid) : undefined
    const out = this.#output(pid, redirects)
    let ended = false
    // A signal from elsewhere; its own end is known already.
    const killed = (status: ExitStatus): void => {
      if (ended) return
      const text = epitaph(status)
      if (job !== undefined) job.ended = text
      else if (text !== undefined) system.write(terminal, `${text}\n`)
      finish(exitCode(status))
    }
    const finish = (code: number): void => {
      if (ended) return
      ended = true
      out.close()
      if (pid !== 0) system.end(pid, code)
      if (job !== undefined) {
        job.ended ??= code === 0 ? 'Done' : `Exit ${code}`
        return
      }
      this.#ended(code)
    }
    const call: Call = {
      system,
      words,
      terminal,
      name: program.name,
      args,
      source: command.source,
      env,
      pid,
      columns: this.columns,
      colors,
      history: this.#history,
      programs: PROGRAMS,
      setEnv: (name, value) => this.#setEnv(name, value),
      out: (text) => (ended ? undefined : out.write('stdout', text)),
      err: (text) => (ended ? undefined : out.write('stderr', text)),
      note: (text) => (ended ? undefined : this.#note(text)),
      exit: finish,
    }
    const running = { pid, server: false, finish }
    if (job === undefined) this.#running = running
    const code = program.run(call)
    if (code !== undefined) finish(code)
  }

  #startServer(
    command: SimpleCommand,
    program: ServerProgram,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): void {
    const { system, terminal, words, speaks, colors } = this.#options
    if (command.background) {
      this.#note(words.noBackgroundServer)
      this.#status = 1
      return
    }
    const server = launchServer({
      system,
      terminal,
      program,
      args,
      command: command.source,
      env,
      speaks,
      columns: this.columns,
      colors,
      words,
      onEnd: (code, text) => {
        if (text !== undefined) system.write(terminal, `${text}\n`)
        this.#ended(code)
      },
    })
    if (server === undefined) return
    this.#running = { pid: server, server: true, finish: () => undefined }
  }

  #ended(code: number): void {
    this.#running = undefined
    this.#status = code
    this.#pump()
  }

  #output(pid: number, redirects: readonly (Redirect & { path: string })[]): Output {
    const { system, terminal } = this.#options
    const files = redirects.map((redirect) => ({ redirect, text: '' }))
    return {
      write: (stream, text) => {
        const file = files.findLast(
          ({ redirect }) => redirect.stream === stream || redirect.stream === 'both',
        )
        if (file !== undefined) file.text += text
        else if (text !== '') system.write(terminal, text, ...(pid === 0 ? [] : [pid]))
      },
      close: () => {
        for (const { redirect, text } of files) {
          const path = fileName(redirect.path)
          if (path === '/dev/null' || path === '') continue
          system.writeFile(path, redirect.append ? (system.readFile(path) ?? '') + text : text)
        }
      },
    }
  }

  #newJob(source: string, pid: number): Job {
    this.#lastJob += 1
    const job: Job = { number: this.#lastJob, source, ended: undefined }
    this.#jobs.push(job)
    this.#options.system.write(this.#options.terminal, `[${job.number}] ${pid}\n`)
    return job
  }

  /** bash tells of ended jobs before the next prompt. */
  #endedJobs(): readonly string[] {
    const ended = this.#jobs.filter(({ ended }) => ended !== undefined)
    for (const job of ended) this.#jobs.splice(this.#jobs.indexOf(job), 1)
    if (this.#jobs.length === 0) this.#lastJob = 0
    return ended.map((job) => `[${job.number}]+  ${(job.ended ?? '').padEnd(24)}${job.source}\n`)
  }

  #notFound(name: string): void {
    const { words } = this.#options
    this.#err(
      name.includes('/')
        ? `bash: ${name}: No such file or directory\n`
        : `bash: ${name}: command not found\n`,
    )
    const suggestion = nearest(name, this.commands)
    this.#note(suggestion === undefined ? words.seeHelp : fillIn(words.didYouMean, { suggestion }))
    this.#status = 127
  }

  #refuse(problem: SyntaxProblem): void {
    this.#status = 2
    switch (problem.problem) {
      case 'open-quote':
        return this.#err(`bash: unexpected EOF while looking for matching \`${problem.token}'\n`)
      case 'unexpected': {
        const token = problem.token === '\n' ? 'newline' : problem.token
        return this.#err(`bash: syntax error near unexpected token \`${token}'\n`)
      }
      case 'unsupported':
        return this.#note(fillIn(this.#options.words.notInThisShell, { what: problem.token }))
    }
  }

  #err(text: string): void {
    this.#options.system.write(this.#options.terminal, text)
  }

  /** Our own words stand behind a `#`, in a quieter colour, so that nobody takes them for bash's. */
  #note(text: string): void {
    const { system, terminal, colors } = this.#options
    for (const line of wrap(text, this.columns - 2)) {
      system.write(terminal, colors ? `\x1b[90m# ${line}\x1b[0m\n` : `# ${line}\n`)
    }
  }

  #value(name: string): string {
    if (name === '?') return String(this.#status)
    return this.#variables.get(name) ?? ''
  }

  #environment(): Record<string, string> {
    const exported = [...this.#exported].flatMap((name) => {
      const value = this.#variables.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(exported)
  }

  #setEnv(name: string, value: string | undefined): void {
    if (value === undefined) {
      this.#variables.delete(name)
      this.#exported.delete(name)
    } else {
      this.#variables.set(name, value)
      this.#exported.add(name)
    }
  }
}

interface Output {
  write(stream: 'stdout' | 'stderr', text: string): void
  close(): void
}
