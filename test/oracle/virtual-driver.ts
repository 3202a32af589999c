import { Kernel } from '../../simulator/host/virtual/kernel.ts'
import { RECORDED } from '../../simulator/host/virtual/profile.ts'
import type { GuestFactory } from '../../simulator/host/virtual/guest.ts'
import type { RequestEnd } from '../../simulator/machine/trace.ts'
import type { ExitStatus } from '../../simulator/manager/machine.ts'
import type { Settings } from '../../simulator/manager/settings.ts'
import type { SignalName } from '../../simulator/manager/signals.ts'
import { parseCommand } from '../../simulator/command/index.ts'
import type { ObservedAlive, ObservedClient, ObservedLine, ObservedProcesses } from './observed.ts'
import type { AppSwitch, Ending, Result } from './scenario.ts'
import type { Driver, Launch, Request } from './world.ts'

/** What a machine for a scenario is made of. */
export interface VirtualOptions {
  readonly seed: number
  readonly factory: GuestFactory
  /** The application's file for a way of misbehaving. */
  readonly source: (app: AppSwitch) => string
  /** The file that raises at import. */
  readonly broken: string
}

const TERMINAL = 'server'

/** Hands and eyes on a simulated machine; its clock goes on in `sleep`. */
export class VirtualDriver implements Driver {
  readonly #options: VirtualOptions
  readonly #kernel: Kernel
  readonly #lines: ObservedLine[] = []
  readonly #spawned: number[] = []
  #partial = ''
  #parent = 0
  #port = 0
  #lastOutput = 0
  #ended: Ending | undefined

  constructor(options: VirtualOptions) {
    this.#options = options
    this.#kernel = new Kernel({ seed: options.seed, factory: options.factory, profile: RECORDED })
    this.#kernel.subscribe((event) => {
      if (event.type === 'forked' && event.kind === 'worker' && event.ppid === this.#parent)
        this.#spawned.push(event.pid)
      if (event.type === 'echo') this.#partial += event.text
      if (event.type === 'output') this.#print(event.pid, event.stream, event.text)
    })
  }

  #print(pid: number, stream: 'stdout' | 'stderr', text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) {
      if (this.#partial !== '') this.#lines.push({ pid: 0, stream: 'stdout', text: this.#partial })
      this.#partial = ''
      this.#lines.push({ pid, stream, text: line })
    }
    this.#lastOutput = this.now()
  }

  start(launch: Launch): Promise<void> {
    const { medium, program, version } = launch
    const columns = medium.kind === 'pty' ? medium.columns : 80
    if (medium.kind === 'pty') this.#kernel.openTerminal(TERMINAL, { columns, colors: medium.colors })
    this.#kernel.writeFile('main.js', this.#options.source(launch.app))
    const parsed = parseCommand(launch.command.split(' '), {
      speaks: { program, version },
      env: launch.env,
      columns,
      colors: medium.kind === 'pty',
      words: { notYet: 'no {option} yet' },
    })
    if (parsed.kind !== 'run')
      throw new Error(`expected settings from '${launch.command}', got: ${parsed.text}`)
    const { settings } = parsed
    this.#port = portOf(settings)
    if (launch.portTaken) this.#kernel.network.listeners.bind(1, settings.binds, 1)
    this.#parent = this.#kernel.launch({
      settings,
      command: launch.command,
      env: launch.env,
      ...(medium.kind === 'pty' ? { terminal: TERMINAL } : {}),
      onEnd: (status) => (this.#ended = ending(status)),
    })
    return Promise.resolve()
  }

  now(): number {
    return this.#kernel.now / 1000
  }

  sleep(seconds: number): Promise<void> {
    return this.#kernel.runUntil(this.#kernel.now + seconds * 1000)
  }

  output(): readonly string[] {
    return this.#lines.filter(({ pid }) => pid !== 0).map(({ text }) => text)
  }

  lastOutput(): number {
    return this.#lastOutput
  }

  ended(): Ending | undefined {
    return this.#ended
  }

  kill(target: 'parent' | number, signal: SignalName): Promise<void> {
    const pid = target === 'parent' ? this.#parent : this.#spawned[target]
    if (pid !== undefined) this.#kernel.signal(pid, signal)
    return Promise.resolve()
  }

  pressCtrlC(): Promise<void> {
    if (this.#ended === undefined) this.#kernel.interrupt(TERMINAL)
    return Promise.resolve()
  }

  request(path: string): Request {
    const since = this.now()
    const request: { ended: ObservedClient | undefined } = { ended: undefined }
    let status: number | undefined
    this.#kernel.request(
      { host: '127.0.0.1', port: this.#port, method: 'GET', target: path },
      {
        onHead: (head) => (status = head.status),
        onEnd: (end) => (request.ended = { path, result: result(end, status), seconds: this.now() - since }),
      },
    )
    return request
  }

  breakCode(): Promise<void> {
    this.#kernel.writeFile('main.js', this.#options.broken)
    return Promise.resolve()
  }

  alive(): Promise<ObservedAlive> {
    const parent = this.#kernel.process(this.#parent)
    const master = parent?.alive !== true ? 'gone' : parent.frozen ? 'suspended' : 'alive'
    const workers = this.#spawned.filter((pid) => this.#kernel.process(pid)?.alive === true)
    return Promise.resolve({ master, workers })
  }

  observe(): Promise<ObservedProcesses> {
    const lines =
      this.#partial === ''
        ? this.#lines
        : [...this.#lines, { pid: 0, stream: 'stdout', text: this.#partial } as const]
    return Promise.resolve({
      attributed: true,
      lines,
      parent: this.#parent,
      spawned: this.#spawned,
      master: this.#ended ?? { kind: 'running' },
    })
  }

  stop(): Promise<void> {
    for (const { pid } of this.#kernel.processes()) this.#kernel.signal(pid, 'KILL')
    return Promise.resolve()
  }
}

function portOf(settings: Settings): number {
  const bind = settings.binds.find((each) => each.kind === 'tcp')
  return bind?.port ?? 0
}

function ending(status: ExitStatus): Ending {
  return 'code' in status ? { kind: 'code', code: status.code } : { kind: 'signal', signal: status.signal }
}

function result(end: RequestEnd, status: number | undefined): Result {
  switch (end) {
    case 'answered':
      return `${status ?? 0}`
    case 'cut-off':
      return `${status ?? 0} (body cut off)`
    case 'closed':
      return 'closed without a response'
    case 'refused':
      return 'connection refused'
    case 'gave-up':
      return 'timed out'
  }
}
