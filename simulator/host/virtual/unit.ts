import type { ActiveState, SubState, UnitResult, UnitStatus } from '../../machine/init/api.ts'
import { preventsRestart, shouldRestart, unitResultOf, StartLimit } from '../../machine/init/restart.ts'
import type { ReadUnit, Service, UnitCommand } from '../../machine/init/unit-file.ts'
import { cpuWords, exitWords, unitWords } from '../../machine/init/words.ts'
import type { ExitStatus } from '../../manager/machine.ts'
import type { SignalName } from '../../manager/signals.ts'
import { nameOf, type Process } from './process.ts'
import type { ScheduledEvent } from './queue.ts'
import { runUnitCommand, type WriteToJournal, type UnitParts } from './unit-command.ts'
import { UnitJobs, type OnJobResult } from './unit-jobs.ts'
import { killSignal, reloadSignal } from './unit-signals.ts'

/** What `systemctl status` knows from a unit's file. */
type OfFile = 'name' | 'description' | 'path' | 'loaded' | 'problems' | 'needsReload' | 'enabled'

/** The life of a service under the init system (systemd 252, src/core/service.c). */
export class Unit {
  readonly name: string
  readonly #parts: UnitParts
  readonly #say: WriteToJournal
  readonly #limit = new StartLimit()
  readonly #jobs = new UnitJobs()
  /** As it was loaded. */
  read: ReadUnit
  #active: ActiveState = 'inactive'
  #sub: SubState = 'dead'
  #result: UnitResult = 'success'
  #since: number
  /** The main process, and the one that prepares its start. */
  #main: number | undefined
  #control: number | undefined
  #status: ExitStatus | undefined
  #restarts = 0
  #due: ScheduledEvent | undefined
  #restartAt: number | undefined
  /** It was told to stop, so it is not restarted. */
  #stopping = false
  #cpu = 0
  /** The processes whose time is in that. */
  readonly #counted = new WeakSet<Process>()
  /** Counts its runs: what an earlier one began has nobody to tell. */
  #life = 0
  /** What it was started as. */
  #started: Service | undefined

  constructor(parts: UnitParts, name: string, read: ReadUnit, say: WriteToJournal) {
    this.#parts = parts
    this.name = name
    this.read = read
    this.#say = say
    this.#since = parts.clock.now
  }

  /** A file that cannot be used any more does not change what runs. */
  get #service(): Service | undefined {
    return this.read.service ?? this.#started
  }

  get active(): ActiveState {
    return this.#active
  }

  /** What `systemctl status` knows beside the file. */
  state(): Omit<UnitStatus, OfFile> {
    const processes = this.#processes()
    return {
      active: this.#active,
      sub: this.#sub,
      result: this.#result,
      since: this.#since,
      mainPid: this.#main,
      status: this.#status,
      restarts: this.#restarts,
      restartAt: this.#restartAt,
      pids: processes.map(({ pid }) => pid),
      memory: processes.reduce((sum, process) => sum + this.#parts.memory.of(process).pss, 0),
      cpu: processes.reduce((sum, process) => sum + this.#parts.cores.usedBy(process), this.#cpu),
    }
  }

  #processes(): readonly Process[] {
    return this.#parts.processes.all().filter(({ alive, unit }) => alive && unit === this.name)
  }

  /** Those that a stop ends, by `KillMode=` (systemd.kill(5)). */
  #targets(mode: Service['killMode']): readonly Process[] {
    if (mode === 'none') return []
    const all = this.#processes()
    return mode === 'process' ? all.filter(({ pid }) => pid === this.#main || pid === this.#control) : all
  }

  // Starting

  /** A start by hand, or at boot. */
  start(done: OnJobResult): void {
    if (this.#active === 'active') return done('done')
    if (this.#active === 'deactivating') return this.#jobs.startsNext(done)
    this.#jobs.starts(done)
    if (this.#active === 'activating' && this.#sub !== 'auto-restart') return
    this.#restarts = 0
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
      if (this.#result === 'success') this.#result = 'start-limit-hit'
      this.#fail()
      return this.#jobs.started('start-limit-hit')
    }
    this.#result = 'success'
    this.#status = undefined
    this.#cpu = 0
    this.#startPre(service, 0)
  }

  #startPre(service: Service, index: number): void {
    const command = service.startPre[index]
    if (command === undefined) return this.#startMain(service)
    if (index === 0) this.#say(`Starting ${unitWords(service)}...`, 6)
    this.#enter('activating', 'start-pre')
    this.#control = this.#run(service, command, (status) => {
      this.#control = undefined
      if (this.#stopping) return this.#gone()
      const result = unitResultOf(status, { ...service, type: 'oneshot' })
      if (result === 'success' || command.ignoreFailure) return this.#startPre(service, index + 1)
      this.#say(`${this.name}: Control process exited, ${exitWords(status)}`, 5)
      this.#end(service, result)
    })
  }

  #startMain(service: Service): void {
    const [command] = service.start
    if (command === undefined) return
    if (service.type === 'oneshot') {
      if (service.startPre.length === 0) this.#say(`Starting ${unitWords(service)}...`, 6)
      this.#enter('activating', 'start')
      return this.#startNext(service, 0)
    }
    this.#main = this.#run(service, command, (status) => this.#mainEnded(service, status))
    if (this.#main === undefined) return
    this.#enter('active', 'running')
    this.#say(`Started ${unitWords(service)}.`, 6)
    this.#jobs.started('done')
  }

  /** `Type=oneshot`: it is started when its commands are over. */
  #startNext(service: Service, index: number): void {
    const command = service.start[index]
    if (command === undefined) {
      this.#main = undefined
      this.#say(`Finished ${unitWords(service)}.`, 6)
      if (service.remainAfterExit) this.#enter('active', 'exited')
      else {
        this.#say(`${this.name}: Deactivated successfully.`, 6)
        this.#enter('inactive', 'dead')
      }
      return this.#jobs.started('done')
    }
    this.#main = this.#run(service, command, (status) => {
      const result = unitResultOf(status, service)
      if (result === 'success' || command.ignoreFailure) return this.#startNext(service, index + 1)
      this.#mainEnded(service, status)
    })
  }

  /** Runs a command of the unit; the answer is its PID, or nothing when there is no such program: then `ended` hears of code 203. */
  #run(service: Service, command: UnitCommand, ended: (status: ExitStatus) => void): number | undefined {
    const task = this.#sub === 'start-pre' ? 'start-pre' : 'start'
    const life = this.#life
    let process: Process | undefined
    const tell = (status: ExitStatus): void => {
      if (life !== this.#life) return
      this.#count(process)
      ended(status)
    }
    const pid = runUnitCommand(
      this.#parts,
      { name: this.name, service, command, task, say: this.#say, ended: tell },
      () => {
        this.#enter('activating', 'start')
        this.#soon(() => this.#end(service, 'resources'))
      },
    )
    if (pid !== undefined) process = this.#parts.processes.get(pid)
    return pid
  }

  // Ending

  #mainEnded(service: Service, status: ExitStatus): void {
    this.#main = undefined
    this.#status = status
    const result = unitResultOf(status, service)
    if (result !== 'success') this.#say(`${this.name}: Main process exited, ${exitWords(status)}`, 5)
    // A stop by SIGTERM is no failure; the first failure counts.
    if (this.#result === 'success' && !(this.#stopping && result === 'signal')) this.#result = result
    this.#killRest(service)
  }

  /** Ends the processes that the service has left behind, where that is `KillMode=`. */
  #killRest(service: Service): void {
    const rest = this.#targets(service.killMode)
    if (rest.length === 0) return this.#gone()
    if (service.killMode === 'mixed') return this.#kill(rest)
    this.#enter('deactivating', 'stop-sigterm')
    this.#patience(service)
    for (const { pid } of rest) this.#parts.signals.send(pid, killSignal(service), 1)
  }

  #patience(service: Service): void {
    this.#parts.clock.cancel(this.#due)
    if (service.stopTimeout === Infinity) return
    this.#due = this.#parts.clock.schedule(this.#parts.clock.now + service.stopTimeout, () => {
      this.#say(`${this.name}: State 'stop-sigterm' timed out. Killing.`, 4)
      if (this.#result === 'success') this.#result = 'timeout'
      this.#kill(this.#targets(service.killMode))
    })
  }

  #kill(processes: readonly Process[]): void {
    this.#enter('deactivating', 'stop-sigkill')
    for (const process of processes) {
      this.#say(`${this.name}: Killing process ${process.pid} (${nameOf(process)}) with signal SIGKILL.`, 5)
      this.#parts.signals.send(process.pid, 'KILL', 1)
    }
  }

  /** A process of the unit ended. */
  processEnded(process: Process): void {
    this.#count(process)
    const service = this.#service
    if (process.oomKilled && service !== undefined) this.#outOfMemory(service)
    if (this.#active === 'deactivating' && this.#main === undefined && this.#processes().length === 0)
      this.#gone()
  }

  /** Counts the processor time of a process that ended, once: its end is told before the unit hears that it has gone. */
  #count(process: Process | undefined): void {
    if (process === undefined || this.#counted.has(process)) return
    this.#counted.add(process)
    this.#cpu += process.cpu
  }

  #outOfMemory(service: Service): void {
    this.#say(`${this.name}: A process of this unit has been killed by the OOM killer.`, 5)
    if (service.oomPolicy === 'continue' || this.#active === 'deactivating') return
    this.#result = 'oom-kill'
    const signal: SignalName = service.oomPolicy === 'kill' ? 'KILL' : killSignal(service)
    if (this.#main === undefined) return
    this.#enter('deactivating', 'stop-sigterm')
    // The OOM killer is still ending its victim.
    this.#soon(() => {
      for (const { pid } of this.#processes()) this.#parts.signals.send(pid, signal, 1)
    })
    this.#patience(service)
  }

  /** No process of it runs any more. */
  #gone(): void {
    const service = this.#service
    if (service === undefined) return
    this.#parts.clock.cancel(this.#due)
    this.#end(service, this.#result)
  }

  #end(service: Service, result: UnitResult): void {
    this.#life += 1
    this.#main = this.#control = undefined
    this.#result = result
    const starting = this.#active === 'activating'
    if (result === 'success') {
      this.#say(`${this.name}: Deactivated successfully.`, 6)
      this.#enter('inactive', 'dead')
    } else this.#fail()
    if (starting && result !== 'success') this.#say(`Failed to start ${unitWords(service)}.`, 3)
    if (this.#stopping) this.#say(`Stopped ${unitWords(service)}.`, 6)
    if (this.#cpu >= 1) this.#say(`${this.name}: Consumed ${cpuWords(this.#cpu)} CPU time.`, 6)
    const again =
      !this.#stopping && shouldRestart(service.restart, result) && !preventsRestart(service, this.#status)
    if (starting) this.#jobs.started('failed')
    if (again) this.#later(service)
    this.#answerStop()
  }

  #fail(): void {
    this.#say(`${this.name}: Failed with result '${this.#result}'.`, 4)
    this.#enter('failed', 'failed')
  }

  #later(service: Service): void {
    if (service.restartDelay === Infinity) return
    this.#restartAt = this.#parts.clock.now + service.restartDelay
    this.#enter('activating', 'auto-restart')
    this.#due = this.#parts.clock.schedule(this.#restartAt, () => {
      this.#restarts += 1
      this.#say(`${this.name}: Scheduled restart job, restart counter is at ${this.#restarts}.`, 6)
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      this.#begin()
    })
  }

  // Stopping

  /** A stop by hand, or when the machine goes down. */
  stop(done: OnJobResult): void {
    const service = this.#service
    if (service === undefined || this.#active === 'inactive' || this.#active === 'failed') return done('done')
    this.#jobs.cancelStarts()
    this.#jobs.stops(done)
    if (this.#stopping) return
    this.#stopping = true
    if (this.#sub === 'auto-restart' || this.#sub === 'exited') {
      this.#cancel()
      if (this.#result === 'success') this.#enter('inactive', 'dead')
      else this.#enter('failed', 'failed')
      this.#say(`Stopped ${unitWords(service)}.`, 6)
      return this.#answerStop()
    }
    this.#say(`Stopping ${unitWords(service)}...`, 6)
    this.#enter('deactivating', 'stop-sigterm')
    this.#patience(service)
    const first = this.#targets(service.killMode === 'mixed' ? 'process' : service.killMode)
    for (const { pid } of first) this.#parts.signals.send(pid, killSignal(service), 1)
    if (this.#targets(service.killMode).length > 0) return
    this.#soon(() => {
      if (this.#active === 'deactivating') this.#gone()
    })
  }

  /** What `ExecReload=` says; `$MAINPID` is the main process. */
  reload(done: OnJobResult): void {
    const { service } = this.read
    const [command] = service?.reload ?? []
    if (service === undefined || this.#main === undefined || command === undefined) return done('failed')
    const signal = reloadSignal(command)
    if (signal !== undefined) this.#parts.signals.send(this.#main, signal, 1)
    this.#say(`Reloaded ${unitWords(service)}.`, 6)
    done('done')
  }

  resetFailed(): void {
    this.#limit.reset()
    if (this.#active !== 'failed') return
    this.#result = 'success'
    this.#enter('inactive', 'dead')
  }

  /** The power is off: the unit is inactive, and no message is logged. */
  forget(): void {
    this.#life += 1
    this.#cancel()
    this.#limit.reset()
    this.#main = this.#control = undefined
    this.#result = 'success'
    this.#restarts = 0
    this.#jobs.forget()
    this.#stopping = false
    this.#enter('inactive', 'dead')
  }

  /** At the next event, if the power is still on. */
  #soon(run: () => void): void {
    const life = this.#life
    this.#parts.clock.after(0, () => {
      if (life === this.#life) run()
    })
  }

  #cancel(): void {
    this.#parts.clock.cancel(this.#due)
    this.#restartAt = undefined
  }

  #answerStop(): void {
    for (const done of this.#jobs.stopped()) this.start(done)
  }

  #enter(active: ActiveState, sub: SubState): void {
    if (active !== this.#active) this.#since = this.#parts.clock.now
    this.#active = active
    this.#sub = sub
    if (sub !== 'auto-restart') this.#restartAt = undefined
    this.#parts.trace.record({
      type: 'unit',
      unit: this.name,
      active,
      sub,
      result: this.#result,
      restarts: this.#restarts,
      ...(this.#restartAt === undefined ? {} : { restartAt: this.#restartAt }),
    })
  }
}
