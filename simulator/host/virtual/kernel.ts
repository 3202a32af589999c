import type { ManagerEvent } from '../../manager/machine.ts'
import { runManager } from '../../manager/index.ts'
import { isPrinted, type LogRecord, type Stream } from '../../manager/log.ts'
import type { Bind, Settings } from '../../manager/settings.ts'
import { defaultAction, type SignalName } from '../../manager/signals.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type {
  ClientRequest,
  ClientWatch,
  Launch,
  ProcessInfo,
  System,
  TerminalSize,
} from '../../machine/system.ts'
import type { RequestEnd, TraceEvent, TraceFact } from '../../machine/trace.ts'
import type { Medium } from '../../terminal/api.ts'
import { printer } from '../../terminal/index.ts'
import { workerHandles } from '../../worker/worker.ts'
import { Chance } from './chance.ts'
import type { Connection } from './connection.ts'
import type { GuestFactory, GuestInput, GuestTurn } from './guest.ts'
import { Listeners, type Listener } from './listeners.ts'
import { ManagerHost } from './manager-host.ts'
import { newProcess, type Birth, type Job, type Process } from './process.ts'
import { RECORDED, type Profile } from './profile.ts'
import { EventQueue, type Due } from './queue.ts'
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
}

const PIPE: Medium = { terminal: false, columns: 80, colors: 'none' }
const MANAGER_MEMORY = 21_000_000

/**
 * The kernel of a simulated machine: a discrete-event simulation. One queue of events ordered by virtual time;
 * processes whose code is scripted or runs in Web Workers; sockets with a backlog; signals.
 */
export class Kernel implements System {
  readonly epoch: number
  readonly cwd: string
  readonly profile: Profile
  readonly trace: TraceEvent[] = []
  readonly listeners = new Listeners()
  readonly factory: GuestFactory
  readonly processes_ = new Map<number, Process>()
  readonly #queue = new EventQueue()
  readonly #listening = new Set<(event: TraceEvent) => void>()
  readonly #terminals = new Map<string, TerminalSize>()
  readonly #files = new Map<string, string>()
  readonly #managers: ManagerHost
  readonly #workers: WorkerHost
  readonly chance: Chance
  #now = 0
  #nextPid: number
  #nextRequest = 1
  #events = 0

  constructor(options: KernelOptions) {
    this.epoch = options.epoch ?? Date.UTC(2024, 4, 1, 12, 0, 0)
    this.cwd = options.cwd ?? '/home/user/code/awesomeapp'
    this.profile = options.profile ?? RECORDED
    this.factory = options.factory
    this.chance = new Chance(options.seed)
    this.#nextPid = options.firstPid ?? 27365
    for (const [path, text] of Object.entries(options.files ?? {})) this.#files.set(path, text)
    this.#managers = new ManagerHost(this)
    this.#workers = new WorkerHost(this)
  }

  // Time

  get now(): number {
    return this.#now
  }

  /** How many events have been played. */
  get events(): number {
    return this.#events
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

  after(ms: number, run: () => void): void {
    this.schedule(this.#now + ms, run)
  }

  // The trace

  /** Calls back at every event of the trace; the answer ends that. */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listening.add(listener)
    return () => this.#listening.delete(listener)
  }

  record(fact: TraceFact): void {
    const event: TraceEvent = { at: this.#now, seq: this.trace.length, ...fact }
    this.trace.push(event)
    for (const listener of this.#listening) listener(event)
  }

  // Terminals and files

  openTerminal(name: string, size: TerminalSize): void {
    this.#terminals.set(name, size)
  }

  resizeTerminal(name: string, size: TerminalSize): void {
    this.#terminals.set(name, size)
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
  }

  listFiles(): readonly string[] {
    return [...this.#files.keys()].toSorted()
  }

  // Processes

  process(pid: number): Process | undefined {
    return this.processes_.get(pid)
  }

  processes(): readonly ProcessInfo[] {
    return [...this.processes_.values()].map((process) => ({
      pid: process.pid,
      ppid: process.ppid,
      kind: process.kind,
      command: process.command,
      state: !process.alive ? 'Z' : process.frozen ? 'T' : this.isBusy(process) ? 'R' : 'S',
      startedAt: process.startedAt,
      cpu: process.cpu,
      memory: process.memory,
      terminal: process.terminal,
    }))
  }

  launch(launch: Launch): number {
    const pid = this.newPid()
    const process = this.birth({
      ...this.#inherited(launch.settings, launch.terminal),
      pid,
      ppid: 1,
      kind: 'manager',
      command: launch.command,
      group: pid,
      env: launch.env,
      onEnd: launch.onEnd,
      memory: MANAGER_MEMORY,
    })
    process.manager = runManager(launch.settings, Math.floor(this.chance.next() * 4294967296))
    const begin = this.#now + this.chance.within(this.profile.launch)
    this.schedule(begin, () => this.deliver(process, () => this.#managers.take(process, { type: 'start', pid })))
    return pid
  }

  #inherited(settings: Settings, terminal: string | undefined): Pick<Birth, 'settings' | 'terminal' | 'print' | 'startedAt'> {
    const size = terminal === undefined ? undefined : this.#terminals.get(terminal)
    const medium: Medium = size === undefined ? PIPE : { terminal: true, ...size }
    const options = { speaks: settings.speaks, stdout: medium, stderr: medium }
    const print = printer(settings.colors === undefined ? options : { ...options, colors: settings.colors })
    return { settings, terminal, print, startedAt: this.#now }
  }

  newPid(): number {
    return this.#nextPid++
  }

  birth(birth: Birth): Process {
    const process = newProcess(birth)
    this.processes_.set(process.pid, process)
    const { pid, ppid, kind, command, terminal } = process
    this.record({ type: 'forked', pid, ppid, kind, command, ...(terminal === undefined ? {} : { terminal }) })
    this.record({ type: 'memory', pid, bytes: process.memory })
    return process
  }

  begin(command: string, terminal?: string): number {
    const pid = this.newPid()
    this.birth({
      pid,
      ppid: 1,
      kind: 'command',
      command,
      terminal,
      group: pid,
      env: {},
      startedAt: this.#now,
      settings: undefined,
      print: undefined,
      onEnd: undefined,
      memory: 0,
    })
    return pid
  }

  end(pid: number, code: number): void {
    const process = this.processes_.get(pid)
    if (process !== undefined) this.terminate(process, { code })
  }

  /** The end of a process: its code stops at once, its connections break, its parent is told. */
  terminate(process: Process, status: ExitStatus): void {
    if (!process.alive) return
    process.alive = false
    for (const due of [process.timer, process.wake, process.rouse]) this.cancel(due)
    process.inbox.length = 0
    process.held.length = 0
    process.guest?.end()
    process.guest = undefined
    this.record({ type: 'ended', pid: process.pid, status })
    for (const connection of [...process.connections.values()]) {
      this.endConnection(connection, connection.headSent ? 'cut-off' : 'closed', process)
    }
    this.closeListeners(process.pid)
    this.#orphan(process.pid)
    this.#tellParent(process, status)
    process.onEnd?.(status)
    this.#endHelpers()
  }

  #orphan(parent: number): void {
    for (const child of [...this.processes_.values()]) {
      if (child.ppid !== parent) continue
      child.ppid = 1
      if (!child.alive) this.#reap(child, 1)
    }
  }

  #tellParent(process: Process, status: ExitStatus): void {
    const parent = this.processes_.get(process.ppid)
    if (parent?.manager === undefined || !parent.alive || process.kind !== 'worker') {
      this.#reap(process, process.ppid)
      return
    }
    this.soon(parent, () => {
      this.#reap(process, parent.pid)
      return this.#managers.take(parent, { type: 'exited', pid: process.pid, status })
    })
  }

  #reap(process: Process, by: number): void {
    if (this.processes_.delete(process.pid)) this.record({ type: 'reaped', pid: process.pid, by })
  }

  /** Python's resource tracker lives as long as anybody who could need it: its pipe is open in the manager and in every worker. */
  #endHelpers(): void {
    for (const helper of [...this.processes_.values()]) {
      if (helper.kind !== 'helper' || !helper.alive) continue
      const needed = [...this.processes_.values()].some(
        (other) => other.alive && other.group === helper.group && other.kind !== 'helper',
      )
      if (!needed) this.terminate(helper, { code: 0 })
    }
  }

  // Signals

  signal(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    const process = this.processes_.get(pid)
    if (process === undefined) return 'no-such-process'
    this.record({ type: 'signalled', pid, from, signal })
    if (process.alive) this.#take(process, signal)
    return 'sent'
  }

  interrupt(terminal: string): void {
    this.record({ type: 'echo', terminal, text: '^C' })
    const job = [...this.processes_.values()].find(
      (process) => process.alive && process.terminal === terminal && process.group === process.pid,
    )
    if (job === undefined) return
    const members = [...this.processes_.values()].filter((process) => process.alive && process.group === job.group)
    for (const process of members) this.signal(process.pid, 'INT')
  }

  #take(process: Process, signal: SignalName): void {
    if (signal === 'KILL') return this.terminate(process, { signal })
    if (signal === 'STOP') return this.#freeze(process)
    if (signal === 'CONT') return this.#thaw(process)
    // Python's resource tracker ignores both.
    if (process.kind === 'helper' && (signal === 'INT' || signal === 'TERM')) return
    if (this.#handles(process, signal)) {
      this.soon(process, () => this.#deliverSignal(process, signal))
    } else if (process.frozen) {
      process.inbox.push(() => this.#take(process, signal))
    } else {
      switch (defaultAction(signal)) {
        case 'terminate':
          return this.terminate(process, { signal })
        case 'stop':
          return this.#freeze(process)
        default:
          return
      }
    }
  }

  #handles(process: Process, signal: SignalName): boolean {
    if (process.worker !== undefined) return workerHandles(process.worker, signal)
    return process.manager?.handles(signal) ?? false
  }

  #deliverSignal(process: Process, signal: SignalName): void | Promise<void> {
    // Between the sending and now the program may have taken its handler away.
    if (!this.#handles(process, signal)) return this.#take(process, signal)
    if (process.worker !== undefined) return this.#workers.take(process, { type: 'signal', signal })
    return this.#managers.take(process, { type: 'signal', signal })
  }

  #freeze(process: Process): void {
    if (process.frozen) return
    process.frozen = true
    this.record({ type: 'stopped', pid: process.pid })
  }

  #thaw(process: Process): void {
    if (!process.frozen) return
    process.frozen = false
    this.record({ type: 'continued', pid: process.pid })
    const held = process.held.splice(0)
    this.schedule(this.#now, async () => {
      for (const job of held) await job()
      await this.drain(process)
    })
  }

  // The main thread of a process

  isBusy(process: Process): boolean {
    return process.spinning || process.inTurn || process.busyUntil > this.#now
  }

  /** Gives a process work for its main thread: now, or when it listens again. */
  deliver(process: Process, job: Job): void | Promise<void> {
    if (!process.alive) return
    if (process.frozen || this.isBusy(process) || process.inbox.length > 0) {
      process.inbox.push(job)
      this.#rouseLater(process)
      return
    }
    return job()
  }

  /** The same after the moment that it takes to notice. */
  soon(process: Process, job: Job): void {
    const at = this.#now + this.chance.within(this.profile.notice)
    this.schedule(at, () => this.deliver(process, job))
  }

  /** The process computes for so many ms. */
  occupy(process: Process, ms: number): void {
    process.cpu += ms
    process.busyUntil = Math.max(process.busyUntil, this.#now) + ms
    if (ms >= 1) {
      this.record({ type: 'busy', pid: process.pid, until: process.busyUntil, spinning: false })
    }
    this.#rouseLater(process)
  }

  #rouseLater(process: Process): void {
    if (process.spinning || process.inTurn || process.frozen) return
    if (process.rouse?.run !== undefined && process.rouse.at >= process.busyUntil) return
    this.cancel(process.rouse)
    const rouse = this.schedule(process.busyUntil, () => {
      rouse.run = undefined
      return this.drain(process)
    })
    process.rouse = rouse
  }

  /** Works off what has waited for the main thread. */
  async drain(process: Process): Promise<void> {
    while (process.alive && !process.frozen && !this.isBusy(process)) {
      const job = process.inbox.shift()
      if (job === undefined) break
      const pending = job()
      if (pending !== undefined) await pending
    }
    if (process.inbox.length > 0 && process.alive) this.#rouseLater(process)
    this.offerAll()
  }

  /** One turn of the application's code. */
  turn(process: Process, input: TurnInput): void | Promise<void> {
    if (process.guest === undefined) return
    const turn = process.guest.turn({ ...input, now: this.#now, epoch: this.epoch })
    if (!(turn instanceof Promise)) return this.#afterTurn(process, turn)
    process.inTurn = true
    return turn.then((done) => {
      process.inTurn = false
      this.#afterTurn(process, done)
    })
  }

  #afterTurn(process: Process, turn: GuestTurn): void {
    if (!process.alive) return
    this.#settle(process, turn)
    if (turn.spinning === undefined) return
    process.spinning = true
    this.record({ type: 'busy', pid: process.pid, until: Infinity, spinning: true })
    void turn.spinning.then((rest) => {
      if (!process.alive) return
      process.spinning = false
      this.schedule(this.#now, () => {
        this.#settle(process, rest)
        return this.drain(process)
      })
    })
  }

  #settle(process: Process, turn: GuestTurn): void {
    const start = this.#now
    for (const act of turn.acts) {
      const job = (): void | Promise<void> => {
        if (!process.alive) return
        if (process.frozen) process.held.push(job)
        else return this.#workers.act(process, act)
      }
      if (act.after <= 0) void job()
      else this.schedule(start + act.after, job)
    }
    if (turn.cpu > 0) this.occupy(process, turn.cpu)
    if (turn.memory !== undefined) this.setMemory(process, turn.memory)
    this.cancel(process.wake)
    if (turn.wakeAt !== undefined) {
      process.wake = this.schedule(turn.wakeAt, () => this.deliver(process, () => this.turn(process, { type: 'wake' })))
    }
  }

  setMemory(process: Process, bytes: number): void {
    process.memory = bytes
    this.record({ type: 'memory', pid: process.pid, bytes })
  }

  // Output

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
    const { pid, terminal } = process
    this.record({
      type: 'output',
      pid,
      stream,
      text,
      ...(terminal === undefined ? {} : { terminal }),
      ...(record === undefined ? {} : { record }),
    })
  }

  // Sockets

  request(request: ClientRequest, watch: ClientWatch): number {
    const id = this.#nextRequest++
    const bind: Bind = { kind: 'tcp', host: request.host, port: request.port }
    const port = 40000 + Math.floor(this.chance.next() * 20000)
    const connection: Connection = { id, request, watch, bind, port, headSent: false, ended: false, patience: undefined }
    this.record({ type: 'connected', request: id, bind, method: request.method, target: request.target })
    if (request.patience !== undefined) {
      connection.patience = this.schedule(this.#now + request.patience, () => this.#giveUp(connection))
    }
    this.schedule(this.#now + this.chance.within([0.02, 0.2]), () => this.#arrive(connection))
    return id
  }

  #arrive(connection: Connection): void {
    if (connection.ended) return
    const listener = this.listeners.find(connection.request.port)
    if (listener === undefined) return this.endConnection(connection, 'refused', undefined)
    if (listener.waiting.length >= listener.backlog) {
      // The kernel drops the SYN; the client's tries again after a second.
      this.schedule(this.#now + 1000, () => this.#arrive(connection))
      return
    }
    listener.waiting.push(connection)
    this.#backlog(listener)
    this.offer(listener)
  }

  #backlog(listener: Listener): void {
    this.record({ type: 'backlog', bind: listener.bind, waiting: listener.waiting.length })
  }

  offerAll(): void {
    for (const listener of this.listeners.all()) this.offer(listener)
  }

  /**
   * Whoever listens and rests may accept; nobody hands out. Linux wakes the process that began to wait last first,
   * so the split is uneven, and the more so the less there is to do.
   */
  offer(listener: Listener): void {
    while (listener.waiting.length > 0) {
      const able = [...listener.holders]
        .map((pid) => this.processes_.get(pid))
        .filter((process) => process !== undefined)
        .filter((process) => process.accepting && process.alive && !process.frozen && !this.isBusy(process))
        .toSorted((a, b) => b.lastAccept - a.lastAccept || a.pid - b.pid)
      const luck = this.chance.next()
      const process = able[Math.floor(luck * luck * able.length)]
      if (process === undefined) return
      const connection = listener.waiting.shift()
      if (connection === undefined) return
      this.#backlog(listener)
      process.lastAccept = this.#now
      this.#workers.accept(process, connection)
    }
  }

  closeListeners(pid: number): void {
    for (const listener of this.listeners.release(pid)) {
      this.record({ type: 'listener-closed', bind: listener.bind })
      for (const connection of listener.waiting.splice(0)) this.endConnection(connection, 'closed', undefined)
    }
  }

  #giveUp(connection: Connection): void {
    if (connection.ended) return
    for (const listener of this.listeners.all()) {
      const index = listener.waiting.indexOf(connection)
      if (index >= 0) {
        listener.waiting.splice(index, 1)
        this.#backlog(listener)
      }
    }
    const process = [...this.processes_.values()].find((each) => each.connections.has(connection.id))
    this.endConnection(connection, 'gave-up', process)
    if (process !== undefined) {
      void this.deliver(process, () => this.turn(process, { type: 'client-gone', id: connection.id }))
    }
  }

  endConnection(connection: Connection, end: RequestEnd, process: Process | undefined): void {
    if (connection.ended) return
    connection.ended = true
    this.cancel(connection.patience)
    this.record({ type: 'request-ended', request: connection.id, pid: process?.pid, end })
    if (process?.connections.delete(connection.id) === true && process.alive && process.draining) {
      this.#workers.take(process, { type: 'open', connections: process.connections.size })
    }
    connection.watch.onEnd(end)
  }

  // Between manager and workers

  /** Starts a worker of `parent`. */
  forkWorker(parent: Process, age: number): Process {
    const forked = parent.settings?.speaks.program === 'gunicorn'
    const pid = this.newPid()
    const settings = parent.manager?.settings ?? parent.settings
    if (settings === undefined) throw new Error(`process ${parent.pid} has no settings and cannot have workers`)
    const process = this.birth({
      ...this.#inherited(settings, parent.terminal),
      pid,
      ppid: parent.pid,
      kind: 'worker',
      command: forked ? parent.command : `${parent.command} (spawned worker)`,
      group: parent.group,
      env: parent.env,
      onEnd: undefined,
      memory: MANAGER_MEMORY,
    })
    this.listeners.inherit(parent.pid, pid)
    this.#workers.begin(process, { pid, role: forked ? 'forked' : 'spawned', age, settings, chance: this.chance.next() })
    return process
  }

  /** With one worker the manager's own process serves. */
  serveAlone(process: Process): void {
    const settings = process.manager?.settings ?? process.settings
    if (settings === undefined) throw new Error(`process ${process.pid} has no settings and cannot serve`)
    this.#workers.beginAlone(process, { pid: process.pid, role: 'single', age: 0, settings, chance: this.chance.next() })
  }

  /** Tells the manager of `worker` something, if it still lives. */
  tellManager(worker: Process, event: ManagerReport): void {
    const parent = this.processes_.get(worker.ppid)
    if (parent?.manager === undefined) return
    this.soon(parent, () => this.#managers.take(parent, event))
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
    const { slowLeaveChance, slowLeave, leave } = this.profile
    return this.chance.within(this.chance.next() < slowLeaveChance ? slowLeave : leave)
  }
}

/** An input of application code before the clock is put in. */
export type TurnInput = GuestInput extends infer Input ? (Input extends unknown ? Omit<Input, 'now' | 'epoch'> : never) : never

/** What a worker reports to its manager. */
export type ManagerReport = Extract<WithoutAt<ManagerEvent>, { type: 'ready' | 'heartbeat' | 'pong' }>

/** An event before the clock is put in. */
export type WithoutAt<Event> = Event extends unknown ? Omit<Event, 'at'> : never
