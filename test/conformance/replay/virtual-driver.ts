import { Kernel } from '../../../simulator/host/virtual/kernel.ts'
import { RECORDED } from '../../../simulator/host/virtual/profile.ts'
import type { GuestFactory } from '../../../simulator/host/virtual/guest.ts'
import { GIB } from '../../../simulator/machine/hardware.ts'
import type { RequestEnd } from '../../../simulator/machine/trace.ts'
import type { ExitStatus } from '../../../simulator/manager/machine.ts'
import type { Settings } from '../../../simulator/manager/settings.ts'
import type { SignalName } from '../../../simulator/manager/signals.ts'
import { parseCommand } from '../../../simulator/command/index.ts'
import type { ObservedAlive, ObservedClient, ObservedLine, ObservedProcesses } from '../recording/observed.ts'
import type { AppSwitch, Ending, Result, WebSocketAct } from '../recording/scenario.ts'
import { pipeline } from './virtual-pipeline.ts'
import { VirtualWebSocket } from './virtual-web-socket.ts'
import type { Begun, Driver, Launch, Over, Request } from './world.ts'

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
/** The client's name for the connection that it keeps. */
const KEPT = 1
/** Where the recorder's socket listens, and the first descriptor that an init system passes. */
const PASSED_AT = { kind: 'tcp', host: '127.0.0.1', port: 8000 } as const
const FIRST_PASSED = 3
/** The recorded times hold the wait for a core already: here nobody waits for one. */
const RECORDED_ON = { cores: 16, memory: 8 * GIB, swap: 0 }

/** Hands and eyes on a simulated machine; its clock goes on in `sleep`. */
export class VirtualDriver implements Driver {
  readonly #options: VirtualOptions
  readonly #kernel: Kernel
  readonly #lines: ObservedLine[] = []
  readonly #spawned: number[] = []
  #partial = ''
  /** Whether the connection that the client keeps was opened. */
  #opened = false
  #parent = 0
  #passedPort: number | undefined
  readonly #told: string[] = []
  #newMaster = 0
  #settings: Settings | undefined
  readonly #webSocket: VirtualWebSocket
  #lastOutput = 0
  #ended: Ending | undefined

  constructor(options: VirtualOptions) {
    this.#options = options
    this.#kernel = new Kernel({
      seed: options.seed,
      factory: options.factory,
      profile: RECORDED,
      hardware: RECORDED_ON,
      // The recordings were made by root.
      lowestPort: 0,
    })
    this.#webSocket = new VirtualWebSocket(this.#kernel)
    this.#kernel.subscribe((event) => {
      if (event.type === 'forked' && event.kind === 'worker') this.#spawned.push(event.pid)
      if (event.type === 'forked' && event.kind === 'manager' && event.ppid === this.#parent)
        this.#newMaster = event.pid
      if (event.type === 'notified') this.#told.push(event.text.replaceAll('\n', ' '))
      if (event.type === 'echo') this.#partial += event.text
      if (event.type === 'output') this.#print(event.pid, event.stream, event.text)
    })
  }

  #print(pid: number, stream: 'stdout' | 'stderr', text: string): void {
    if (text === '') return
    for (const line of text.replace(/\n$/, '').split('\n')) {
      if (this.#partial !== '') this.#lines.push({ pid: 0, stream: 'stdout', text: this.#partial })
      this.#partial = ''
      this.#lines.push({ pid, stream, text: line })
    }
    if (text.endsWith('\n')) this.#lastOutput = this.now()
  }

  start(launch: Launch): Promise<void> {
    const { medium, program, version } = launch
    const columns = medium.kind === 'pty' ? medium.columns : 80
    if (medium.kind === 'pty') {
      const answers = launch.silent !== true
      this.#kernel.openTerminal(TERMINAL, { columns, colors: medium.colors, answers })
    }
    for (const file of ['key.pem', 'cert.pem']) this.#kernel.writeFile(file, '')
    this.#kernel.writeFile('main.js', this.#options.source(launch.app))
    const parsed = parseCommand(launch.command.split(' '), {
      speaks: { program, version: version.replace('-asgi', '') },
      env: launch.env,
      columns,
      colors: medium.kind === 'pty',
      words: { notYet: 'no {option} yet' },
      cwd: this.#kernel.cwd,
    })
    if (parsed.kind !== 'run')
      throw new Error(`expected settings from '${launch.command}', got: ${parsed.text}`)
    const passes = launch.env['LISTEN_FDS'] !== undefined || launch.command.includes('--fd ')
    const settings = passes ? this.#passSocket(parsed.settings) : parsed.settings
    this.#settings = settings
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

  /** As an init system does, which is process 1; the client reaches it at the address of the recordings. */
  #passSocket(settings: Settings): Settings {
    const [bind] = settings.binds
    const at = { ...PASSED_AT, port: bind?.kind === 'tcp' ? bind.port : PASSED_AT.port }
    this.#kernel.network.listeners.pass(1, at, settings.backlog, FIRST_PASSED)
    this.#passedPort = at.port
    return { ...settings, binds: [{ kind: 'fd', fd: FIRST_PASSED }] }
  }

  told(): Promise<string> {
    return Promise.resolve(this.#told.join(', ') || 'nothing')
  }

  now(): number {
    return this.#kernel.now / 1000
  }

  sleep(seconds: number): Promise<void> {
    return this.#kernel.runUntil(this.#kernel.now + seconds * 1000)
  }

  output(): readonly string[] {
    return this.#lines.filter(({ pid, text }) => pid !== 0 && !isQuestion(text)).map(({ text }) => text)
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

  request(path: string, _by?: number, over: Over = 'tcp', patience = 120): Request {
    const since = this.now()
    const { binds = [], tls } = this.#settings ?? {}
    const socket = binds.find((bind) => bind.kind === 'unix')?.path
    const port = this.#port
    const to = over === 'unix socket' && socket !== undefined ? { port: 0, socket } : { port }
    const secure = over === 'tcp' && tls !== undefined
    const request: { ended: ObservedClient | undefined } = { ended: undefined }
    const kept = over === 'kept connection' ? { connection: KEPT } : {}
    if (over === 'kept connection') {
      const bind = { kind: 'tcp', host: '127.0.0.1', port } as const
      if (this.#opened && !this.#kernel.network.isKept(KEPT, bind))
        return { ended: { path, result: 'closed without a response', seconds: 0 } }
      this.#opened = true
    }
    const version = over === 'HTTP/1.0' ? ({ version: '1.0' } as const) : {}
    let status: number | undefined
    this.#kernel.request(
      {
        host: '127.0.0.1',
        ...to,
        ...kept,
        ...version,
        secure,
        method: 'GET',
        target: path,
        patience: patience * 1000,
      },
      {
        onHead: (head) => (status = head.status),
        onEnd: (end) => (request.ended = { path, result: result(end, status), seconds: this.now() - since }),
      },
    )
    return request
  }

  webSocket(act: WebSocketAct): Begun {
    return this.#webSocket.act(act, this.#port)
  }

  pipeline(paths: readonly string[]): Begun {
    return pipeline(this.#kernel, paths, this.#port)
  }

  get #port(): number {
    return this.#passedPort ?? this.#settings?.binds.find((bind) => bind.kind === 'tcp')?.port ?? 0
  }

  slowDown(seconds: number): Promise<void> {
    this.#kernel.writeFile('main.js', `life=slow${seconds}`)
    return Promise.resolve()
  }

  breakCode(): Promise<void> {
    this.#kernel.writeFile('main.js', this.#options.broken)
    return Promise.resolve()
  }

  resize(columns: number): Promise<void> {
    this.#kernel.resizeTerminal(TERMINAL, { columns, colors: 'truecolor' })
    return Promise.resolve()
  }

  socketFile(): Promise<boolean> {
    const path = this.#settings?.binds.find((bind) => bind.kind === 'unix')?.path
    return Promise.resolve(path !== undefined && this.#kernel.network.listeners.hasFile(path))
  }

  newMaster(): Promise<boolean> {
    return Promise.resolve(this.#kernel.process(this.#newMaster)?.alive === true)
  }

  alive(): Promise<ObservedAlive> {
    const parent = this.#kernel.process(this.#parent)
    const master = parent?.alive !== true ? 'gone' : parent.frozen ? 'suspended' : 'alive'
    const others = this.#newMaster === 0 ? this.#spawned : [...this.#spawned, this.#newMaster]
    const workers = others.filter((pid) => this.#kernel.process(pid)?.alive === true)
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
      spawned: this.#newMaster === 0 ? this.#spawned : [...this.#spawned, this.#newMaster],
      master: this.#ended ?? { kind: 'running' },
    })
  }

  stop(): Promise<void> {
    for (const { pid } of this.#kernel.processes()) this.#kernel.signal(pid, 'KILL')
    return Promise.resolve()
  }
}

/** A question to the terminal is no line. */
function isQuestion(text: string): boolean {
  return text.startsWith('\u001b]1')
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
    case 'no-such-host':
    case 'bad-certificate':
    case 'no-certificate':
    case 'not-tls':
      throw new Error(`no recording has a request that ends with ${end}`)
  }
}
