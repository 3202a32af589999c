import { spawn as spawnChild } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { spawn as spawnPty } from '@lydell/node-pty'
import { SIGNAL_NUMBERS, type SignalName } from '../../../simulator/manager/signals.ts'
import type { Ending } from '../../conformance/recording/scenario.ts'
import { type ChildInfo, childrenOf, inOrder, lives, processInfo, taskOf, until } from './processes.ts'

/** The command as it is shipped. */
export const COMMAND = join(import.meta.dirname, '../../../dist/command/server-workers.mjs')

/** The Node that runs it: TEST_NODE, e.g. the oldest that is supported, or the one that runs the tests. */
export const NODE = process.env['TEST_NODE'] ?? process.execPath

/** The Node of the machine, when that is not the one that runs the tests; people have older ones. */
export function machineNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
  return folders.map((path) => join(path, 'node')).find((path) => existsSync(path) && path !== NODE)
}

/** The application of the recordings. */
export const FIXTURE = join(import.meta.dirname, '../fixture')

/** How to start the command. */
export interface Start {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** The command's file, when it is not the one that was built here. */
  readonly program?: string
  /** The Node that runs it, when it is another one. */
  readonly node?: string
  readonly medium?:
    | { readonly kind: 'pty'; readonly columns: number; readonly colors: 'truecolor' | '256' }
    | { readonly kind: 'pipes' }
  /** The terminal answers no questions for its colours. */
  readonly silent?: boolean
  /** What starts it by becoming it: `nohup`, or a shell. */
  readonly by?: readonly string[]
  /** It is not the first process of its terminal, which goes on without it. */
  readonly outlived?: boolean
}

/** A question for the background or the text colour (OSC 11 and 10), as xterm answers it. */
const QUESTION = /\u001b\](1[01]);\?\u001b\\/g
const COLORS: Readonly<Record<string, string>> = { 10: 'rgb:ffff/ffff/ffff', 11: 'rgb:0000/0000/0000' }

/** How long the helper may take to end what is left, on a busy machine. */
const ORPHAN_SECONDS = 15

/** Opened without becoming ours: it stays the terminal of its first process. */
const TERMINAL_FLAGS = constants.O_RDWR | constants.O_NOCTTY

/** How often the children of the command are looked at: a worker that fails at once still lives for 30 ms. */
const LOOK_MS = 10

/** The command, running in a terminal of its own or on two pipes. */
export class Command {
  readonly pid: number
  /** The bytes so far: of the terminal (stdout), or of the pipes apart. */
  readonly text = { stdout: '', stderr: '' }
  readonly #write: (text: string) => void
  readonly #resize: (columns: number, rows: number) => void
  readonly #seen = new Map<number, ChildInfo>()
  readonly #since = performance.now()
  #ended: Ending | undefined
  #lastOutput = 0
  #answered = 0
  #leader: number | undefined
  readonly #watch: NodeJS.Timeout

  /** `typed` is what follows the command's name. */
  constructor(typed: readonly string[], start: Start) {
    const {
      cwd,
      env = {},
      medium = TERMINAL,
      program = COMMAND,
      silent = false,
      outlived = false,
      by = [],
    } = start
    const [file = NODE, ...args] = [...by, NODE, program, ...typed]
    const environment = { ...environmentOf(medium), ...env }
    if (medium.kind === 'pty') {
      const size = { cols: medium.columns, rows: 40, encoding: 'utf8' }
      const pty = outlived
        ? spawnPty('/bin/cat', [], { ...size, cwd, env: environment })
        : spawnPty(file, args, { ...size, cwd, env: environment })
      if (outlived) {
        this.#leader = pty.pid
        const terminal = openSync((pty as unknown as { ptsName: string }).ptsName, TERMINAL_FLAGS)
        const child = spawnChild(file, args, { cwd, env: environment, stdio: [terminal, terminal, terminal] })
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
      const child = spawnChild(file, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
      this.pid = child.pid ?? 0
      this.#write = () => undefined
      this.#resize = () => undefined
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.#print('stdout', text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.#print('stderr', text))
      child.once('close', (code, signal) => this.#end(code ?? 0, signal?.slice(3)))
    }
    this.#watch = setInterval(() => this.#look(), LOOK_MS)
  }

  /** Seconds since it was started. */
  now(): number {
    return (performance.now() - this.#since) / 1000
  }

  /** When it last printed something, in seconds since start. */
  get lastOutput(): number {
    return this.#lastOutput
  }

  /** All that was printed, without colours. */
  get plain(): string {
    return (this.text.stdout + this.text.stderr).replaceAll('\r\n', '\n').replace(/\u001b\[[0-9;]*m/g, '')
  }

  get ended(): Ending | undefined {
    return this.#ended
  }

  /** Every child so far, in the order in which they were started. */
  get children(): readonly ChildInfo[] {
    this.#look()
    return inOrder([...this.#seen.values()])
  }

  /** The workers so far, in the order in which they were started. */
  get workers(): readonly number[] {
    return this.children.filter(({ task }) => task === 'work').map(({ pid }) => pid)
  }

  /** The workers that live now. */
  get living(): readonly number[] {
    return this.workers.filter(lives)
  }

  kill(pid: number, signal: SignalName): void {
    if (lives(pid)) process.kill(pid, `SIG${signal}`)
  }

  /** Types something into the terminal. */
  press(text: string): void {
    if (this.#ended === undefined) this.#write(text)
  }

  /** Gives the window of the terminal another size. */
  resize(columns: number, rows: number): void {
    this.#resize(columns, rows)
  }

  /** Waits until a text was printed (so often). */
  async printed(text: string, times = 1, seconds = 45): Promise<void> {
    const count = () => this.plain.split(text).length - 1
    const what = `'${text}' was printed ${times} times`
    await until(() => count() >= times, seconds, what).catch((error: unknown) => {
      throw new Error(`${String(error)}; there is:\n${this.plain}`)
    })
  }

  /** Waits for its end. */
  async end(seconds = 45): Promise<Ending> {
    await until(() => this.#ended !== undefined, seconds, 'the command ended').catch((error: unknown) => {
      throw new Error(`${String(error)}; there is:\n${this.plain}`)
    })
    return this.#ended ?? { kind: 'running' }
  }

  /**
   * Kills it, when it still runs. It has no chance to tidy up.
   *
   * @throws Error when some seconds later any process of it is left.
   */
  async stop(): Promise<void> {
    this.#look()
    clearInterval(this.#watch)
    for (const master of [this.pid, ...this.#secondMasters()]) this.kill(master, 'KILL')
    if (this.#leader !== undefined) this.kill(this.#leader, 'KILL')
    const all = [this.pid, ...this.#seen.keys()]
    try {
      await until(() => !all.some(lives), ORPHAN_SECONDS, 'no process was left')
    } catch (error) {
      const left = all.filter(lives)
      for (const pid of left) this.kill(pid, 'KILL')
      const names = left.map((pid) => `${this.#seen.get(pid)?.task ?? 'command'} ${pid}`)
      throw new Error(`${names.join(', ')} lived on`, { cause: error })
    }
  }

  /** Answers what was asked since it was last looked: the bytes of a question may come in pieces. */
  #answer(): void {
    QUESTION.lastIndex = this.#answered
    for (
      let asked = QUESTION.exec(this.text.stdout);
      asked !== null;
      asked = QUESTION.exec(this.text.stdout)
    ) {
      this.#answered = QUESTION.lastIndex
      this.#write(`\u001b]${asked[1] ?? ''};${COLORS[asked[1] ?? ''] ?? ''}\u001b\\`)
    }
  }

  #print(stream: 'stdout' | 'stderr', text: string): void {
    this.text[stream] += text
    this.#lastOutput = this.now()
  }

  #end(code: number, signal: string | undefined): void {
    this.#ended =
      signal === undefined ? { kind: 'code', code } : { kind: 'signal', signal: signal as SignalName }
  }

  #look(): void {
    for (const master of [this.pid, ...this.#secondMasters()]) {
      for (const pid of childrenOf(master)) {
        if (this.#seen.get(pid)?.task !== undefined) continue
        const { since } = processInfo(pid) ?? {}
        const task = taskOf(pid)
        // A child that was just made is still a copy of its parent.
        const isCopy = task === 'second master' && master !== this.pid
        if (since !== undefined) this.#seen.set(pid, { pid, since, task: isCopy ? undefined : task })
      }
    }
  }

  #secondMasters(): readonly number[] {
    return [...this.#seen.values()].filter(({ task }) => task === 'second master').map(({ pid }) => pid)
  }
}

const TERMINAL = { kind: 'pty', columns: 80, colors: 'truecolor' } as const

function environmentOf(medium: NonNullable<Start['medium']>): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env
  const common = { PATH, HOME, TMPDIR, LANG: 'C.UTF-8', TZ: 'UTC' }
  if (medium.kind === 'pipes') return common
  const colors = medium.colors === 'truecolor' ? { COLORTERM: 'truecolor' } : {}
  return { ...common, ...colors, TERM: 'xterm-256color' }
}

function nameOf(number: number): string {
  return Object.entries(SIGNAL_NUMBERS).find(([, value]) => value === number)?.[0] ?? String(number)
}
