import type {
  ContainerExec,
  HealthCheck,
  Keepers,
  KeptProgramSpec,
  KeptProgram,
  KeptProgramState,
  OutputLine,
} from '../../machine/keeper/api.ts'
import { decideRestart, FRESH, gracePeriod, startsAgain, startsAtBoot } from '../../machine/keeper/rules.ts'
import { splitWords } from '../../machine/init/values.ts'
import type { Stream } from '../../manager/log.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import { SIGNAL_NUMBERS, type SignalName } from '../../manager/signals.ts'
import type { Clock } from './clock.ts'
import type { ContainerNetworks } from './container-networks.ts'
import { RunningHealthCheck, type RunTest } from './health-check.ts'
import {
  joining,
  networkOf,
  newEntry,
  seen,
  stoppedWord,
  stopSignalOf,
  type KeptEntry,
} from './kept-entry.ts'
import type { ExecProgram } from './programs.ts'
import type { MainMemory } from './memory.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'

/** What the first process of a container does not take unless it has a handler for it (pid_namespaces(7)). */
const NOT_FOR_PID_1: readonly SignalName[] = ['HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'TERM']

/** How long after its end a container is removed, in ms. */
const REMOVAL = 100

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly processes: Processes
  readonly memory: MainMemory
  readonly signals: Signals
  readonly containers: ContainerNetworks
  /** Starts a program. */
  readonly run: ExecProgram
}

/** Programs that are kept running by something other than the init system: Supervisor, Docker, a pod, a loop. */
export class KeptPrograms implements Keepers {
  readonly #parts: Dependencies
  readonly #entries = new Map<string, KeptEntry>()
  /** The machine is going down: what ends is not started again. */
  #down = false

  constructor(parts: Dependencies) {
    this.#parts = parts
  }

  add(keeping: KeptProgramSpec): void {
    const { name, keeper } = keeping
    if (this.#entries.has(name)) throw new RangeError(`expected a new name, got ${name}, which is taken`)
    const entry = newEntry(keeping, this.#parts.clock.now)
    this.#entries.set(name, entry)
    if (keeper.by === 'container' || keeper.by === 'pod') this.#parts.memory.limit(name, keeper.memory)
    if (keeper.by === 'supervisor' && keeper.autostart === false) this.#enter(entry, 'stopped', 'STOPPED')
    else this.#begin(entry)
  }

  start(name: string): 'done' | 'not-found' {
    const entry = this.#entries.get(name)
    if (entry === undefined) return 'not-found'
    if (entry.pid !== undefined) return 'done'
    this.#parts.clock.cancel(entry.due)
    entry.memory = FRESH
    entry.byHand = false
    this.#begin(entry)
    return 'done'
  }

  stop(name: string, done: () => void = () => undefined, patience?: number): 'done' | 'not-found' {
    const entry = this.#entries.get(name)
    if (entry === undefined) return 'not-found'
    this.#parts.clock.cancel(entry.due)
    entry.byHand = true
    const { pid } = entry
    if (pid === undefined) {
      this.#enter(entry, 'stopped', stoppedWord(entry.keeping))
      this.#parts.clock.after(0, done)
      return 'done'
    }
    entry.stoppers.push(done)
    this.#enter(entry, 'stopping', 'STOPPING')
    if (entry.keeping.keeper.by === 'supervisor') this.#note(entry, `INFO waiting for ${name} to stop`)
    const signal = stopSignalOf(entry.keeping)
    if (entry.keeping.keeper.by !== 'supervisor')
      this.#note(entry, `kill ${name} (signal=${SIGNAL_NUMBERS[signal]})`)
    this.#parts.signals.send(pid, signal)
    const grace = patience === undefined ? gracePeriod(entry.keeping.keeper) : patience * 1000
    if (grace === Infinity) return 'done'
    entry.due = this.#parts.clock.after(grace, () => {
      if (entry.keeping.keeper.by === 'supervisor')
        this.#note(entry, `WARN killing '${name}' (${pid}) with SIGKILL`)
      else this.#note(entry, `kill ${name} (signal=9)`)
      this.#parts.signals.send(pid, 'KILL')
    })
    return 'done'
  }

  signal(name: string, signal: SignalName): 'done' | 'not-running' {
    const entry = this.#entries.get(name)
    if (entry?.pid === undefined) return 'not-running'
    if (signal === 'KILL' || signal === stopSignalOf(entry.keeping)) entry.byHand = true
    this.#note(entry, `kill ${name} (signal=${SIGNAL_NUMBERS[signal]})`)
    this.#parts.signals.send(entry.pid, signal)
    return 'done'
  }

  exec(name: string, exec: ContainerExec): number | 'not-running' | 'not-found' {
    const entry = this.#entries.get(name)
    if (entry?.pid === undefined) return 'not-running'
    const { argv, env, user, cwd, write, onEnd } = exec
    const { keeping } = entry
    const folder = cwd ?? keeping.cwd
    return this.#parts.run({
      argv,
      env: { ...keeping.env, ...env },
      container: name,
      ...networkOf(keeping),
      user: user ?? keeping.user ?? 'root',
      ...(folder === undefined ? {} : { cwd: folder }),
      streams: { stdout: (text) => write('stdout', text), stderr: (text) => write('stderr', text) },
      onEnd,
    })
  }

  remove(name: string): 'done' | 'not-found' {
    const entry = this.#entries.get(name)
    if (entry === undefined) return 'not-found'
    this.#parts.clock.cancel(entry.due)
    this.#entries.delete(name)
    this.#parts.memory.limit(name, undefined)
    if (entry.pid !== undefined) this.#parts.signals.send(entry.pid, 'KILL')
    entry.health?.end()
    this.#parts.containers.leave(name)
    this.#killInside(name)
    this.#parts.trace.record({ type: 'kept-no-more', name })
    return 'done'
  }

  list(): readonly KeptProgram[] {
    const { containers } = this.#parts
    return [...this.#entries.values()].map((entry) => seen(entry, containers.addressOf(entry.keeping.name)))
  }

  log(name: string): readonly { readonly at: number; readonly text: string }[] {
    return this.#entries.get(name)?.log ?? []
  }

  output(name: string): readonly OutputLine[] {
    return this.#entries.get(name)?.output.lines ?? []
  }

  /** A process in a container wrote something. */
  written({ container }: Process, text: string, stream: Stream): void {
    this.#entries.get(container ?? '')?.output.write(this.#parts.clock.now, stream, text)
  }

  /** A process in a container ended. */
  processEnded(process: Process): void {
    const entry = this.#entries.get(process.container ?? '')
    if (entry === undefined) return
    if (process.oomKilled) entry.oomKilled = true
    if (process.oomKilled) this.#note(entry, `oom ${entry.keeping.name}`)
  }

  #begin(entry: KeptEntry): void {
    const { name, keeper, command, env = {} } = entry.keeping
    const { clock, containers, run } = this.#parts
    const inContainer = keeper.by === 'container' || keeper.by === 'pod'
    entry.restartAt = undefined
    entry.begunAt = clock.now
    entry.status = undefined
    entry.oomKilled = false
    const words = entry.keeping.argv ?? splitWords(command)
    const wrapped = keeper.by === 'container' && keeper.form === 'shell'
    const write = (stream: Stream) => (text: string) => entry.output.write(clock.now, stream, text)
    if (keeper.by === 'container') containers.join(name, joining(entry.keeping))
    const pid = run({
      argv: wrapped ? ['sh', '-c', command] : words,
      command: wrapped ? `/bin/sh -c ${command}` : command,
      env,
      // The first process of a container takes only those signals that it has a handler for (pid_namespaces(7)).
      ...(inContainer && !(keeper.by === 'container' && keeper.init === true)
        ? { ignores: NOT_FOR_PID_1 }
        : {}),
      ...(inContainer
        ? { container: name }
        : { streams: { stdout: write('stdout'), stderr: write('stderr') } }),
      ...networkOf(entry.keeping),
      ...(inContainer ? { user: entry.keeping.user ?? 'root' } : {}),
      ...(entry.keeping.cwd === undefined ? {} : { cwd: entry.keeping.cwd }),
      kept: startsAgain(keeper) ? name : undefined,
      onEnd: (status) => this.#ended(entry, status),
    })
    if (pid === 'not-found') {
      this.#note(entry, `cannot run ${words[0] ?? ''}: no such program`)
      entry.status = { code: 127 }
      containers.leave(name)
      // Docker's daemon creates such a container, and never starts it.
      if (keeper.by === 'container') return this.#enter(entry, 'exited', 'Created')
      clock.after(1, () => this.#ended(entry, { code: 127 }))
      return
    }
    entry.pid = pid
    if (keeper.by === 'supervisor') {
      this.#note(entry, `INFO spawned: '${name}' with pid ${pid}`)
      this.#enter(entry, 'starting', 'STARTING')
      const { startsecs = 1 } = keeper
      entry.due = clock.after(startsecs * 1000, () => {
        this.#note(
          entry,
          `INFO success: ${name} entered RUNNING state, process has stayed up for > than ${startsecs} seconds (startsecs)`,
        )
        this.#enter(entry, 'running', 'RUNNING')
      })
      return
    }
    this.#note(entry, keeper.by === 'pod' ? `Normal Started Started container ${name}` : `start ${name}`)
    this.#enter(entry, 'running', keeper.by === 'container' ? 'Up' : 'Running')
    if (keeper.by === 'container' && keeper.health !== undefined) this.#check(entry, keeper.health)
  }

  #check(entry: KeptEntry, check: HealthCheck): void {
    const { name } = entry.keeping
    const { clock, signals } = this.#parts
    const test: RunTest = (write, onEnd) => {
      const pid = this.exec(name, { argv: check.test, write: (_, text) => write(text), onEnd })
      return pid === 'not-running' ? 'not-found' : pid
    }
    const kill = (pid: number): void => void signals.send(pid, 'KILL')
    entry.health = new RunningHealthCheck({ clock, kill }, check, test, (status) =>
      this.#note(entry, `health_status: ${status} ${name}`),
    )
  }

  #ended(entry: KeptEntry, status: ExitStatus): void {
    const { keeping } = entry
    const { name, keeper } = keeping
    if (this.#entries.get(name) !== entry) return
    this.#parts.clock.cancel(entry.due)
    entry.pid = undefined
    entry.status = status
    entry.finishedAt = this.#parts.clock.now
    entry.health?.end()
    this.#parts.containers.leave(name)
    this.#killInside(name)
    this.#noteEnd(entry, status)
    if (entry.byHand || this.#down) {
      this.#enter(entry, 'stopped', stoppedWord(keeping))
      for (const done of entry.stoppers.splice(0)) done()
      return this.#removeWhenOver(entry)
    }
    const { decision, memory } = decideRestart(keeper, entry.memory, {
      status,
      ran: this.#parts.clock.now - entry.begunAt,
    })
    entry.memory = memory
    if (!decision.again) {
      if (decision.stateText === 'FATAL') {
        this.#note(entry, `INFO gave up: ${name} entered FATAL state, too many start retries too quickly`)
      }
      this.#enter(entry, decision.state, decision.stateText)
      return this.#removeWhenOver(entry)
    }
    entry.restartAt = this.#parts.clock.now + decision.after
    if (decision.stateText === 'CrashLoopBackOff') {
      this.#note(entry, `Warning BackOff Back-off restarting failed container ${name}`)
    }
    this.#enter(entry, 'waiting', decision.stateText)
    entry.due = this.#parts.clock.schedule(entry.restartAt, () => this.#begin(entry))
  }

  /** `--rm`. Whoever watches the container learns of its end first. */
  #removeWhenOver({ keeping: { name, keeper } }: KeptEntry): void {
    if (keeper.by === 'container' && keeper.autoRemove === true)
      this.#parts.clock.after(REMOVAL, () => void this.remove(name))
  }

  #noteEnd(entry: KeptEntry, status: ExitStatus): void {
    const { name, keeper } = entry.keeping
    const code = 'code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal]
    if (keeper.by !== 'supervisor') return this.#note(entry, `die ${name} (exitCode=${code})`)
    const how = 'code' in status ? `exit status ${status.code}` : `terminated by SIG${status.signal}`
    if (entry.byHand) return this.#note(entry, `INFO stopped: ${name} (${how})`)
    const expected = 'code' in status && (keeper.exitcodes ?? [0]).includes(status.code)
    const early = entry.state === 'starting'
    this.#note(
      entry,
      `${expected && !early ? 'INFO' : 'WARN'} exited: ${name} (${how}; ${expected && !early ? '' : 'not '}expected)`,
    )
  }

  /** A container ends with its first process: the others are killed. */
  #killInside(container: string): void {
    for (const process of this.#parts.processes.all()) {
      if (process.alive && process.container === container)
        this.#parts.processes.terminate(process, { signal: 'KILL' })
    }
  }

  /** The machine goes down. */
  stopAll(): void {
    this.#down = true
    for (const [name, entry] of this.#entries) {
      const { byHand } = entry
      this.#parts.clock.cancel(entry.due)
      if (entry.pid !== undefined) this.stop(name)
      // The shutdown did that, not the reader.
      entry.byHand = byHand
      entry.memory = FRESH
    }
  }

  /** The power is off: nothing is restarted. */
  forget(): void {
    this.#down = true
    for (const entry of this.#entries.values()) {
      this.#parts.clock.cancel(entry.due)
      entry.pid = undefined
      entry.restartAt = undefined
      entry.memory = FRESH
    }
  }

  /** The machine has booted. */
  boot(): void {
    this.#down = false
    for (const entry of this.#entries.values()) {
      this.#parts.clock.cancel(entry.due)
      if (startsAtBoot(entry.keeping.keeper, entry.byHand)) {
        entry.byHand = false
        this.#begin(entry)
      } else this.#enter(entry, 'stopped', stoppedWord(entry.keeping))
    }
  }

  #note(entry: KeptEntry, text: string): void {
    entry.log.push({ at: this.#parts.clock.now, text })
    if (entry.log.length > 2000) entry.log.splice(0, 1000)
  }

  #enter(entry: KeptEntry, state: KeptProgramState, stateText: string): void {
    if (state !== entry.state) entry.since = this.#parts.clock.now
    entry.state = state
    entry.stateText = stateText
    if (state !== 'waiting') entry.restartAt = undefined
    this.#parts.trace.record({
      type: 'kept',
      name: entry.keeping.name,
      by: entry.keeping.keeper.by,
      state,
      word: stateText,
      restarts: entry.memory.restarts,
      ...(entry.restartAt === undefined ? {} : { restartAt: entry.restartAt }),
    })
  }
}
