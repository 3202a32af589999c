import { ContainerNetworks } from '../../../../simulator/host/virtual/container-networks.ts'
import { Applications } from '../../../../simulator/host/virtual/applications.ts'
import { Chance } from '../../../../simulator/host/virtual/chance.ts'
import { Clock } from '../../../../simulator/host/virtual/clock.ts'
import { Cores } from '../../../../simulator/host/virtual/cores.ts'
import type { GuestFactory } from '../../../../simulator/host/virtual/guest.ts'
import { KernelLog } from '../../../../simulator/host/virtual/kernel-log.ts'
import { MainThreads } from '../../../../simulator/host/virtual/main-threads.ts'
import { Managers } from '../../../../simulator/host/virtual/managers.ts'
import { MainMemory } from '../../../../simulator/host/virtual/memory.ts'
import { SharedData } from '../../../../simulator/host/virtual/data.ts'
import { Files } from '../../../../simulator/host/virtual/files.ts'
import { DnsRecords } from '../../../../simulator/host/virtual/dns.ts'
import { Network } from '../../../../simulator/host/virtual/network.ts'
import { Output } from '../../../../simulator/host/virtual/output.ts'
import type { ProcessInit, Process } from '../../../../simulator/host/virtual/process.ts'
import type { ExecProgram } from '../../../../simulator/host/virtual/programs.ts'
import { Processes } from '../../../../simulator/host/virtual/processes.ts'
import { CALM } from '../../../../simulator/host/virtual/profile.ts'
import { scripted } from '../../../../simulator/host/virtual/scripted.ts'
import { ServerProcesses } from '../../../../simulator/host/virtual/server-processes.ts'
import { loadUnits } from '../../../../simulator/host/virtual/systemd.ts'
import { Signals } from '../../../../simulator/host/virtual/signals.ts'
import { Terminals } from '../../../../simulator/host/virtual/terminals.ts'
import { Timing } from '../../../../simulator/host/virtual/timing.ts'
import { Trace } from '../../../../simulator/host/virtual/trace.ts'
import { Workers } from '../../../../simulator/host/virtual/workers.ts'
import type { Found } from '../../../../simulator/machine/found.ts'
import { GIB } from '../../../../simulator/machine/hardware.ts'

await loadUnits()

/** The bottom of a kernel: what processes are and what they use, without servers, network, units or a shell. */
export function bottom(cores = 4) {
  const clock = new Clock(0)
  const trace = new Trace(clock, 1000)
  const chance = new Chance(1)
  const timing = new Timing(chance, CALM)
  const processes = new Processes({ clock, trace }, 100)
  const base = { clock, trace, chance, timing, processes }
  const core = new Cores(clock, cores)
  const kernelLog = new KernelLog(base)
  const memory = new MainMemory({ ...base, cores: core, kernelLog }, { cores, memory: 4 * GIB, swap: 0 })
  const threads = new MainThreads({ ...base, cores: core, memory })
  const signals = new Signals({ ...base, cores: core, threads })
  processes.watch({
    born: (process, copyOf) => memory.born(process, copyOf),
    stopped(process) {
      core.end(process)
      memory.ended(process)
      threads.end(process)
    },
    gone: (process) => signals.ended(process),
  })
  return { ...base, cores: core, kernelLog, memory, threads, signals }
}

/** On that: files, terminals, data, and a network with nothing in it. */
export function surroundings(texts: Readonly<Record<string, string>> = {}, cores = 4) {
  const parts = { ...bottom(cores), cwd: '/srv/app' }
  const files = new Files(parts.trace, texts, parts.cwd)
  const output = new Output(parts)
  const terminals = new Terminals({ ...parts, output })
  const data = new SharedData(parts)
  const dns = new DnsRecords()
  const power = { on: true }
  const containers = new ContainerNetworks()
  const network = new Network({ ...parts, dns, power, containers })
  parts.threads.onIdle = (process) => network.offerTo(process)
  parts.processes.watch({ ended: (process) => network.ended(process) })
  return { ...parts, files, output, terminals, data, dns, power, containers, network }
}

/** On that: what servers are made of. */
export function serving(
  texts: Readonly<Record<string, string>> = { 'main.js': '' },
  factory: GuestFactory = scripted,
) {
  const parts = { ...surroundings(texts), factory, runtime: 'javascript' as const, lowestPort: 1024 }
  const applications = new Applications(parts)
  const workers = new Workers({ ...parts, applications })
  const servers = new ServerProcesses(parts)
  const managers = new Managers({ ...parts, applications, workers, servers })
  parts.processes.watch({
    stopped: (process) => applications.ended(process),
    gone(process) {
      workers.ended(process)
      managers.ended(process)
    },
  })
  return { ...parts, applications, workers, servers, managers }
}

/** Starts programs that do nothing until a signal or `processes.end` ends them; a program of the name `nothing` is not there. */
export function idling({
  clock,
  processes,
}: Pick<ReturnType<typeof bottom>, 'clock' | 'processes'>): ExecProgram {
  return ({ argv, command = argv.join(' '), ...exec }) =>
    argv[0]?.endsWith('nothing') === true
      ? 'not-found'
      : born(processes, {
          ...processes.inheritedBy(exec),
          command,
          startedAt: clock.now,
          env: exec.env,
          onEnd: exec.onEnd,
          startOptions: exec,
        }).pid
}

/** Where `idling` looks for programs. */
export const findIdling = ([name = '']: readonly string[]): Found =>
  name.endsWith('nothing') ? 'ENOENT' : 'there'

/** A process of the simplest kind. */
export function born(processes: Processes, more: Partial<ProcessInit> = {}): Process {
  const pid = processes.newPid()
  return processes.birth({
    pid,
    ppid: 1,
    kind: 'program',
    command: 'sleep 9',
    terminal: undefined,
    group: pid,
    env: {},
    startedAt: 0,
    settings: undefined,
    print: undefined,
    onEnd: undefined,
    memory: 1_000_000,
    ...more,
  })
}
