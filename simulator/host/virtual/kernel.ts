import { checkHardware, USUAL_HARDWARE } from '../../machine/hardware.ts'
import type { TraceEvent } from '../../machine/trace.ts'
import { Applications } from './applications.ts'
import { CertificateStore } from './certificates.ts'
import { Chance } from './chance.ts'
import { Clock } from './clock.ts'
import { ContainerNetworks } from './container-networks.ts'
import { Cores } from './cores.ts'
import { SharedData } from './data.ts'
import { FaultInjection } from './faults.ts'
import { Files } from './files.ts'
import { Systemd } from './systemd.ts'
import { Installed } from './installed.ts'
import { KeptPrograms } from './keepers.ts'
import { KernelLog } from './kernel-log.ts'
import { MainThreads } from './main-threads.ts'
import { Managers } from './managers.ts'
import { MainMemory } from './memory.ts'
import { DnsRecords } from './dns.ts'
import { Network } from './network.ts'
import { USUAL, type KernelOptions } from './options.ts'
import { Output } from './output.ts'
import { Power } from './power.ts'
import type { Process } from './process.ts'
import { Processes } from './processes.ts'
import { CALM } from './profile.ts'
import { Programs } from './programs.ts'
import { ReverseProxy } from './proxy.ts'
import { ServerProcesses } from './server-processes.ts'
import { Signals } from './signals.ts'
import { SystemCalls } from './system-calls.ts'
import { Terminals } from './terminals.ts'
import { Timing } from './timing.ts'
import { Trace } from './trace.ts'
import { Workers } from './workers.ts'

export type { KernelOptions } from './options.ts'

/**
 * The kernel of a simulated machine: a discrete-event simulation. It has one queue of events ordered by virtual time, processes whose code
 * is scripted or runs in Web Workers, sockets with a backlog, and signals. README.md beside this file says which part does what.
 */
export class Kernel extends SystemCalls {
  /** The latest events, at least as many as the options ask for; earlier ones are dropped. */
  readonly trace: readonly TraceEvent[]
  readonly #parts: ReturnType<typeof compose>['parts']

  constructor(options: KernelOptions) {
    const { parts, hardware } = compose(options)
    super(parts, hardware)
    this.#parts = parts
    this.trace = parts.trace.events
    const { interpreter: shell } = options
    if (shell !== undefined) parts.programs.interpreter = { shell, system: this }
  }

  /** How many events have run. */
  get events(): number {
    return this.#parts.clock.events
  }

  /** How many events are scheduled. */
  get pending(): number {
    return this.#parts.clock.pending
  }

  /** The virtual time of the next event; `undefined` when none is scheduled. */
  nextAt(): number | undefined {
    return this.#parts.clock.nextAt()
  }

  /** Runs the next event. Returns a promise when application code has to be awaited. */
  step(): void | Promise<void> {
    return this.#parts.clock.step()
  }

  /** Runs all events up to virtual time `until`, and moves the clock there. */
  runUntil(until: number): Promise<void> {
    return this.#parts.clock.runUntil(until)
  }

  /** How many events were recorded in the trace, dropped ones included. */
  get recorded(): number {
    return this.#parts.trace.recorded
  }

  /** Registers a callback for every event of the trace. @returns a function that removes it */
  subscribe(listener: (event: TraceEvent) => void): () => void {
    return this.#parts.trace.subscribe(listener)
  }

  /** A row of the process table. */
  process(pid: number): Readonly<Process> | undefined {
    return this.#parts.processes.get(pid)
  }
}

/**
 * Makes the parts of a kernel. Each is given the earlier parts that it needs. It reaches a later part only through the callbacks that are
 * set at the end. `Kernel` sets `programs.interpreter` to itself and the shell that it was given.
 */
function compose(options: KernelOptions) {
  const { epoch, cwd, firstPid, keep, runtime, lowestPort } = { ...USUAL, ...options }
  const { factory, seed, files: texts = {}, profile = CALM, versions = {} } = options
  const hardware = checkHardware({ ...USUAL_HARDWARE, ...options.hardware })

  // What everything else uses
  const chance = new Chance(seed)
  const timing = new Timing(chance, profile)
  const clock = new Clock(epoch, options.onFault)
  const trace = new Trace(clock, keep)
  const files = new Files(trace, texts, cwd)
  const processes = new Processes({ clock, trace }, firstPid)
  const installed = new Installed(trace, versions)
  const kernelLog = new KernelLog({ clock, trace })
  const base = { clock, trace, chance, timing, files, processes, cwd, lowestPort }

  // Resources of a process, and its signals and threads
  const cores = new Cores(clock, hardware.cores)
  const memory = new MainMemory({ ...base, cores, kernelLog }, hardware)
  const threads = new MainThreads({ ...base, cores, memory })
  const signals = new Signals({ ...base, cores, threads })
  const output = new Output(base)
  const terminals = new Terminals({ ...base, threads, output, signals })
  const data = new SharedData({ ...base, threads }, options.connections)

  // The network and what listens on it
  const dns = new DnsRecords()
  const supply = { on: true }
  const containers = new ContainerNetworks()
  const network = new Network({ ...base, threads, dns, power: supply, containers })
  const certificates = new CertificateStore({ ...base, dns, network })
  const proxy = new ReverseProxy({ ...base, threads, signals, network, certificates })

  // Servers: managers and their workers
  const serverParts = { ...base, cores, memory, threads, signals, output, terminals, network, data }
  const applications = new Applications({ ...serverParts, factory, runtime })
  const workers = new Workers({ ...serverParts, applications })
  const servers = new ServerProcesses(serverParts)
  const managers = new Managers({ ...serverParts, applications, workers, servers })

  // What starts programs
  const programs = new Programs({ ...serverParts, managers, installed }, options.words)
  const { run } = programs
  const init = new Systemd({ ...serverParts, run, find: (argv) => programs.find(argv) })
  managers.onNotify = ({ pid }, message) => init.notify(pid, message)
  const keepers = new KeptPrograms({ ...serverParts, containers, run })

  // The machine as a whole
  const power = new Power({ ...serverParts, kernelLog, init, keepers, proxy }, supply)
  const faults = new FaultInjection({ ...serverParts, certificates, power })

  threads.onIdle = (process) => network.offerTo(process)
  kernelLog.onLine = (text) => init.kernelSaid(text)
  output.readBy((process, text) => init.written(process, text))
  output.readBy((process, text, stream) => keepers.written(process, text, stream))
  processes.watch({
    born: (process, copyOf) => memory.born(process, copyOf),
    stopped(process) {
      cores.end(process)
      memory.ended(process)
      threads.end(process)
      applications.ended(process)
    },
    ended: (process) => network.ended(process),
    gone(process, status) {
      for (const part of [signals, workers, managers]) part.ended(process)
      init.processEnded(process, status)
      for (const part of [keepers, data]) part.processEnded(process)
    },
  })

  const more = {
    certificates,
    containers,
    dns,
    faults,
    init,
    installed,
    keepers,
    kernelLog,
    managers,
    power,
    programs,
    proxy,
  }
  return { parts: { ...serverParts, ...more }, hardware }
}
