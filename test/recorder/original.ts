import { spawn as spawnChild } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn as spawnPty } from '@lydell/node-pty'
import { SIGNAL_NUMBERS, type SignalName } from '../../simulator/manager/signals.ts'
import { childrenOf, lives, processInfo, until } from '../node/real/processes.ts'
import type { Ending, Medium } from '../conformance/recording/scenario.ts'

/** What a process of the original is. `helper`: the resource tracker of Python's multiprocessing. */
export type Role = 'worker' | 'helper' | 'second master'

/** A child process of the original. */
export interface Child {
  readonly pid: number
  readonly since: number
  role: Role | undefined
}

/** What to start. */
export interface StartOriginal {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly medium: Medium
  readonly gunicorn: boolean
  readonly silent?: boolean
  readonly outlived?: boolean
  /** A descriptor for the process to listen on, as its fourth (3). Only on pipes. */
  readonly socket?: number
}

/** A question for the background or the text colour (OSC 11 and 10), as xterm answers it. */
const QUESTION = /\u001b\](1[01]);\?\u001b\\/g
const COLORS: Readonly<Record<string, string>> = { 10: 'rgb:ffff/ffff/ffff', 11: 'rgb:0000/0000/0000' }
/** How often the children are looked at: one that fails at once still lives for tens of milliseconds. */
const LOOK_MS = 5

/**
 * A shell that is the first process of a terminal and stays when the program has ended. The program is in the terminal's foreground, and so
 * may ask it; the shell's own words about how it ended go nowhere.
 */
const FIRST_OF_TERMINAL =
  'exec 3>&2 2>/dev/null; /bin/sh -c \'exec "$@" 2>&3 3>&-\' sh "$@"; ' +
  'echo $? > exit-code.new; mv exit-code.new exit-code; exec sleep infinity'

/** The process that a shell has just started. */
function onlyChildOf(shell: number): number {
  for (;;) {
    const [child] = childrenOf(shell)
    if (child !== undefined) return child
  }
}

/** A real program of Python, running on a terminal of its own or on two pipes. */
export class Original {
  readonly pid: number
  readonly text = { stdout: '', stderr: '' }
  /** When how much of stdout was there. */
  readonly arrivals: { readonly at: number; readonly length: number }[] = []
  readonly #gunicorn: boolean
  readonly #write: (text: string) => void
  readonly #resize: (columns: number, rows: number) => void
  readonly #children = new Map<number, Child>()
  readonly #since = performance.now()
  readonly #watch: NodeJS.Timeout
  #leader: number | undefined
  /** Where a shell writes the exit code that it has seen. */
  #codeFile: string | undefined
  #ended: Ending | undefined
  #endedAt: number | undefined
  #lastOutput = 0
  #answered = 0

  constructor({ argv, cwd, env, medium, gunicorn, silent = false, outlived = false }: StartOriginal) {
    this.#gunicorn = gunicorn
    const [file = '', ...args] = argv
    if (medium.kind === 'pty') {
      const size = { cols: medium.columns, rows: 24, encoding: 'utf8', cwd, env: { ...env } }
      // One that another process outlives cannot be the first of its terminal, which would go with it.
      const asks = outlived && !gunicorn
      const pty = asks
        ? spawnPty('/bin/sh', ['-c', FIRST_OF_TERMINAL, 'sh', file, ...args], size)
        : outlived
          ? spawnPty('/bin/cat', [], size)
          : spawnPty(file, args, size)
      if (asks) {
        this.#leader = pty.pid
        this.#codeFile = join(cwd, 'exit-code')
        this.pid = onlyChildOf(pty.pid)
      } else if (outlived) {
        this.#leader = pty.pid
        const { ptsName } = pty as unknown as { ptsName: string }
        const terminal = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY)
        const child = spawnChild(file, args, { cwd, env, stdio: [terminal, terminal, terminal] })
        closeSync(terminal)
        this.pid = child.pid ?? 0
        child.once('exit', (code, signal) => this.#end(code ?? 0, signal?.slice(3)))
      } else {
        this.pid = pty.pid
        pty.onExit(({ exitCode, signal }) => this.#end(exitCode, signal ? nameOf(signal) : undefined))
      }
      this.#write = (text) => pty.write(text)
      this.#resize = (columns, rows) => pty.resize(columns, rows)
      pty.onData((text) => {
        this.#print('stdout', text)
        if (!silent) this.#answer()
      })
    } else {
      const child = spawnChild(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
      this.pid = child.pid ?? 0
      this.#write = () => undefined
      this.#resize = () => undefined
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.#print('stdout', text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.#print('stderr', text))
      child.once('close', (code, signal) => this.#end(code ?? 0, signal?.slice(3)))
    }
    this.#watch = setInterval(() => this.#look(), LOOK_MS)
    process.once('exit', this.#kill)
  }

  /** Seconds since it was started. */
  now(): number {
    return (performance.now() - this.#since) / 1000
  }

  get lastOutput(): number {
    return this.#lastOutput
  }

  get ended(): Ending | undefined {
    return this.#ended
  }

  /** When it ended, in seconds since it was started. */
  get endedAt(): number | undefined {
    return this.#endedAt
  }

  /** The workers and second masters so far, in the order in which they were started. */
  children(role: Role): readonly number[] {
    this.#look()
    return [...this.#children.values()]
      .filter((child) => child.role === role)
      .toSorted((a, b) => a.since - b.since || a.pid - b.pid)
      .map(({ pid }) => pid)
  }

  press(text: string): void {
    if (this.#ended === undefined) this.#write(text)
  }

  resize(columns: number, rows: number): void {
    if (this.#ended === undefined) this.#resize(columns, rows)
  }

  /** Ends whatever is left of it, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#look()
    clearInterval(this.#watch)
    process.off('exit', this.#kill)
    const all = this.#kill()
    await until(() => !all.some(lives), 15, 'no process of the original was left')
  }

  readonly #kill = (): readonly number[] => {
    const all = [this.pid, ...this.#children.keys(), ...(this.#leader === undefined ? [] : [this.#leader])]
    for (const pid of all)
      for (const one of [pid, ...childrenOf(pid)]) if (lives(one)) process.kill(one, 'SIGKILL')
    return all
  }

  #answer(): void {
    QUESTION.lastIndex = this.#answered
    for (let asked = QUESTION.exec(this.text.stdout); asked; asked = QUESTION.exec(this.text.stdout)) {
      this.#answered = QUESTION.lastIndex
      this.#write(`\u001b]${asked[1] ?? ''};${COLORS[asked[1] ?? ''] ?? ''}\u001b\\`)
    }
  }

  #print(stream: 'stdout' | 'stderr', text: string): void {
    this.text[stream] += text
    this.#lastOutput = this.now()
    if (stream === 'stdout') this.arrivals.push({ at: this.#lastOutput, length: this.text.stdout.length })
  }

  #end(code: number, signal: string | undefined): void {
    this.#endedAt = this.now()
    this.#ended =
      signal === undefined ? { kind: 'code', code } : { kind: 'signal', signal: signal as SignalName }
  }

  #look(): void {
    if (this.#codeFile !== undefined && this.#ended === undefined && existsSync(this.#codeFile)) {
      const code = Number(readFileSync(this.#codeFile, 'utf8'))
      this.#end(code, code > 128 ? nameOf(code - 128) : undefined)
    }
    const masters = [this.pid, ...this.#secondMasters()]
    for (const master of masters) {
      for (const pid of childrenOf(master)) {
        if (masters.includes(pid)) continue
        const since = this.#children.get(pid)?.since ?? processInfo(pid)?.since
        if (since !== undefined) this.#children.set(pid, { pid, since, role: this.#roleOf(pid, master) })
      }
    }
  }

  #secondMasters(): readonly number[] {
    return [...this.#children.values()].filter(({ role }) => role === 'second master').map(({ pid }) => pid)
  }

  #roleOf(pid: number, master: number): Role | undefined {
    const known = this.#children.get(pid)?.role
    try {
      if (this.#gunicorn) {
        const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`
        return environment.includes(`\0GUNICORN_PID=${master}\0`) && master === this.pid
          ? 'second master'
          : 'worker'
      }
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      if (command.includes('resource_tracker')) return 'helper'
      return command.includes('multiprocessing') ? 'worker' : known
    } catch {
      return known
    }
  }
}

function nameOf(number: number): string {
  return Object.entries(SIGNAL_NUMBERS).find(([, value]) => value === number)?.[0] ?? String(number)
}
