import type { ManagerEvent } from '../../manager/machine.ts'
import { runManager } from '../../manager/index.ts'
import { isPrinted, type LogRecord, type Stream } from '../../manager/log.ts'
import type { Settings } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { CommandWords } from '../../command/api.ts'
import {
  checkHardware,
  USUAL_HARDWARE,
  type Hardware,
  type KernelLine,
  type MemoryInfo,
  type ProcessorInfo,
} from '../../machine/hardware.ts'
import type {
  Beginning,
  ClientRequest,
  ClientWatch,
  Exec,
  Launch,
  ProcessInfo,
  SocketInfo,
  System,
  TerminalSize,
} from '../../machine/system.ts'
import type { Program } from '../../manager/settings.ts'
import { checkVersion, VERSIONS } from '../../manager/versions.ts'
import type { TraceEvent, TraceFact } from '../../machine/trace.ts'
import type { Medium } from '../../terminal/api.ts'
import { printer } from '../../terminal/index.ts'
import { Chance } from './chance.ts'
import { commandMemory } from './command-memory.ts'
import { Cores } from './cores.ts'
import { MemoryHost } from './memory-host.ts'
import type { GuestFactory } from './guest.ts'
import { MainThreads } from './main-threads.ts'
import { ManagerHost } from './manager-host.ts'
import { DataHost } from './data-host.ts'
import { FaultsHost } from './faults-host.ts'
import { InitHost } from './init-host.ts'
import { KeeperHost } from './keeper-host.ts'
import { Names } from './names.ts'
import { Network } from './network.ts'
import { inheritance, newProcess, type Birth, type Job, type Process } from './process.ts'
import { Power } from './power.ts'
import { Programs } from './programs.ts'
import { CertificateHost, ProxyHost } from './proxy-host.ts'
import { CALM, type Profile } from './profile.ts'
import { EventQueue, type Due } from './queue.ts'
import { Signals } from './signals.ts'
import { Terminals } from './terminals.ts'
import { WorkerHost } from './worker-host.ts'

/** What a simulated machine is made of. */
export interface KernelOptions {
  /** The same seed and the same inputs give the same trace. */
  readonly seed: number
  readonly factory: GuestFactory
  readonly files?: Readonly<Record<string, string>>
  /** The folder that the files are in. */
  readonly cwd?: string
  readonly profile?: Profile
  /** Calendar time at virtual time 0, in ms since 1970. */
  readonly epoch?: number
  /** The PID of the first process; later ones count on. */
  readonly firstPid?: number
  /** Cores, memory and swap (4 cores, 4 GiB, none); they can be changed later. */
  readonly hardware?: Partial<Hardware>
  /** How many connections the database allows at a time (100). */
  readonly connections?: number
  /** Versions of the programs that are installed; the first that we have unless said otherwise. */
  readonly versions?: Partial<Readonly<Record<Program, string>>>
  /** So many events of the trace are kept at least (100,000), so that a machine that runs for long does not fill the memory. */
  readonly keep?: number
  /** Sentences of our own in a usage error of a program that the machine starts by itself. */
  readonly words?: CommandWords
}

const PIPE: Medium = { terminal: false, columns: 80, colors: 'none' }
const MANAGER_MEMORY = 21_000_000
const KEPT_EVENTS = 100_000
/** How far below the first process the PIDs of shells begin, and how far they are apart. */
const SHELLS = { below: 64, step: 3 }
const SHELL_MEMORY = 5_200_000

/**
 * The kernel of a simulated machine: a discrete-event simulation. One queue of events ordered by virtual time;
 * processes whose code is scripted or runs in Web Workers; sockets with a backlog; signals.
 */
export class Kernel implements System {
  readonly epoch: number
  readonly cwd: string
  readonly profile: Profile
  /** The latest events, at least as many as the options say; earlier ones are forgotten. */
  readonly trace: TraceEvent[] = []
  readonly #keep: number
  #recorded = 0
  readonly factory: GuestFactory
  readonly table = new Map<number, Process>()
  readonly #queue = new EventQueue()
  readonly #listening = new Set<(event: TraceEvent) => void>()
  readonly #files = new Map<string, string>()
  readonly cores: Cores
  readonly pages: MemoryHost
  readonly network: Network
  readonly programs: Programs
  readonly init: InitHost
  readonly keepers: KeeperHost
  readonly dns: Names
  readonly certificates: CertificateHost
  readonly proxy: ProxyHost
  readonly data: DataHost
  readonly faults: FaultsHost
  readonly power: Power
  readonly signals: Signals
  readonly terminals: Terminals
  readonly threads: MainThreads
  readonly managers: ManagerHost
  readonly workers: WorkerHost
  readonly chance: Chance
  /** How busy this machine is with other things, from 0 to 1: on a busy one everything takes long. */
  readonly #business: number
  readonly #versions: Record<Program, string>
  readonly #dmesg: KernelLine[] = []
  #hardware: Hardware
  #now = 0
  #nextPid: number
  #nextShell: number
  readonly #firstPid: number
  #events = 0

  constructor(options: KernelOptions) {
    this.epoch = options.epoch ?? Date.UTC(2024, 4, 1, 12, 0, 0)
    this.cwd = options.cwd ?? '/home/user/code/awesomeapp'
    this.profile = options.profile ?? CALM
    this.factory = options.factory
    this.chance = new Chance(options.seed)
    this.#business = this.chance.next()
    this.#firstPid = options.firstPid ?? 27365
    this.#nextPid = this.#firstPid
    this.#nextShell = Math.max(2, this.#nextPid - SHELLS.below)
    for (const [path, text] of Object.entries(options.files ?? {})) this.#files.set(path, text)
    this.#keep = options.keep ?? KEPT_EVENTS
    this.#hardware = checkHardware({ ...USUAL_HARDWARE, ...options.hardware })
    this.cores = new Cores(this, this.#hardware.cores)
    this.pages = new MemoryHost(this, this.#hardware)
    const [uvicorn = '', gunicorn = '', fastapi = ''] = [
      VERSIONS.uvicorn[0],
      VERSIONS.gunicorn[0],
      VERSIONS.fastapi[0],
    ]
    this.#versions = { uvicorn, gunicorn, fastapi, ...options.versions }
    for (const program of ['uvicorn', 'gunicorn', 'fastapi'] as const)
      checkVersion(program, this.#versions[program])
    this.programs = new Programs(this, options.words)
    this.dns = new Names()
    this.certificates = new CertificateHost(this)
    this.proxy = new ProxyHost(this)
    this.data = new DataHost(this, options.connections)
    this.faults = new FaultsHost(this)
    this.power = new Power(this)
    this.init = new InitHost(this)
    this.keepers = new KeeperHost(this)
    this.network = new Network(this)
    this.signals = new Signals(this)
    this.terminals = new Terminals(this)
    this.threads = new MainThreads(this)
    this.managers = new ManagerHost(this)
    this.workers = new WorkerHost(this)
  }

  // Time

  get now(): number {
    return this.#now
  }

  /** How many events have been played. */
  get events(): number {
    return this.#events
  }

  /** How many events wait for their time. */
  get pending(): number {
    return this.#queue.size
  }

  /** When the next event is due; nothing when the machine rests for ever. */
  nextAt(): number | undefined {
    return this.#queue.next()
  }

  /** Plays the next event. A promise comes back when application code has to be awaited. */
  step(): void | Promise<void> {
    const due = this.#queue.pop()
    if (due?.run === undefined) return
    this.#now = Math.max(this.#now, due.at)
    this.#events += 1
    return due.run()
  }

  /** Plays everything up to virtual time `until`, and moves the clock there. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      const next = this.#queue.next()
      if (next === undefined || next > until) break
      const pending = this.step()
      if (pending !== undefined) await pending
    }
    this.#now = Math.max(this.#now, until)
  }

  /** Puts work in at a virtual time. */
  schedule(at: number, run: Job): Due {
    return this.#queue.push(Math.max(at, this.#now), run)
  }

  cancel(due: Due | undefined): void {
    this.#queue.cancel(due)
  }

  after(ms: number, run: (() => void) | (() => Promise<void>)): void {
    this.schedule(this.#now + ms, run)
  }

  // The trace

  /** Calls back at every event of the trace; the answer ends that. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listening.add(listener)
    return () => this.#listening.delete(listener)
  }

  /** How many events the trace has had, those that were forgotten included. */
  get recorded(): number {
    return this.#recorded
  }

  record(fact: TraceFact): void {
    // The fact itself becomes the event: a copy of each would be a good part of all the work.
    const event = fact as TraceFact & Stamp
    event.at = this.#now
    event.seq = this.#recorded++
    this.trace.push(event)
    if (this.trace.length >= this.#keep * 1.25) this.trace.splice(0, this.trace.length - this.#keep)
    for (const listener of this.#listening) listener(event)
  }

  // Terminals and files

  openTerminal(name: string, size: TerminalSize): void {
    this.terminals.set(name, size)
  }

  resizeTerminal(name: string, size: TerminalSize): void {
    this.terminals.set(name, size)
  }

  write(terminal: string, text: string, pid?: number): void {
    if (pid === undefined) this.record({ type: 'echo', terminal, text })
    else this.record({ type: 'output', pid, stream: 'stdout', text, terminal })
  }

  readFile(path: string): string | undefined {
    return this.#files.get(path)
  }

  writeFile(path: string, text: string): void {
    this.#files.set(path, text)
    this.record({ type: 'file-written', path })
    this.managers.written(path)
  }

  removeFile(path: string): void {
    this.#files.delete(path)
    this.record({ type: 'file-written', path })
  }

  listFiles(): readonly string[] {
    return [...this.#files.keys()].toSorted()
  }

  // Clients

  request(request: ClientRequest, watch: ClientWatch): number {
    return this.network.request(request, watch)
  }

  // Processes

  process(pid: number): Process | undefined {
    return this.table.get(pid)
  }

  processes(): readonly ProcessInfo[] {
    return [...this.table.values()].map((process) => ({
      pid: process.pid,
      ppid: process.ppid,
      kind: process.kind,
      command: process.command,
      state: this.#stateOf(process),
      startedAt: process.startedAt,
      cpu: this.cores.usedBy(process),
      ...this.pages.of(process),
      user: process.user,
      group: process.group,
      terminal: process.terminal,
      unit: process.unit,
      container: process.container,
      foreground: this.signals.isForeground(process),
    }))
  }

  sockets(): readonly SocketInfo[] {
    return this.network.listeners.all().map(({ bind, backlog, waiting, holders }) => ({
      bind,
      backlog,
      waiting: waiting.length,
      holders: [...holders],
    }))
  }

  #stateOf(process: Process): ProcessInfo['state'] {
    if (!process.alive) return 'Z'
    if (process.frozen) return 'T'
    if (process.waitsForDisk > 0) return 'D'
    return process.works.size > 0 || process.inTurn ? 'R' : 'S'
  }

  launch(launch: Launch & Owner): number {
    const pid = this.newPid()
    const process = this.birth({
      ...this.#inherited(launch.settings, launch.terminal, launch.streams),
      pid,
      ppid: launch.ppid ?? 1,
      kind: 'manager',
      command: launch.command,
      group: launch.group ?? pid,
      beginning: launch,
      ...owner(launch),
      env: launch.env,
      onEnd: launch.onEnd,
      memory: MANAGER_MEMORY,
    })
    this.#start(process, launch.settings, { type: 'start', pid })
    return pid
  }

  exec(exec: Exec & Owner): number | 'not-found' {
    return this.programs.exec(exec)
  }

  /** The program begins when it has been read and has imported what it needs. */
  #start(process: Process, settings: Settings, event: WithoutAt<ManagerEvent & { type: 'start' }>): void {
    process.manager = runManager(settings, Math.floor(this.chance.next() * 4294967296))
    this.cores.run(process, this.draw(this.profile.launch), () =>
      this.threads.deliver(process, () => this.managers.take(process, event)),
    )
  }

  #inherited(
    settings: Settings,
    terminal: string | undefined,
    streams: Process['streams'] = {},
  ): Pick<Birth, 'settings' | 'terminal' | 'print' | 'startedAt' | 'streams'> {
    const size = this.terminals.size(terminal)
    const medium = (stream: Stream): Medium =>
      size === undefined || streams[stream] !== undefined
        ? PIPE
        : { terminal: true, columns: size.columns, colors: size.colors }
    const options = { speaks: settings.speaks, stdout: medium('stdout'), stderr: medium('stderr') }
    const print = printer(settings.colors === undefined ? options : { ...options, colors: settings.colors })
    return { settings, terminal, print, startedAt: this.#now, streams }
  }

  newPid(): number {
    return this.#nextPid++
  }

  birth(birth: Birth): Process {
    const process = newProcess(birth)
    this.table.set(process.pid, process)
    const { pid, ppid, kind, command, terminal } = process
    this.record({ type: 'forked', pid, ppid, kind, command, ...(terminal === undefined ? {} : { terminal }) })
    this.pages.born(process, birth.copyOf)
    return process
  }

  begin(
    command: string,
    terminal?: string,
    onEnd?: (status: ExitStatus) => void,
    beginning: Beginning = {},
  ): number {
    const { kind = 'command', ppid = 1, group } = beginning
    const pid = kind === 'shell' ? this.#shellPid() : this.newPid()
    this.birth({
      pid,
      ppid,
      kind,
      command,
      terminal,
      group: group ?? pid,
      beginning,
      env: {},
      startedAt: this.#now,
      settings: undefined,
      print: undefined,
      onEnd,
      memory: kind === 'shell' ? SHELL_MEMORY : commandMemory(command),
    })
    return pid
  }

  /** Shells were there before anything was typed; when there have been many, they count on like the rest. */
  #shellPid(): number {
    const pid = this.#nextShell
    if (pid >= this.#firstPid) return this.newPid()
    this.#nextShell += SHELLS.step
    return pid
  }

  end(pid: number, code: number): void {
    const process = this.table.get(pid)
    if (process !== undefined) this.terminate(process, { code })
  }

  /** The end of a process: its code stops at once, its connections break, its parent is told. */
  terminate(process: Process, status: ExitStatus): void {
    if (!process.alive) return
    process.alive = false
    for (const due of [process.timer, process.wake, process.rouse]) this.cancel(due)
    process.inbox.length = 0
    process.held.length = 0
    process.stretches.length = 0
    process.burst = undefined
    this.cores.end(process)
    this.pages.ended(process)
    process.guest?.end()
    process.guest = undefined
    this.factory.forget?.(process.pid)
    this.record({ type: 'ended', pid: process.pid, status })
    for (const connection of [...process.connections.values()]) {
      this.network.endConnection(connection, connection.headSent ? 'cut-off' : 'closed', process)
    }
    this.network.closeListeners(process.pid)
    this.#orphan(process.pid)
    this.#tellParent(process, status)
    process.onEnd?.(status)
    if (process.unit !== undefined) this.init.processEnded(process)
    this.keepers.processEnded(process)
    this.data.processEnded(process)
    this.#endHelpers()
  }

  #orphan(parent: number): void {
    for (const child of [...this.table.values()]) {
      if (child.ppid !== parent) continue
      child.ppid = 1
      if (child.alive) this.#tellOrphan(child)
      else this.#reap(child, 1)
    }
  }

  /** Nobody tells a process that its parent has ended; who cares looks by itself, and sees it at once. */
  #tellOrphan(process: Process): void {
    if (process.worker !== undefined) this.workers.take(process, { type: 'orphaned' })
    else this.managers.take(process, { type: 'orphaned' })
  }

  #tellParent(process: Process, status: ExitStatus): void {
    const parent = this.table.get(process.ppid)
    const isCare = process.kind === 'worker' || process.manager !== undefined
    if (parent?.manager === undefined || !parent.alive || !isCare) {
      this.#reap(process, process.ppid)
      return
    }
    this.threads.soon(parent, () => {
      this.#reap(process, parent.pid)
      return this.managers.take(parent, { type: 'exited', pid: process.pid, status })
    })
  }

  #reap(process: Process, by: number): void {
    if (this.table.delete(process.pid)) this.record({ type: 'reaped', pid: process.pid, by })
  }

  /** Python's resource tracker lives as long as anybody who could need it: its pipe is open in the manager and in every worker. */
  #endHelpers(): void {
    for (const helper of [...this.table.values()]) {
      if (helper.kind !== 'helper' || !helper.alive) continue
      const needed = [...this.table.values()].some(
        (other) => other.alive && other.group === helper.group && other.kind !== 'helper',
      )
      if (!needed) this.terminate(helper, { code: 0 })
    }
  }

  // Signals

  signal(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    return this.signals.send(pid, signal, from)
  }

  interrupt(terminal: string): void {
    this.record({ type: 'echo', terminal, text: '^C' })
    this.signals.toForeground(terminal, 'INT')
  }

  press(terminal: string, signal: 'TSTP' | 'QUIT'): void {
    this.record({ type: 'echo', terminal, text: signal === 'TSTP' ? '^Z' : '^\\' })
    this.signals.toForeground(terminal, signal)
  }

  foreground(terminal: string, group: number): void {
    this.signals.foreground.set(terminal, group)
  }

  // The machine itself

  get up(): boolean {
    return this.power.up
  }

  get bootedAt(): number {
    return this.power.bootedAt
  }

  get hardware(): Hardware {
    return this.#hardware
  }

  setHardware(change: Partial<Hardware>): void {
    this.#hardware = checkHardware({ ...this.#hardware, ...change })
    this.record({ type: 'hardware', ...this.#hardware })
    this.cores.setCores(this.#hardware.cores)
    this.pages.resizeMachine(this.#hardware)
  }

  processor(): ProcessorInfo {
    const { processor } = this.cores
    const load = processor.load(this.#now)
    const { cores, runnable, used } = processor
    return { cores, load, runnable, ...used }
  }

  memory(): MemoryInfo {
    return this.pages.info()
  }

  dmesg(): readonly KernelLine[] {
    return this.#dmesg
  }

  /** A boot begins with an empty log. */
  clearDmesg(): void {
    this.#dmesg.length = 0
  }

  /** A line of the kernel's own log. */
  say(text: string): void {
    this.#dmesg.push({ at: this.#now, text })
    if (this.#dmesg.length > 2000) this.#dmesg.splice(0, 1000)
    this.init.kernelSaid(text)
    this.record({ type: 'dmesg', text })
  }

  installed(program: Program): string {
    return this.#versions[program]
  }

  install(program: Program, version: string): void {
    checkVersion(program, version)
    this.#versions[program] = version
    this.record({ type: 'installed', program, version })
  }

  // What a process has and prints

  setMemory(process: Process, bytes: number): void {
    this.pages.resize(process, bytes)
  }

  /** Prints a record as the program of this process does. */
  log(process: Process, record: LogRecord): void {
    const { print, settings } = process
    if (print === undefined || settings === undefined) return
    if (record.kind === 'message' && !isPrinted(record.level, settings.logLevel)) return
    if (record.kind === 'access' && !isPrinted('info', settings.logLevel)) return
    const { stream, text } = print(record, { epochMs: this.epoch + this.#now, offsetMinutes: 0 })
    this.output(process, stream, text, record)
  }

  output(process: Process, stream: Stream, text: string, record?: LogRecord): void {
    const { pid, streams } = process
    const elsewhere = streams[stream]
    const terminal = elsewhere === undefined ? process.terminal : undefined
    elsewhere?.(text)
    if (process.unit !== undefined && elsewhere === undefined) this.init.written(process, text)
    if (process.container !== undefined && elsewhere === undefined) this.keepers.written(process, text)
    this.record({
      type: 'output',
      pid,
      stream,
      text,
      ...(terminal === undefined ? {} : { terminal }),
      ...(record === undefined ? {} : { record }),
    })
  }

  // Between manager and workers

  /** Starts a worker of `parent`. */
  forkWorker(parent: Process, age: number): Process {
    const forked = parent.settings?.speaks.program === 'gunicorn'
    const pid = this.newPid()
    const settings = parent.manager?.settings ?? parent.settings
    if (settings === undefined)
      throw new Error(`process ${parent.pid} has no settings and cannot have workers`)
    const process = this.birth({
      ...this.#inherited(settings, parent.terminal, parent.streams),
      pid,
      ppid: parent.pid,
      kind: 'worker',
      ...inheritance(parent),
      command: forked ? parent.command : `${parent.command} (spawned worker)`,
      group: parent.group,
      beginning: inherited(parent),
      env: parent.env,
      onEnd: undefined,
      memory: forked ? parent.memory : MANAGER_MEMORY,
      ...(forked ? { copyOf: parent } : {}),
    })
    this.network.listeners.inherit(parent.pid, pid)
    this.workers.begin(process, {
      pid,
      role: forked ? 'forked' : 'spawned',
      age,
      settings,
      chance: this.chance.next(),
    })
    return process
  }

  /** gunicorn: a second master beside this one, from the same command; the answer is its PID. */
  reexecute(parent: Process): number {
    const { settings, terminal } = parent
    if (settings === undefined) throw new Error(`process ${parent.pid} has no settings to start another from`)
    const pid = this.newPid()
    const process = this.birth({
      ...this.#inherited(settings, terminal, parent.streams),
      pid,
      ...inheritance(parent),
      ppid: parent.pid,
      kind: 'manager',
      command: parent.command,
      group: parent.group,
      beginning: inherited(parent),
      env: parent.env,
      onEnd: undefined,
      memory: MANAGER_MEMORY,
    })
    this.network.listeners.inherit(parent.pid, pid)
    this.#start(process, settings, { type: 'start', pid, successorOf: parent.pid })
    return pid
  }

  /** With one worker the manager's own process serves. */
  serveAlone(process: Process): void {
    const settings = process.manager?.settings ?? process.settings
    if (settings === undefined) throw new Error(`process ${process.pid} has no settings and cannot serve`)
    this.workers.beginAlone(process, {
      pid: process.pid,
      role: 'single',
      age: 0,
      settings,
      chance: this.chance.next(),
    })
  }

  /** Tells the manager of `worker` something, if it still lives. */
  tellManager(worker: Process, event: ManagerReport): void {
    const parent = this.table.get(worker.ppid)
    if (parent?.manager === undefined) return
    // A heart beats in a file's time stamp, which needs nobody's attention to change.
    if (event.type === 'heartbeat') return this.managers.take(parent, event)
    this.threads.soon(parent, () => this.managers.take(parent, event))
  }

  /** The end of a program; the process still takes its time to leave. */
  leave(process: Process, status: ExitStatus, ms: number): void {
    this.cancel(process.wake)
    this.schedule(this.#now + ms, () => {
      const end: Job = () => this.terminate(process, status)
      if (process.frozen) process.held.push(end)
      else return end()
    })
  }

  /** How long a process takes to leave. */
  leaveTime(): number {
    const { slowLeave, slowLeaves, leave } = this.profile
    return this.draw(this.chance.next() < slowLeaves * this.#business ? slowLeave : leave)
  }

  /** How long it takes from one of a process's last lines to the next. */
  lastLineTime(): number {
    const { stall, stalls, lastLine } = this.profile
    return this.draw(this.chance.next() < stalls * this.#business ? stall : lastLine)
  }

  /** How long something takes this time: mostly as long as the machine is busy, a little by chance. */
  draw([low, high]: readonly [number, number]): number {
    return low + (0.7 * this.#business + 0.3 * this.chance.next()) * (high - low)
  }
}

/** Whose a process is. */
export interface Owner {
  readonly user?: string
  readonly unit?: string | undefined
  readonly cwd?: string | undefined
  readonly container?: string | undefined
}

/** What a process has of its owner. */
export function owner({
  user = 'user',
  unit,
  cwd,
  container,
}: Owner): Pick<Process, 'user' | 'unit' | 'cwd' | 'container'> {
  return { user, unit, cwd, container }
}

/** What a child takes over from how its parent was begun. */
function inherited({ beginning }: Process): Beginning {
  return beginning.ignores === undefined ? {} : { ignores: beginning.ignores }
}

/** The name of a program as the kernel knows it (`comm`): at most 15 characters. */
export function nameOf(process: Pick<Process, 'command' | 'kind'> | undefined): string {
  const [word = ''] = process?.command.split(' ') ?? []
  return (word.split('/').at(-1) ?? '').slice(0, 15)
}

/** What a fact gets when it is recorded. */
interface Stamp {
  at: number
  seq: number
}

/** What a worker reports to its manager. */
export type ManagerReport = Extract<WithoutAt<ManagerEvent>, { type: 'ready' | 'heartbeat' | 'pong' }>

/** An event before the clock is put in. */
export type WithoutAt<Event> = Event extends unknown ? Omit<Event, 'at'> : never
