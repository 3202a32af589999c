import type { ExitStatus } from '../../manager/machine.ts'
import type { Found } from '../../machine/found.ts'
import type { ProgramName } from '../../manager/settings.ts'
import type { SignalName } from '../../manager/signals.ts'
import {
  checkHardware,
  type Hardware,
  type KernelLine,
  type MemoryInfo,
  type ProcessorInfo,
} from '../../machine/hardware.ts'
import type {
  CommandOptions,
  ClientRequest,
  ClientCallbacks,
  ExecOptions,
  LaunchOptions,
  ProcessInfo,
  SocketInfo,
  System,
  TerminalSize,
} from '../../machine/system.ts'
import type { CertificateStore } from './certificates.ts'
import type { Clock } from './clock.ts'
import type { ContainerNetworks } from './container-networks.ts'
import type { Cores } from './cores.ts'
import type { SharedData } from './data.ts'
import type { FaultInjection } from './faults.ts'
import type { Files } from './files.ts'
import type { Systemd } from './systemd.ts'
import type { Installed } from './installed.ts'
import type { KeptPrograms } from './keepers.ts'
import type { KernelLog } from './kernel-log.ts'
import type { MainThreads } from './main-threads.ts'
import type { Managers } from './managers.ts'
import type { MainMemory } from './memory.ts'
import type { DnsRecords } from './dns.ts'
import type { Network } from './network.ts'
import type { Output } from './output.ts'
import type { Power } from './power.ts'
import { processInfo } from './process-info.ts'
import type { Processes } from './processes.ts'
import type { Programs } from './programs.ts'
import type { ReverseProxy } from './proxy.ts'
import type { Signals } from './signals.ts'
import type { Terminals } from './terminals.ts'
import type { Trace } from './trace.ts'

/** The parts that answer system calls. */
export interface SystemParts {
  readonly clock: Clock
  readonly trace: Trace
  readonly files: Files
  readonly processes: Processes
  readonly installed: Installed
  readonly kernelLog: KernelLog
  readonly cores: Cores
  readonly memory: MainMemory
  readonly threads: MainThreads
  readonly signals: Signals
  readonly output: Output
  readonly terminals: Terminals
  readonly data: SharedData
  readonly dns: DnsRecords
  readonly network: Network
  readonly containers: ContainerNetworks
  readonly certificates: CertificateStore
  readonly proxy: ReverseProxy
  readonly managers: Managers
  readonly programs: Programs
  readonly init: Systemd
  readonly keepers: KeptPrograms
  readonly power: Power
  readonly faults: FaultInjection
  readonly cwd: string
}

/** The system calls of the machine: which part of the kernel answers each. */
export class SystemCalls implements System {
  readonly epoch: number
  readonly cwd: string
  readonly network: Network
  readonly init: Systemd
  readonly keepers: KeptPrograms
  readonly dns: DnsRecords
  readonly certificates: CertificateStore
  readonly proxy: ReverseProxy
  readonly data: SharedData
  readonly faults: FaultInjection
  readonly #parts: SystemParts
  #hardware: Hardware

  constructor(parts: SystemParts, hardware: Hardware) {
    this.#parts = parts
    this.#hardware = hardware
    this.epoch = parts.clock.epoch
    this.cwd = parts.cwd
    this.network = parts.network
    this.init = parts.init
    this.keepers = parts.keepers
    this.dns = parts.dns
    this.certificates = parts.certificates
    this.proxy = parts.proxy
    this.data = parts.data
    this.faults = parts.faults
  }

  get now(): number {
    return this.#parts.clock.now
  }

  after(ms: number, run: (() => void) | (() => Promise<void>)): void {
    this.#parts.clock.after(ms, run)
  }

  // Terminals and files

  openTerminal(name: string, size: TerminalSize): void {
    this.#parts.terminals.set(name, size)
  }

  resizeTerminal(name: string, size: TerminalSize): void {
    this.#parts.terminals.set(name, size)
  }

  write(terminal: string, text: string, pid?: number): void {
    this.#parts.output.show(terminal, text, pid)
  }

  interrupt(terminal: string): void {
    this.#parts.terminals.press(terminal, 'INT')
  }

  press(terminal: string, signal: 'TSTP' | 'QUIT'): void {
    this.#parts.terminals.press(terminal, signal)
  }

  foreground(terminal: string, group: number): void {
    this.#parts.signals.giveTerminal(terminal, group)
  }

  readFile(path: string): string | undefined {
    return this.#parts.files.read(path)
  }

  writeFile(path: string, text: string): void {
    this.#parts.files.write(path, text)
  }

  removeFile(path: string): void {
    this.#parts.files.remove(path)
  }

  listFiles(): readonly string[] {
    return this.#parts.files.list()
  }

  // Processes and clients

  get processCount(): number {
    return this.#parts.processes.count
  }

  processes(): readonly ProcessInfo[] {
    return this.#parts.processes.all().map((process) => processInfo(process, this.#parts))
  }

  launch(launch: LaunchOptions): number {
    return this.#parts.managers.launch(launch)
  }

  findProgram(path: string): Found {
    return this.#parts.programs.find([path])
  }

  exec(exec: ExecOptions): number | 'not-found' {
    return this.#parts.programs.run(exec)
  }

  begin(
    command: string,
    terminal?: string,
    onEnd?: (status: ExitStatus) => void,
    startOptions?: CommandOptions,
  ): number {
    return this.#parts.processes.begin(command, terminal, onEnd, startOptions)
  }

  end(pid: number, code: number): void {
    this.#parts.processes.end(pid, code)
  }

  signal(pid: number, signal: SignalName, from?: number): 'sent' | 'no-such-process' {
    return this.#parts.signals.send(pid, signal, from)
  }

  request(request: ClientRequest, callbacks: ClientCallbacks): number {
    const network = request.by === undefined ? undefined : this.#parts.processes.get(request.by)?.network
    return this.network.request(network === undefined ? request : { ...request, network }, callbacks)
  }

  sockets(): readonly SocketInfo[] {
    const own = this.network.listeners
      .all()
      .filter(({ network }) => network === undefined)
      .map(({ bind, backlog, waiting, holders }) => ({
        bind,
        backlog,
        waiting: waiting.length,
        holders: [...holders],
      }))
    // Docker's proxy, whose process an ordinary user is not shown.
    const published = this.#parts.containers.ports().map(({ host, ip = '0.0.0.0' }) => ({
      bind: { kind: 'tcp', host: ip, port: host } as const,
      backlog: 4096,
      waiting: 0,
      holders: [],
    }))
    return [...own, ...published]
  }

  // The machine itself

  get up(): boolean {
    return this.#parts.power.up
  }

  get bootedAt(): number {
    return this.#parts.power.bootedAt
  }

  get hardware(): Hardware {
    return this.#hardware
  }

  setHardware(change: Partial<Hardware>): void {
    const { cores, memory, trace } = this.#parts
    this.#hardware = checkHardware({ ...this.#hardware, ...change })
    trace.record({ type: 'hardware', ...this.#hardware })
    cores.setCores(this.#hardware.cores)
    memory.resizeMachine(this.#hardware)
  }

  processor(): ProcessorInfo {
    return this.#parts.cores.info()
  }

  memory(): MemoryInfo {
    return this.#parts.memory.info()
  }

  dmesg(): readonly KernelLine[] {
    return this.#parts.kernelLog.lines
  }

  installed(program: ProgramName): string {
    return this.#parts.installed.version(program)
  }

  install(program: ProgramName, version: string): void {
    this.#parts.installed.install(program, version)
  }
}
