import type { Keepers, KeptProgramSpec, KeptProgram, KeptProgramState } from '../../machine/keeper/api.ts'
import {
  decideRestart,
  FRESH,
  gracePeriod,
  startsAgain,
  startsAtBoot,
  type RestartHistory,
} from '../../machine/keeper/rules.ts'
import { splitWords } from '../../machine/init/unit-file.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import { SIGNAL_NUMBERS } from '../../manager/signals.ts'
import type { Clock } from './clock.ts'
import type { ExecProgram } from './programs.ts'
import type { MainMemory } from './memory.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'
import type { ScheduledEvent } from './queue.ts'
import type { Signals } from './signals.ts'
import type { Trace } from './trace.ts'

/** How many characters of a program's output are kept. */
const KEPT = 65_536

interface KeptEntry {
  readonly keeping: KeptProgramSpec
  state: KeptProgramState
  word: string
  pid: number | undefined
  memory: RestartHistory
  restartAt: number | undefined
  status: ExitStatus | undefined
  oomKilled: boolean
  since: number
  begunAt: number
  due: ScheduledEvent | undefined
  byHand: boolean
  stoppers: (() => void)[]
  output: string
  readonly log: { at: number; text: string }[]
}

interface Dependencies {
  readonly clock: Clock
  readonly trace: Trace
  readonly processes: Processes
  readonly memory: MainMemory
  readonly signals: Signals
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

  /** The port in a running container to which a port of the machine leads. */
  published(port: number): number | undefined {
    for (const { keeping, pid } of this.#entries.values()) {
      if (pid === undefined || keeping.keeper.by !== 'container') continue
      const found = keeping.keeper.ports?.find(({ host }) => host === port)
      if (found !== undefined) return found.inner
    }
    return undefined
  }

  add(keeping: KeptProgramSpec): void {
    const { name, keeper } = keeping
    if (this.#entries.has(name)) throw new RangeError(`expected a new name, got ${name}, which is taken`)
    const entry: KeptEntry = {
      keeping,
      state: 'stopped',
      word: 'stopped',
      pid: undefined,
      memory: FRESH,
      restartAt: undefined,
      status: undefined,
      oomKilled: false,
      since: this.#parts.clock.now,
      begunAt: 0,
      due: undefined,
      byHand: false,
      stoppers: [],
      output: '',
      log: [],
    }
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
    else this.#note(entry, `kill ${name} (signal=15)`)
    this.#parts.signals.send(pid, 'TERM')
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

  remove(name: string): 'done' | 'not-found' {
    const entry = this.#entries.get(name)
    if (entry === undefined) return 'not-found'
    this.#parts.clock.cancel(entry.due)
    this.#entries.delete(name)
    this.#parts.memory.limit(name, undefined)
    if (entry.pid !== undefined) this.#parts.signals.send(entry.pid, 'KILL')
    this.#killInside(name)
    this.#parts.trace.record({ type: 'kept-no-more', name })
    return 'done'
  }

  list(): readonly KeptProgram[] {
    return [...this.#entries.values()].map(
      ({ keeping, state, word, pid, memory, restartAt, status, oomKilled, since }) => ({
        keeping,
        state,
        word,
        pid,
        restarts: memory.restarts,
        restartAt,
        status,
        oomKilled,
        since,
      }),
    )
  }

  log(name: string): readonly { readonly at: number; readonly text: string }[] {
    return this.#entries.get(name)?.log ?? []
  }

  output(name: string): string {
    return this.#entries.get(name)?.output ?? ''
  }

  /** A process in a container wrote something. */
  written({ container }: Process, text: string): void {
    const entry = this.#entries.get(container ?? '')
    if (entry !== undefined) entry.output = (entry.output + text).slice(-KEPT)
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
    const { clock, run } = this.#parts
    const inContainer = keeper.by === 'container' || keeper.by === 'pod'
    entry.restartAt = undefined
    entry.begunAt = clock.now
    entry.status = undefined
    entry.oomKilled = false
    const words = splitWords(command)
    const wrapped = keeper.by === 'container' && keeper.form === 'shell'
    const write = (text: string): void => {
      entry.output = (entry.output + text).slice(-KEPT)
    }
    const pid = run({
      argv: wrapped ? ['sh', '-c', command] : words,
      command: wrapped ? `/bin/sh -c ${command}` : command,
      env,
      // The first process of a container takes only those signals that it has a handler for (pid_namespaces(7)).
      ...(inContainer && !(keeper.by === 'container' && keeper.init === true)
        ? { ignores: ['TERM', 'INT'] }
        : {}),
      ...(inContainer ? { container: name } : { streams: { stdout: write, stderr: write } }),
      ...(inContainer ? { user: 'root' } : {}),
      kept: startsAgain(keeper) ? name : undefined,
      onEnd: (status) => this.#ended(entry, status),
    })
    if (pid === 'not-found') {
      this.#note(entry, `cannot run ${words[0] ?? ''}: no such program`)
      entry.status = { code: 127 }
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
  }

  #ended(entry: KeptEntry, status: ExitStatus): void {
    const { keeping } = entry
    const { name, keeper } = keeping
    if (this.#entries.get(name) !== entry) return
    this.#parts.clock.cancel(entry.due)
    entry.pid = undefined
    entry.status = status
    this.#killInside(name)
    this.#noteEnd(entry, status)
    if (entry.byHand || this.#down) {
      this.#enter(entry, 'stopped', stoppedWord(keeping))
      for (const done of entry.stoppers.splice(0)) done()
      return
    }
    const { decision, memory } = decideRestart(keeper, entry.memory, {
      status,
      ran: this.#parts.clock.now - entry.begunAt,
    })
    entry.memory = memory
    if (!decision.again) {
      if (decision.word === 'FATAL') {
        this.#note(entry, `INFO gave up: ${name} entered FATAL state, too many start retries too quickly`)
      }
      return this.#enter(entry, decision.state, decision.word)
    }
    entry.restartAt = this.#parts.clock.now + decision.after
    if (decision.word === 'CrashLoopBackOff') {
      this.#note(entry, `Warning BackOff Back-off restarting failed container ${name}`)
    }
    this.#enter(entry, 'waiting', decision.word)
    entry.due = this.#parts.clock.schedule(entry.restartAt, () => this.#begin(entry))
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

  #enter(entry: KeptEntry, state: KeptProgramState, word: string): void {
    if (state !== entry.state) entry.since = this.#parts.clock.now
    entry.state = state
    entry.word = word
    if (state !== 'waiting') entry.restartAt = undefined
    this.#parts.trace.record({
      type: 'kept',
      name: entry.keeping.name,
      by: entry.keeping.keeper.by,
      state,
      word,
      restarts: entry.memory.restarts,
      ...(entry.restartAt === undefined ? {} : { restartAt: entry.restartAt }),
    })
  }
}

function stoppedWord({ keeper }: KeptProgramSpec): string {
  return keeper.by === 'supervisor' ? 'STOPPED' : keeper.by === 'pod' ? 'Terminated' : 'Exited'
}
