import type { ActiveState, UnitStatus } from '../../machine/init/api.ts'
import { preventsRestart, shouldRestart, unitResultOf, StartLimit } from '../../machine/init/restart.ts'
import type { Service } from '../../machine/init/service.ts'
import type { ReadUnit } from '../../machine/init/unit-file.ts'
import { cpuWords, exitWords, unitWords } from '../../machine/init/words.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { Process } from './process.ts'
import type { ScheduledEvent } from './queue.ts'
import type { WriteToJournal, UnitParts } from './unit-command.ts'
import { UnitCommands } from './unit-commands.ts'
import { UnitEnding } from './unit-ending.ts'
import { UnitJobs, type OnJobResult } from './unit-jobs.ts'
import { toldBy } from './unit-notify.ts'
import { mainPidOf } from './unit-pid-file.ts'
import { UnitProcesses } from './unit-processes.ts'
import { UnitReload } from './unit-reload.ts'
import { UnitState } from './unit-state.ts'
import { UnitTimer } from './unit-timer.ts'

/** What `systemctl status` knows from a unit's file. */
type OfFile = 'name' | 'description' | 'path' | 'loaded' | 'problems' | 'needsReload' | 'enabled'

/** The life of a service under the init system (systemd 252, src/core/service.c). */
export class Unit {
  readonly name: string
  readonly #parts: UnitParts
  readonly #say: WriteToJournal
  readonly #limit = new StartLimit()
  readonly #jobs = new UnitJobs()
  readonly #state: UnitState
  readonly #processes: UnitProcesses
  readonly #commands: UnitCommands
  readonly #timer: UnitTimer
  readonly #ending: UnitEnding
  readonly #reload: UnitReload
  /** As it was loaded. */
  read: ReadUnit
  /** It was told to stop, so it is not restarted. */
  #stopping = false
  /** What it was started as. */
  #started: Service | undefined
  /** A start is under way: its end is told by hand or in the journal. */
  #starting = false
  #looking: ScheduledEvent | undefined

  constructor(parts: UnitParts, name: string, read: ReadUnit, say: WriteToJournal) {
    this.#parts = parts
    this.name = name
    this.read = read
    this.#say = say
    this.#state = new UnitState(name, parts)
    this.#processes = new UnitProcesses(name, parts)
    this.#commands = new UnitCommands(name, parts, this.#state, this.#processes, say)
    this.#timer = new UnitTimer(parts.clock)
    const own = {
      ...{ signals: parts.signals, state: this.#state, processes: this.#processes },
      ...{ commands: this.#commands, timer: this.#timer, say },
    }
    this.#ending = new UnitEnding({ ...own, over: (service) => this.#end(service) })
    this.#reload = new UnitReload(own)
  }

  /** A file that cannot be used any more does not change what runs. */
  get #service(): Service | undefined {
    return this.read.service ?? this.#started
  }

  get active(): ActiveState {
    return this.#state.active
  }

  /** What `systemctl status` knows beside the file. */
  state(): Omit<UnitStatus, OfFile> {
    const {
      active,
      sub,
      result,
      since,
      restarts: again,
      restartAt,
      last,
      text,
      ended,
      duration,
    } = this.#state
    const { main, control, memory, cpu } = this.#processes
    return {
      ...{ active, sub, result, since, restarts: again, restartAt, text, ended, duration, memory, cpu },
      mainPid: main,
      last,
      controlPid: control,
      pids: this.#processes.all().map(({ pid }) => pid),
    }
  }

  // Starting

  /** A start by hand, or at boot. */
  start(done: OnJobResult): void {
    const { active, sub } = this.#state
    if (active === 'active' || active === 'reloading') return done('done')
    if (active === 'deactivating') return this.#jobs.startsNext(done)
    this.#jobs.starts(done)
    if (active === 'activating' && sub !== 'auto-restart') return
    this.#state.restarts = 0
    this.#begin()
  }

  #begin(): void {
    const { service } = this.read
    this.#cancel()
    this.#stopping = false
    if (service === undefined) return this.#jobs.started('bad-setting')
    this.#started = service
    if (!this.#limit.take(this.#parts.clock.now, service.startLimitInterval, service.startLimitBurst)) {
      this.#say(`${this.name}: Start request repeated too quickly.`, 4)
      this.#state.failed('start-limit-hit')
      this.#fail()
      return this.#jobs.started('start-limit-hit')
    }
    this.#starting = true
    this.#state.begin()
    this.#processes.countAnew()
    const prepares = (service.commands.ExecStartPre ?? []).length > 0
    if (prepares || takesTime(service)) this.#say(`Starting ${unitWords(service)}...`, 6)
    if (prepares) this.#state.enter('activating', 'start-pre')
    this.#commands.control(service, 'ExecStartPre', {
      each: () => this.#startPatience(service),
      next: (result) =>
        result === 'success' ? this.#startMain(service) : this.#ending.giveUp(service, result),
    })
  }

  /** A start that takes longer than `TimeoutStartSec=` is ended. */
  #startPatience(service: Service): void {
    const { startTimeout = service.type === 'oneshot' ? Infinity : 90_000 } = service
    this.#timer.wait(startTimeout, () => {
      this.#say(`${this.name}: ${this.#state.sub} operation timed out. Terminating.`, 4)
      this.#ending.giveUp(service, 'timeout')
    })
  }

  #startMain(service: Service): void {
    const { type, commands } = service
    if (takesTime(service)) this.#state.enter('activating', 'start')
    this.#startPatience(service)
    if (type === 'oneshot') return this.#startNext(service, 0)
    const [command] = commands.ExecStart ?? []
    if (command === undefined) return
    const started = this.#commands.run(service, 'ExecStart', command, (status) =>
      type === 'forking' && this.#processes.main === undefined
        ? this.#forked(service, status)
        : this.#mainEnded(service, status),
    )
    if (started === undefined) {
      this.#state.enter('activating', 'start')
      return this.#commands.soon(() => this.#ending.giveUp(service, 'resources'))
    }
    if (type === 'forking') this.#processes.control = started.pid
    else this.#processes.main = started.pid
    if (type === 'simple' || type === 'idle' || (type === 'exec' && !started.failed)) this.#startPost(service)
  }

  /** `Type=oneshot`: it is started when its commands are over. */
  #startNext(service: Service, index: number): void {
    const command = service.commands.ExecStart?.[index]
    if (command === undefined) return this.#startPost(service)
    this.#startPatience(service)
    const started = this.#commands.run(service, 'ExecStart', command, (status) => {
      const result = unitResultOf(status, service)
      if (result !== 'success' && !command.ignoreFailure) return this.#mainEnded(service, status)
      this.#state.last = { pid: this.#processes.main, status }
      this.#processes.main = undefined
      if (this.#state.sub === 'start') this.#startNext(service, index + 1)
    })
    if (started === undefined) this.#commands.soon(() => this.#ending.giveUp(service, 'resources'))
    else this.#processes.main = started.pid
  }

  /** `Type=forking`: the process that was started has gone, and has left the service behind. */
  #forked(service: Service, status: ExitStatus): void {
    this.#processes.control = undefined
    if (this.#state.sub !== 'start') return
    const result = unitResultOf(status, { ...service, type: 'oneshot' })
    if (result !== 'success') {
      this.#say(`${this.name}: Control process exited, ${exitWords(status)}`, 5)
      return this.#ending.giveUp(service, result)
    }
    this.#findMain(service, true)
  }

  #findMain(service: Service, first: boolean): void {
    const found = mainPidOf(service, this.#parts, this.#processes.all())
    if (found === undefined && service.pidFile !== undefined) {
      if (first)
        this.#say(
          `${this.name}: Can't open PID file ${service.pidFile} (yet?) after start: No such file or directory`,
          5,
        )
      // Nobody is left who could write it.
      if (this.#processes.all().length === 0) return this.#ending.giveUp(service, 'protocol')
      this.#looking = this.#parts.clock.after(PID_FILE_LOOK, () => {
        if (this.#state.sub === 'start') this.#findMain(service, false)
      })
      return
    }
    this.#processes.main = found
    this.#startPost(service)
  }

  #startPost(service: Service): void {
    if ((service.commands.ExecStartPost ?? []).length > 0) this.#state.enter('activating', 'start-post')
    this.#commands.control(service, 'ExecStartPost', {
      each: () => this.#startPatience(service),
      next: (result) => (result === 'success' ? this.#running(service) : this.#ending.stop(service, result)),
    })
  }

  /** It has started, as far as its type can tell. */
  #running(service: Service): void {
    this.#cancel()
    this.#starting = false
    const oneshot = service.type === 'oneshot'
    const runs = !oneshot && (this.#processes.main !== undefined || this.#processes.all().length > 0)
    this.#state.enter('active', runs ? 'running' : 'exited')
    this.#say(`${oneshot ? 'Finished' : 'Started'} ${unitWords(service)}.`, 6)
    this.#jobs.started('done')
    if (!runs && !service.remainAfterExit) this.#ending.stop(service)
  }

  /** A process of the unit tells of itself (sd_notify(3)). */
  notified(pid: number, message: string): void {
    const service = this.#service
    if (service === undefined) return
    const told = toldBy(service, pid, message, this.#processes, (text) => this.#say(text, 4))
    if (told === undefined) return
    this.#state.text = told.get('STATUS') ?? this.#state.text
    if (told.get('READY') === '1' && service.type === 'notify' && this.#state.sub === 'start')
      this.#startPost(service)
  }

  // Ending

  #mainEnded(service: Service, status: ExitStatus): void {
    const { sub } = this.#state
    this.#state.last = { pid: this.#processes.main, status }
    this.#processes.main = undefined
    const result = unitResultOf(status, service)
    if (result !== 'success') this.#say(`${this.name}: Main process exited, ${exitWords(status)}`, 5)
    // A stop by SIGTERM is no failure; who goes before it is ready has not done what its type asks for.
    if (!(this.#stopping && result === 'signal')) this.#state.failed(result)
    if (sub === 'start' && result === 'success') this.#state.failed('protocol')
    if (sub === 'stop' || sub === 'stop-post' || sub === 'final-sigkill' || sub === 'start-post') return
    if (this.#state.active === 'deactivating' || this.#state.result !== 'success')
      return this.#ending.terminate(service)
    if (service.remainAfterExit && this.#processes.all().length === 0)
      return this.#state.enter('active', 'exited')
    this.#ending.stop(service)
  }

  /** A process of the unit ended. */
  processEnded(process: Process, status: ExitStatus): void {
    this.#processes.count(process)
    const service = this.#service
    if (service === undefined) return
    if (process.oomKilled) this.#ending.outOfMemory(service)
    // The main process of a forking service was not started by the unit itself.
    if (process.pid === this.#processes.main && service.type === 'forking') this.#mainEnded(service, status)
    const { sub, active } = this.#state
    const { main } = this.#processes
    const over = main === undefined && this.#processes.targets(service.killMode).length === 0
    if (over && sub === 'final-sigkill') return this.#end(service)
    if (over && (sub === 'stop-sigterm' || sub === 'stop-sigkill')) return this.#ending.over(service)
    if (main !== undefined || this.#processes.all().length > 0) return
    if (active === 'active' && sub === 'running') this.#ending.stop(service)
  }

  #end(service: Service): void {
    const { result, last } = this.#state
    const starting = this.#starting
    this.#starting = false
    // What `KillMode=` has left alone is the service's no longer.
    this.#processes.main = this.#processes.control = undefined
    if (result === 'success') {
      this.#say(`${this.name}: Deactivated successfully.`, 6)
      this.#state.enter('inactive', 'dead')
    } else this.#fail()
    if (starting && result !== 'success') this.#say(`Failed to start ${unitWords(service)}.`, 3)
    if (this.#stopping) this.#say(`Stopped ${unitWords(service)}.`, 6)
    const { cpu } = this.#processes
    if (cpu >= 1) this.#say(`${this.name}: Consumed ${cpuWords(cpu)} CPU time.`, 6)
    const again =
      !this.#stopping && shouldRestart(service.restart, result) && !preventsRestart(service, last?.status)
    if (starting) this.#jobs.started('failed')
    if (again) this.#later(service)
    this.#reload.answer('failed')
    for (const done of this.#jobs.stopped()) this.start(done)
  }

  #fail(): void {
    this.#say(`${this.name}: Failed with result '${this.#state.result}'.`, 4)
    this.#state.enter('failed', 'failed')
  }

  #later(service: Service): void {
    if (service.restartDelay === Infinity) return
    this.#state.restartAt = this.#parts.clock.now + service.restartDelay
    this.#state.enter('activating', 'auto-restart')
    this.#timer.wait(service.restartDelay, () => {
      this.#state.restarts += 1
      this.#say(`${this.name}: Scheduled restart job, restart counter is at ${this.#state.restarts}.`, 6)
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      this.#begin()
    })
  }

  // Stopping

  /** A stop by hand, or when the machine goes down. */
  stop(done: OnJobResult): void {
    const service = this.#service
    const { active, sub, result } = this.#state
    if (service === undefined || active === 'inactive' || active === 'failed') return done('done')
    this.#jobs.cancelStarts()
    this.#jobs.stops(done)
    if (this.#stopping) return
    this.#stopping = true
    this.#starting = false
    if (sub === 'auto-restart') {
      this.#cancel()
      if (result === 'success') this.#state.enter('inactive', 'dead')
      else this.#state.enter('failed', 'failed')
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      for (const next of this.#jobs.stopped()) this.start(next)
      return
    }
    this.#say(`Stopping ${unitWords(service)}...`, 6)
    if (active === 'deactivating') return
    this.#state.enter('deactivating', 'stop')
    // A start that is not over has nothing yet that `ExecStop=` could stop.
    const kind = active === 'activating' ? undefined : service.commands.ExecStop
    if (kind !== undefined && kind.length > 0) this.#ending.stop(service)
    else if (this.#processes.targets(service.killMode).length > 0) this.#ending.terminate(service)
    else
      this.#commands.soon(() => {
        if (this.#state.sub === 'stop') this.#ending.over(service)
      })
  }

  /** What `ExecReload=` says; `$MAINPID` is the main process. */
  reload(done: OnJobResult): void {
    this.#reload.run(this.read.service, done)
  }

  resetFailed(): void {
    this.#limit.reset()
    if (this.#state.active !== 'failed') return
    this.#state.result = 'success'
    this.#state.enter('inactive', 'dead')
  }

  /** The power is off: the unit is inactive, and no message is logged. */
  forget(): void {
    this.#commands.forget()
    this.#cancel()
    this.#limit.reset()
    this.#processes.main = this.#processes.control = undefined
    this.#state.result = 'success'
    this.#state.restarts = 0
    this.#jobs.forget()
    this.#reload.forget()
    this.#stopping = this.#starting = false
    this.#state.enter('inactive', 'dead')
  }

  #cancel(): void {
    this.#timer.cancel()
    this.#parts.clock.cancel(this.#looking)
    this.#state.restartAt = undefined
  }
}

/** Whether a start is over only when something has happened, not as soon as there is a process. */
function takesTime({ type }: Service): boolean {
  return type !== 'simple' && type !== 'idle'
}

/** How often the PID file of a forking service is looked for, in ms. systemd is told by the kernel. */
const PID_FILE_LOOK = 100
