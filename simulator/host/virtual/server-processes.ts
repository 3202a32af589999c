import type { Stream } from '../../manager/log.ts'
import type { Settings } from '../../manager/settings.ts'
import { traitsOf } from '../../manager/traits.ts'
import type { CommandOptions, LaunchOptions } from '../../machine/system.ts'
import type { Medium } from '../../terminal/api.ts'
import { printer } from '../../terminal/index.ts'
import type { Clock } from './clock.ts'
import type { Network } from './network.ts'
import { inheritance, type ProcessInit, type ProcessOwner, type Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Terminals } from './terminals.ts'

const PIPE: Medium = { terminal: false, columns: 80, colors: 'none' }
const MANAGER_MEMORY = 21_000_000
const HELPER_MEMORY = 11_000_000

interface Dependencies {
  readonly clock: Clock
  readonly processes: Processes
  readonly terminals: Terminals
  readonly network: Network
}

/** Makes the processes of servers: managers, workers, helpers. */
export class ServerProcesses {
  readonly #parts: Dependencies

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  /** Makes the process of a server that is started. */
  manager(launch: LaunchOptions & Partial<ProcessOwner>): Process {
    const { processes } = this.#parts
    const pid = processes.newPid()
    const from = processes.inheritedBy(launch)
    return processes.birth({
      ...from,
      ...this.#printing(launch.settings, launch.terminal, from.streams),
      pid,
      ppid: launch.ppid ?? 1,
      kind: 'manager',
      command: launch.command,
      group: launch.group ?? pid,
      startOptions: launch,
      env: { ...launch.env, ...launch.settings.env },
      onEnd: launch.onEnd,
      memory: MANAGER_MEMORY,
    })
  }

  /** Makes a worker of `parent`: a copy of it (gunicorn), or a new interpreter. */
  worker(parent: Process, settings: Settings): Process {
    const forked = traitsOf(settings.speaks).starts === 'fork'
    return this.#child(parent, settings, {
      kind: 'worker',
      command: forked ? parent.command : this.#spawned(parent),
      ...(forked ? { copyOf: parent, memory: parent.memory } : {}),
    })
  }

  /** The command line of a new interpreter, as multiprocessing writes it: nothing in it names the server. */
  #spawned(parent: Process): string {
    const workers = this.#parts.processes
      .all()
      .filter(({ ppid, kind }) => ppid === parent.pid && kind === 'worker')
    const main = `spawn_main(tracker_fd=7, pipe_handle=${9 + 5 * workers.length})`
    return `python3 -c from multiprocessing.spawn import spawn_main; ${main} --multiprocessing-fork`
  }

  /** gunicorn: a second master beside this one, from the same command. */
  successor(parent: Process, settings: Settings): Process {
    return this.#child(parent, settings, { kind: 'manager', command: parent.command })
  }

  /** Python's resource tracker, which a manager of spawned workers starts. */
  helper(parent: Process): Process {
    const { clock, processes } = this.#parts
    return processes.birth({
      pid: processes.newPid(),
      ...inheritance(parent),
      ppid: parent.pid,
      kind: 'helper',
      command: 'python3 -c from multiprocessing.resource_tracker import main;main(6)',
      terminal: parent.terminal,
      group: parent.group,
      env: parent.env,
      startedAt: clock.now,
      settings: parent.settings,
      print: undefined,
      onEnd: undefined,
      memory: HELPER_MEMORY,
    })
  }

  #child(
    parent: Process,
    settings: Settings,
    birth: Pick<ProcessInit, 'kind' | 'command' | 'copyOf'> & Partial<Pick<ProcessInit, 'memory'>>,
  ): Process {
    const { network, processes } = this.#parts
    const process = processes.birth({
      ...this.#printing(settings, parent.terminal, parent.streams),
      pid: processes.newPid(),
      ...inheritance(parent),
      ppid: parent.pid,
      group: parent.group,
      startOptions: inherited(parent),
      env: parent.env,
      onEnd: undefined,
      memory: MANAGER_MEMORY,
      ...birth,
    })
    network.listeners.inherit(parent.pid, process.pid)
    return process
  }

  /** How a server prints: for a terminal, or for a pipe. */
  #printing(
    settings: Settings,
    terminal: string | undefined,
    streams: Process['streams'],
  ): Pick<ProcessInit, 'settings' | 'terminal' | 'print' | 'startedAt' | 'streams'> {
    const { clock, terminals } = this.#parts
    const size = terminals.size(terminal)
    const medium = (stream: Stream): Medium =>
      size === undefined || streams[stream] !== undefined
        ? PIPE
        : { terminal: true, columns: size.columns, colors: size.colors }
    const options = { speaks: settings.speaks, stdout: medium('stdout'), stderr: medium('stderr') }
    const print = printer(settings.colors === undefined ? options : { ...options, colors: settings.colors })
    return { settings, terminal, print, startedAt: clock.now, streams }
  }
}

/** The options that a child inherits from its parent. */
function inherited({ startOptions }: Process): CommandOptions {
  return startOptions.ignores === undefined ? {} : { ignores: startOptions.ignores }
}
